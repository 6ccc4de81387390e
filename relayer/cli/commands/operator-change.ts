import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import type { Command } from "commander";
import type { Address } from "viem";
import { addressArgument, naturalArgument } from "../arguments.ts";
import { type Session, withErrors } from "../chain-session.ts";
import { withExample } from "../help.ts";
import { CliError } from "../output.ts";
import { timeAfter } from "../time-after.ts";
import { openWalletSession, runCall, type WalletOptions, type WalletSession, withWallet } from "../transaction.ts";

/** A change of an operator: the function of the registry and what it means. */
interface Change {
  functionName: string;
  args: readonly unknown[];
  sentence: string;
  after: string[];
}

/** What a change is made of: the identity, the address given if any, and what the chain says now. */
interface ChangeInput {
  identityId: number;
  next: Address;
  session: WalletSession;
}

/** Adds `pqmesh operator set-wallet …`: every change of an operator's wallets; owner and payee change in two steps. */
export function addOperatorChangeCommands(operator: Command): void {
  addAddressChange(operator, "set-wallet", {
    description: "set the hot wallet of an identity at once; the owner sends",
    plan: planWallet,
  });
  addAddressChange(operator, "propose-owner", {
    alias: "transfer-owner",
    description: "begin to hand an identity to another owner, who completes it after the delay; the owner sends",
    plan: planOwner,
  });
  addAddressChange(operator, "propose-beneficiary", {
    alias: "set-beneficiary",
    description: "begin to change who is paid; it is completed after the delay; the owner sends",
    plan: planBeneficiary,
  });
  addPlainChange(operator, "accept-owner", {
    description: "complete an owner change; the proposed owner sends, after the delay",
    plan: planAcceptOwner,
  });
  addPlainChange(operator, "accept-beneficiary", {
    description: "complete a change of the beneficiary; owner or hot wallet sends, after the delay",
    plan: planAcceptBeneficiary,
  });
  addPlainChange(operator, "cancel-changes", {
    description: "cancel the pending changes of owner and beneficiary; the owner sends",
    plan: planCancel,
  });
}

type Plan = (input: ChangeInput) => Promise<Change>;

interface AddressChange {
  description: string;
  plan: Plan;
  /** Another name of the command. */
  alias?: string;
}

function addAddressChange(operator: Command, name: string, { description, plan, alias }: AddressChange): void {
  const change = withExample(
    withWallet(operator.command(name)),
    `operator ${name} 1 0x70997970C51812dc3A010C7d01b50e0d17dc79C8 --wallet owner.json --yes`,
  );
  if (alias) change.alias(alias);
  change
    .description(description)
    .argument("<identityId>", "identity of the operator")
    .argument("<address>", "the new address")
    .action(async (identityText: string, addressText: string, options: WalletOptions, command: Command) => {
      const identityId = naturalArgument("identityId", identityText);
      const next = addressArgument("address", addressText);
      const session = await openWalletSession(options);
      await sendChange(session, await plan({ identityId, next, session }), { options, command });
    });
}

function addPlainChange(operator: Command, name: string, { description, plan }: { description: string; plan: Plan }) {
  withExample(withWallet(operator.command(name)), `operator ${name} 1 --wallet owner.json --yes`)
    .description(description)
    .argument("<identityId>", "identity of the operator")
    .action(async (identityText: string, options: WalletOptions, command: Command) => {
      const identityId = naturalArgument("identityId", identityText);
      const session = await openWalletSession(options);
      const change = await plan({ identityId, next: session.account.address, session });
      await sendChange(session, change, { options, command });
    });
}

async function sendChange(
  session: WalletSession,
  { functionName, args, sentence, after }: Change,
  target: { options: WalletOptions; command: Command },
): Promise<void> {
  const call = { contract: "NodeRegistry", abi: nodeRegistryAbi, functionName, args } as const;
  await runCall(session, { ...call, sentence, after: () => after }, target);
}

async function planWallet({ identityId, next, session }: ChangeInput): Promise<Change> {
  const { operatorWallet } = await readOperator(session, identityId);
  return {
    functionName: "setOperatorWallet",
    args: [identityId, next],
    sentence: `Make ${next} the hot wallet of identity ${identityId}.`,
    after: [`The hot wallet is ${next} at once; ${operatorWallet} is it no longer.`],
  };
}

async function planOwner({ identityId, next, session }: ChangeInput): Promise<Change> {
  const { owner } = await readOperator(session, identityId);
  return {
    functionName: "proposeOwner",
    args: [identityId, next],
    sentence: `Propose ${next} as the owner of identity ${identityId}.`,
    after: [
      `${owner} stays the owner until ${next} accepts (operator accept-owner), from about ${await timeAfter(session, "ownerChangeDelay")} on.`,
      "An earlier proposal is replaced; until it is accepted the owner can cancel it (operator cancel-changes).",
    ],
  };
}

async function planBeneficiary({ identityId, next, session }: ChangeInput): Promise<Change> {
  const { beneficiary } = await readOperator(session, identityId);
  return {
    functionName: "proposeBeneficiary",
    args: [identityId, next],
    sentence: `Propose ${next} as the beneficiary of identity ${identityId}.`,
    after: [
      `${beneficiary} is paid until the change is completed (operator accept-beneficiary), from about ${await timeAfter(session, "beneficiaryChangeDelay")} on.`,
      "An earlier proposal is replaced; until it is completed the owner can cancel it (operator cancel-changes).",
    ],
  };
}

async function planAcceptOwner({ identityId, next, session }: ChangeInput): Promise<Change> {
  const [{ owner }, pending] = await Promise.all([readOperator(session, identityId), readPending(session, identityId)]);
  if (pending.owner.readyAt !== 0n && pending.owner.next !== next) {
    throw new CliError(`identity ${identityId} was offered to ${pending.owner.next}, not to this wallet ${next}`);
  }
  return {
    functionName: "acceptOwner",
    args: [identityId],
    sentence: `Take over identity ${identityId} from ${owner}.`,
    after: [
      `${next} owns identity ${identityId}; ${owner} owns it no longer.`,
      "A hot wallet that was the previous owner is replaced by the new one; a pending beneficiary change is cancelled.",
    ],
  };
}

async function planAcceptBeneficiary({ identityId, session }: ChangeInput): Promise<Change> {
  const { beneficiary } = await readPending(session, identityId);
  return {
    functionName: "acceptBeneficiary",
    args: [identityId],
    sentence: `Complete the change of the beneficiary of identity ${identityId}.`,
    after: [`Identity ${identityId} is paid to ${beneficiary.next}.`],
  };
}

async function planCancel({ identityId, session }: ChangeInput): Promise<Change> {
  const { owner, beneficiary } = await readOperator(session, identityId);
  return {
    functionName: "cancelPendingChanges",
    args: [identityId],
    sentence: `Cancel the pending changes of identity ${identityId}.`,
    after: [`Owner stays ${owner}, beneficiary stays ${beneficiary}; nothing is pending.`],
  };
}

function registryOf({ network }: Session) {
  return { address: network.contracts.NodeRegistry, abi: withErrors(nodeRegistryAbi) };
}

function readOperator(session: Session, identityId: number) {
  return session.client.readContract({ ...registryOf(session), functionName: "operatorOf", args: [identityId] });
}

async function readPending(session: Session, identityId: number) {
  const request = { ...registryOf(session), functionName: "pendingChanges", args: [identityId] } as const;
  const [owner, beneficiary] = await session.client.readContract(request);
  return { owner, beneficiary };
}
