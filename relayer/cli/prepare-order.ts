import { formatRootOrderRequest } from "@pqmesh/contracts/protocol/root-order-file";
import { type RootOperation, type RootOrder, rootOrder, rootOrderRequest } from "@pqmesh/contracts/protocol/root-order";
import { type Command, Option } from "commander";
import { naturalArgument } from "./arguments.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "./chain-session.ts";
import { writeNewFile } from "./new-file.ts";
import { describeOrder, orderSummary } from "./order-file.ts";
import { type OrderState, readOrderState } from "./order-state.ts";
import { CliError, print, usageError } from "./output.ts";
import { deadlineOf, type RequestOptions, withRequest } from "./request-options.ts";

/** Options of every command that writes an order for the root key. */
export type OrderOptions = NetworkOptions & RequestOptions & { nonce?: string };

/** An order as a command line describes it; what is missing is empty. */
export interface OrderPlan {
  operation: RootOperation;
  identityId: number;
  fields?: Partial<RootOrder>;
}

/** Adds `--network`, `--out`, `--valid-hours` and `--nonce`. */
export function withOrder(command: Command): Command {
  return withRequest(withNetwork(command)).addOption(
    new Option("--nonce <n>", "number of the order; default: the next. A later one waits for those before it"),
  );
}

/** Writes the request for an order and prints what it means; nothing is sent and no key is needed. */
export async function prepareOrder(
  plan: (session: Session) => Promise<OrderPlan>,
  { options, command }: { options: OrderOptions; command: Command },
): Promise<void> {
  const asked = options.nonce === undefined ? undefined : naturalArgument("--nonce", options.nonce);
  const session = await openNetwork(options);
  const { operation, identityId, fields } = await plan(session);
  const state = await readOrderState(session, identityId);
  const deadline = deadlineOf(options, state.now);
  const nonce = asked ?? state.nonce;
  if (nonce < state.nonce)
    throw usageError(`--nonce is ${nonce}, the next order of identity ${identityId} is ${state.nonce}`);
  if (nonce === state.nonce) requirePossible(operation, identityId, state);
  const request = rootOrderRequest({
    ...{ chainId: session.network.chainId, registry: session.network.contracts.NodeRegistry },
    ...{ rootKey: state.rootKey, nonce, order: rootOrder(operation, { ...fields, identityId, deadline }) },
  });
  writeNewFile(options.out, formatRootOrderRequest(request));
  const rows = [...describeOrder(request), `${options.out}: take it to the root key (key sign); it holds no secret.`];
  print(command, { file: options.out, ...orderSummary(request) }, rows.join("\n"));
}

function requirePossible(operation: RootOperation, identityId: number, { locked }: OrderState): void {
  if (operation === "Unlock" && !locked) throw new CliError(`identity ${identityId} is not quantum-locked`);
}
