import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { rootOrderSentence } from "@pqmesh/contracts/protocol/root-order-sentence";
import {
  type RootOperation,
  type RootOrder,
  rootOrderArgument,
  type SignedRootOrder,
} from "@pqmesh/contracts/protocol/root-order";
import type { Command } from "commander";
import { addressArgument, meshArgument, naturalArgument, hashArgument } from "../arguments.ts";
import { type Session, withErrors } from "../chain-session.ts";
import { withExample } from "../help.ts";
import { readSignedOrder } from "../order-file.ts";
import { readOrderState } from "../order-state.ts";
import { refuted } from "../output.ts";
import { type OrderOptions, type OrderPlan, prepareOrder, withOrder } from "../prepare-order.ts";
import { requireKnownNode } from "../require-known-node.ts";
import { requireInTime, requireSameNetwork } from "../signed-statement.ts";
import { timeAfter } from "../time-after.ts";
import { openWalletSession, runCall, type WalletOptions, withWallet } from "../transaction.ts";

const ADDRESS = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

/** What the registry and, behind it, staking can emit when an order is executed. */
const ORDER_ABI = [...nodeRegistryAbi, ...nodeStakingAbi.filter(({ type }) => type === "event")] as const;

/** Adds `pqmesh root-order …`: what the wallets of a locked operator cannot do. */
export function addRootOrderCommands(program: Command): void {
  const rootOrder = withExample(
    program
      .command("root-order")
      .description("orders of an operator's offline root key: prepare, sign (key sign), submit"),
    "root-order prepare unbond 3 500 --out order.json",
    "key sign --request order.json --keystore root.json --out signed.json",
    "root-order submit --signed signed.json --wallet any.json --yes",
  );
  const prepare = withExample(
    rootOrder.command("prepare").description("write an order as a file that the root key signs; it holds no secret"),
    "root-order prepare owner 1 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --out order.json",
  );
  addNodeOrders(prepare);
  addIdentityOrders(prepare);

  withExample(
    withWallet(rootOrder.command("submit")),
    "root-order submit --signed signed.json --wallet any.json --dry-run",
    "root-order submit --signed signed.json --wallet any.json --yes",
  )
    .description("check a signed order against the chain and send it; any wallet may")
    .requiredOption("--signed <file>", "signed order (key sign)")
    .action(submit);
}

type Arguments = Readonly<Record<string, string>>;

interface OrderCommand {
  description: string;
  /** Name and meaning of each argument, in order. */
  args: Arguments;
  example: string;
  plan(texts: string[], session: Session): Promise<OrderPlan>;
}

function addOrder(prepare: Command, name: string, { description, args, example, plan }: OrderCommand): void {
  const command = withExample(
    withOrder(prepare.command(name)),
    `root-order prepare ${name} ${example} --out order.json`,
  );
  command.description(description);
  for (const [argument, meaning] of Object.entries(args)) command.argument(`<${argument}>`, meaning);
  command.action((...all: unknown[]) => {
    const texts = all.slice(0, -2) as string[];
    return prepareOrder((session) => plan(texts, session), { options: all.at(-2) as OrderOptions, command });
  });
}

const NODE = { nodeIndex: "index of the node" };
const IDENTITY = { identityId: "identity of the operator" };

function addNodeOrders(prepare: Command): void {
  addOrder(prepare, "unbond", {
    description: "start to unbond stake of a node",
    args: { ...NODE, amount: 'MESH, or "all"' },
    example: "3 500",
    plan: ([node = "", amount = ""], session) =>
      nodePlan("Unbond", { session, node, fields: { amount: meshArgument(amount, { allowAll: true }) } }),
  });
  addOrder(prepare, "withdraw", {
    description: "pay matured unbondings of a node to the operator's present beneficiary",
    args: { ...NODE, amount: "MESH: the sum of whole unbondings, exactly (stake show)" },
    example: "3 500",
    async plan([node = "", amount = ""], session) {
      const plan = await nodePlan("Withdraw", { session, node, fields: { amount: meshArgument(amount) } });
      const { beneficiary: recipient } = await readOrderState(session, plan.identityId);
      return { ...plan, fields: { ...plan.fields, recipient } };
    },
  });
  addOrder(prepare, "exit-node", {
    description: "end a node for good",
    args: NODE,
    example: "3",
    plan: ([node = ""], session) => nodePlan("ExitNode", { session, node, fields: {} }),
  });
}

function addIdentityOrders(prepare: Command): void {
  addOrder(prepare, "owner", {
    description: "begin to hand an identity to another owner, who completes it after the delay (operator accept-owner)",
    args: { ...IDENTITY, address: "the new owner" },
    example: `1 ${ADDRESS}`,
    plan: ([identity = "", address = ""]) =>
      identityPlan("ProposeOwner", identity, { recipient: addressArgument("address", address) }),
  });
  addOrder(prepare, "beneficiary", {
    description: "begin to change who is paid; it is completed after the delay (operator accept-beneficiary)",
    args: { ...IDENTITY, address: "the new beneficiary" },
    example: `1 ${ADDRESS}`,
    plan: ([identity = "", address = ""]) =>
      identityPlan("ProposeBeneficiary", identity, { recipient: addressArgument("address", address) }),
  });
  addOrder(prepare, "cancel-changes", {
    description: "cancel the pending changes of owner and beneficiary",
    args: IDENTITY,
    example: "1",
    plan: ([identity = ""]) => identityPlan("CancelChanges", identity, {}),
  });
  addOrder(prepare, "root-key", {
    description: "replace the root key at once; check first that the new one works (key check)",
    args: { ...IDENTITY, newRootKey: "SLH-DSA-SHA2-128s public key, 32 bytes in hex" },
    example: "1 $(cat new-root.pub)",
    plan: ([identity = "", key = ""]) =>
      identityPlan("ChangeRootKey", identity, { newRootKey: hashArgument("newRootKey", key) }),
  });
}

function identityPlan(operation: RootOperation, text: string, fields: Partial<RootOrder>): Promise<OrderPlan> {
  return Promise.resolve({ operation, identityId: naturalArgument("identityId", text), fields });
}

async function nodePlan(
  operation: RootOperation,
  { session, node, fields }: { session: Session; node: string; fields: Partial<RootOrder> },
): Promise<OrderPlan> {
  const nodeIndex = naturalArgument("nodeIndex", node);
  await requireKnownNode(session, nodeIndex);
  const { identityId } = await session.client.readContract({
    ...{ address: session.network.contracts.NodeRegistry, abi: withErrors(nodeRegistryAbi) },
    ...{ functionName: "nodeOf", args: [nodeIndex] },
  });
  return { operation, identityId, fields: { ...fields, nodeIndex } };
}

async function submit(options: WalletOptions & { signed: string }, command: Command): Promise<void> {
  const signed = readSignedOrder(options.signed);
  const session = await openWalletSession(options);
  requireSameNetwork(session, signed);
  await requireCurrent(session, signed);
  const after = await consequences(session, signed.order);
  await runCall(
    session,
    {
      ...{ contract: "NodeRegistry", abi: ORDER_ABI, functionName: "executeRootOrder" },
      args: [rootOrderArgument(signed.order), signed.signature],
      sentence: rootOrderSentence(signed.order),
      after: () => after,
    },
    { options, command },
  );
}

async function requireCurrent(session: Session, { order, nonce, rootKey }: SignedRootOrder): Promise<void> {
  const { identityId, deadline } = order;
  const state = await readOrderState(session, identityId);
  if (nonce !== state.nonce) {
    throw refuted(`the order was signed as number ${nonce} of identity ${identityId}, the next one is ${state.nonce}`);
  }
  requireInTime(deadline, state.now);
  if (rootKey !== state.rootKey) {
    throw refuted(`the root key of identity ${identityId} is ${state.rootKey}, the order was signed with ${rootKey}`);
  }
}

/** What is true once an order is executed. */
async function consequences(session: Session, { operation, identityId, nodeIndex }: RootOrder): Promise<string[]> {
  switch (operation) {
    case "Lock":
      return [`Identity ${identityId} is quantum-locked (lock show).`];
    case "Unlock":
      return [`Identity ${identityId} is not locked any more.`];
    case "Unbond":
      return [
        `It can be withdrawn from about ${await timeAfter(session, "unbondingPeriod")} on (root-order prepare withdraw).`,
      ];
    case "Withdraw":
      return ["The beneficiary has been paid."];
    case "ExitNode":
      return [`Node ${nodeIndex} is inactive two epochs later; its stake stays bonded until it is unbonded.`];
    case "ProposeOwner":
      return [`The new owner can accept from about ${await timeAfter(session, "ownerChangeDelay")} on.`];
    case "ProposeBeneficiary":
      return [`The change can be completed from about ${await timeAfter(session, "beneficiaryChangeDelay")} on.`];
    case "CancelChanges":
      return ["No change of owner or beneficiary is pending."];
    case "ChangeRootKey":
      return ["Only the new root key signs from now on; requests signed by the old one are void."];
  }
}
