import { slashProposalsAbi } from "@pqmesh/contracts/generated/slash-proposals-abi";
import { type Address, type Hex, zeroAddress } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import type { IndexerClient } from "./indexer-client.ts";
import { searchBack } from "./search-back.ts";

/** Where a proposal stands; the first is what the contract calls none. */
const STATES = ["None", "Open", "Disputed", "Upheld", "Closed"] as const;

/** Where a proposal stands. */
export type SlashProposalState = (typeof STATES)[number];

/** How a proposal ended. */
export type SlashOutcome = "Executed" | "Withdrawn" | "DisputerWon" | "Vetoed" | "Lapsed";

/** A proposal to slash a node; amounts are MESH wei, times Unix seconds. */
export interface SlashProposalView {
  id: number;
  nodeIndex: number;
  proposer: Address;
  disputer?: Address;
  epoch: number;
  /** What it can still take. */
  amount: bigint;
  /** What it has taken. */
  taken: bigint;
  bond: bigint;
  evidence: Hex;
  state: SlashProposalState;
  outcome?: SlashOutcome;
  disputeUntil: number;
  vetoUntil: number;
}

/** What of the proposals is asked for. */
export interface SlashListing {
  nodes?: readonly number[];
  skip: number;
  count: number;
}

const QUERY = `query SlashProposals($first: Int!, $skip: Int!, $where: SlashProposal_filter!) {
  slashProposals(first: $first, skip: $skip, orderBy: number, orderDirection: desc, where: $where) {
    number node { nodeIndex } proposer disputer epoch amountLeft taken bond evidence state outcome disputeUntil vetoUntil
  }
}`;

interface RawProposal {
  number: string;
  node: { nodeIndex: number };
  proposer: Address;
  disputer: Address | null;
  epoch: string;
  amountLeft: string;
  taken: string;
  bond: string;
  evidence: Hex;
  state: SlashProposalState;
  outcome: SlashOutcome | null;
  disputeUntil: string;
  vetoUntil: string;
}

/** Reads proposals from the indexer, newest first. */
export async function proposalsFromIndexer(
  client: IndexerClient,
  { nodes, skip, count }: SlashListing,
): Promise<SlashProposalView[]> {
  const where = nodes ? { node_in: nodes.map(String) } : {};
  const { slashProposals } = await client.query<{ slashProposals: RawProposal[] }>(QUERY, {
    first: count,
    skip,
    where,
  });
  return slashProposals.map(({ number, node, disputer, outcome, amountLeft, ...raw }) => ({
    ...{
      id: Number(number),
      nodeIndex: node.nodeIndex,
      proposer: raw.proposer,
      evidence: raw.evidence,
      state: raw.state,
    },
    ...(disputer && { disputer }),
    ...(outcome && { outcome }),
    ...{ epoch: Number(raw.epoch), amount: BigInt(amountLeft), taken: BigInt(raw.taken), bond: BigInt(raw.bond) },
    ...{ disputeUntil: Number(raw.disputeUntil), vetoUntil: Number(raw.vetoUntil) },
  }));
}

/** Reads proposals from the chain: which there are from its logs, how they stand from the contract. */
export async function proposalsFromChain(
  access: ChainAccess,
  { nodes, skip, count }: SlashListing,
): Promise<SlashProposalView[]> {
  const { client, config } = access;
  const proposals = { address: config.contracts.SlashProposals, abi: slashProposalsAbi } as const;
  const made = await searchBack(client, config.startBlock, {
    count: skip + count,
    read: (range) =>
      client.getContractEvents({
        ...{ ...proposals, eventName: "SlashProposed" },
        ...(nodes && { args: { nodeIndex: [...nodes] } }),
        ...{ ...range, strict: true },
      }),
  });
  return Promise.all(made.slice(skip, skip + count).map(({ args }) => readProposal(access, args.proposalId)));
}

async function readProposal({ client, config }: ChainAccess, id: bigint): Promise<SlashProposalView> {
  const proposals = { address: config.contracts.SlashProposals, abi: slashProposalsAbi } as const;
  const logs = { ...proposals, fromBlock: BigInt(config.startBlock), args: { proposalId: id }, strict: true } as const;
  const [proposal, executed, [closed]] = await Promise.all([
    client.readContract({ ...proposals, functionName: "proposalOf", args: [id] }),
    client.getContractEvents({ ...logs, eventName: "SlashExecuted" }),
    client.getContractEvents({ ...logs, eventName: "SlashClosed" }),
  ]);
  const { nodeIndex, proposer, disputer, amount, bond, evidence, status } = proposal;
  return {
    ...{ id: Number(id), nodeIndex, proposer, amount, bond, evidence, state: STATES[status] ?? "None" },
    ...(disputer !== zeroAddress && { disputer }),
    ...(closed && { outcome: outcomeOf({ ...closed.args, amountLeft: amount }) }),
    taken: executed.reduce((sum, { args }) => sum + args.amount, 0n),
    epoch: Number(proposal.epoch),
    ...{ disputeUntil: Number(proposal.disputeUntil), vetoUntil: Number(proposal.vetoUntil) },
  };
}

/** Who got the bonds that were still held tells how a proposal ended; amounts are MESH wei. */
export function outcomeOf({
  amountLeft,
  toProposer,
  toDisputer,
}: Record<"amountLeft" | "toProposer" | "toDisputer", bigint>): SlashOutcome {
  if (amountLeft === 0n) return "Executed";
  if (toDisputer > 0n) return toProposer === 0n ? "DisputerWon" : "Lapsed";
  return toProposer === 0n ? "Vetoed" : "Withdrawn";
}

/** What can be done with a proposal, and by whom. */
export type SlashAction = "dispute" | "cancel" | "execute" | "lapse";

/** What can be done with a proposal now; `now` is chain time in Unix seconds. */
export function slashActions(proposal: SlashProposalView, now: number, wallet: Address | undefined): SlashAction[] {
  const { state, disputeUntil, vetoUntil, proposer } = proposal;
  const actions: SlashAction[] = [];
  if (!wallet) return actions;
  if (state === "Open" && now < disputeUntil) actions.push("dispute");
  if ((state === "Open" || state === "Disputed") && proposer.toLowerCase() === wallet.toLowerCase()) {
    actions.push("cancel");
  }
  if ((state === "Open" || state === "Upheld") && now >= vetoUntil) actions.push("execute");
  if (state === "Disputed" && now >= vetoUntil) actions.push("lapse");
  return actions;
}
