import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import { descriptionHash } from "@pqmesh/contracts/protocol/description-hash";
import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { shortId } from "@pqmesh/contracts/protocol/proposal-id";
import { type Address, type Hex, zeroAddress } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import type { ChainClient } from "./network-chain.ts";
import { PROPOSAL_STATES, type ProposalStanding } from "./proposal-state.ts";
import { searchBack } from "./search-back.ts";

/** Newest proposals that are read; far more than a DAO makes in years. */
const PROPOSALS = 1_000;
/** Longest title that is shown whole; a description can be one line of any length. */
const MAX_TITLE = 200;

/** A proposal as it was made. */
export interface MadeProposal {
  id: bigint;
  proposer: Address;
  description: string;
  /** By which the governor knows it: not always that of the text, which shows no byte that is no UTF-8. */
  descriptionHash: Hex;
  calls: readonly GovernanceCall[];
  /** Unix seconds. */
  voteStart: number;
  /** Last second of voting as it was planned, Unix seconds; late turns of the outcome move it. */
  plannedEnd: number;
  /** Known when it was read from logs. */
  block?: bigint;
  transaction: Hex;
}

/** A proposal in a list. */
export interface ProposalSummary {
  id: bigint;
  proposer: Address;
  title: string;
  standing: ProposalStanding;
}

/** A proposal with everything that its page shows. */
export interface ProposalView extends ProposalSummary, MadeProposal {
  /** Who can cancel it; undefined when nobody is guardian or its term is over. */
  guardian?: Address;
  /** Unix seconds at which the guardian's term ends. */
  guardianUntil: number;
}

/** Title of a proposal: the first line of its description that says something. */
export function titleOf(description: string): string {
  const line = description.split("\n").find((one) => one.trim() !== "") ?? "";
  const title = line.replace(/^#+ /, "").trim() || "Without a title";
  return title.length > MAX_TITLE ? `${title.slice(0, MAX_TITLE)}…` : title;
}

/** Reads proposals from the chain, newest first: which there are from its logs, how they stand from the governor. */
export async function proposalsFromChain(access: ChainAccess): Promise<ProposalSummary[]> {
  const made = await readMade(access, PROPOSALS);
  return Promise.all(
    made.map(async ({ id, proposer, description, voteStart }) => ({
      ...{ id, proposer, title: titleOf(description) },
      standing: await readStanding(access, { id, voteStart }),
    })),
  );
}

/**
 * Reads one proposal; undefined when it was never made. How it stands is read from the chain.
 *
 * @param readMade Reads what it is; nothing when that is not found.
 */
export async function readProposal(
  access: ChainAccess,
  id: bigint,
  readMade: () => Promise<MadeProposal | undefined>,
): Promise<ProposalView | undefined> {
  const { client, config } = access;
  const governor = governorOf(access);
  const voteStart = Number(await client.readContract({ ...governor, functionName: "proposalSnapshot", args: [id] }));
  if (voteStart === 0) return undefined;
  const [made, standing, guardian, guardianUntil] = await Promise.all([
    readMade(),
    readStanding(access, { id, voteStart }),
    client.readContract({ ...governor, functionName: "proposalGuardian" }),
    client.readContract({ ...governor, functionName: "guardianUntil" }),
  ]);
  if (!made) throw new Error(`The logs of proposal ${shortId(id)} are older than ${config.name}'s endpoint tells.`);
  return {
    ...{ ...made, title: titleOf(made.description), standing, guardianUntil },
    ...(guardian !== zeroAddress && { guardian }),
  };
}

const known = new WeakMap<ChainClient, Map<bigint, MadeProposal>>();

/** Finds what a proposal is in logs. That never changes, so that it is searched for once. */
export async function madeFromChain(access: ChainAccess, id: bigint): Promise<MadeProposal | undefined> {
  const kept = known.get(access.client) ?? new Map<bigint, MadeProposal>();
  known.set(access.client, kept);
  const found = kept.get(id) ?? (await readMade(access, PROPOSALS)).find((one) => one.id === id);
  if (found) kept.set(id, found);
  return found;
}

async function readMade(access: ChainAccess, count: number): Promise<MadeProposal[]> {
  const { client, config } = access;
  const logs = await searchBack(client, config.startBlock, {
    count,
    read: (range) =>
      client.getContractEvents({ ...governorOf(access), eventName: "ProposalCreated", ...range, strict: true }),
  });
  return logs.map(({ args, blockNumber, transactionHash, data: written }) => ({
    ...{ id: args.proposalId, proposer: args.proposer, description: args.description },
    descriptionHash: descriptionHash(written),
    ...{
      voteStart: Number(args.voteStart),
      plannedEnd: Number(args.voteEnd),
      block: blockNumber,
      transaction: transactionHash,
    },
    calls: args.targets.map((target, i) => ({
      ...{ target, value: args.values[i] ?? 0n, data: args.calldatas[i] ?? "0x" },
    })),
  }));
}

/** Reads how a proposal stands. */
async function readStanding(
  access: ChainAccess,
  { id, voteStart }: { id: bigint; voteStart: number },
): Promise<ProposalStanding> {
  const { client } = access;
  const governor = { ...governorOf(access), args: [id] } as const;
  const [state, voteEnd, eta, votes, tokens, terms, all] = await Promise.all([
    client.readContract({ ...governor, functionName: "state" }),
    client.readContract({ ...governor, functionName: "proposalDeadline" }),
    client.readContract({ ...governor, functionName: "proposalEta" }),
    client.readContract({ ...governor, functionName: "proposalVotes" }),
    client.readContract({ ...governor, functionName: "tokenVotes" }),
    client.readContract({ ...governor, functionName: "proposalTerms" }),
    unitsAt(access, voteStart),
  ]);
  const { quorumBp, vetoQuorumBp, tokenVetoBp, votableSupply, bond } = terms;
  return {
    ...{ voteStart, voteEnd: Number(voteEnd), eta: Number(eta) },
    terms: { quorumBp, vetoQuorumBp, tokenVetoBp, votableSupply, bond },
    units: { against: votes[0], for: votes[1], abstain: votes[2] },
    tokens: { against: tokens[0], for: tokens[1] },
    ...(all !== undefined && { unitsAtSnapshot: all }),
    isExecuted: PROPOSAL_STATES[state] === "Executed",
    isCancelled: PROPOSAL_STATES[state] === "Canceled",
  };
}

const totals = new WeakMap<ChainClient, Map<number, bigint>>();

/** All units at a snapshot, which never change once it has passed; undefined before. */
async function unitsAt({ client, config }: ChainAccess, snapshot: number): Promise<bigint | undefined> {
  const kept = totals.get(client) ?? new Map<number, bigint>();
  totals.set(client, kept);
  const found = kept.get(snapshot);
  if (found !== undefined) return found;
  const { timestamp } = await client.getBlock();
  if (timestamp <= snapshot) return undefined;
  const all = await client.readContract({
    ...{ address: config.contracts.QuadraticVotes, abi: quadraticVotesAbi },
    ...{ functionName: "getPastTotalSupply", args: [BigInt(snapshot)] },
  });
  kept.set(snapshot, all);
  return all;
}

function governorOf({ config }: ChainAccess) {
  return { address: config.contracts.MeshGovernor, abi: meshGovernorAbi } as const;
}
