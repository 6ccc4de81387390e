import { reasonWords } from "@pqmesh/contracts/protocol/ballot-reason";
import { proposalIdOf } from "@pqmesh/contracts/protocol/proposal-id";
import { type Address, type Hex, keccak256, stringToHex } from "viem";
import type { BallotView } from "./ballot-view.ts";
import type { IndexerClient } from "./indexer-client.ts";
import type { ProposalStanding } from "./proposal-state.ts";
import type { ProposalStory } from "./proposal-story.ts";
import { type MadeProposal, type ProposalSummary, titleOf } from "./proposal-view.ts";

/** Most rows of one answer. */
const MOST = 1_000;
const SUPPORTS = ["Against", "For", "Abstain"] as const;

const PROPOSALS = `query Proposals {
  proposals(first: ${MOST}, orderBy: number, orderDirection: desc) {
    id title proposer { id } voteStart voteEnd eta executedAt cancelledAt quorumBp vetoQuorumBp tokenVetoBp votableSupply
    bond bondState totalUnits forUnits againstUnits abstainUnits forTokens againstTokens
  }
}`;

const PROPOSAL = `query Proposal($id: ID!) {
  proposal(id: $id) {
    id description proposer { id } voteStart voteEnd extendedBy createdAt createdTransaction queuedAt executedAt cancelledAt
    bond bondState bondEndedAt actions(first: ${MOST}, orderBy: index) { target value calldata }
  }
}`;

const BALLOTS = `query Ballots($where: Ballot_filter!) {
  ballots(first: ${MOST}, orderBy: castAt, orderDirection: desc, where: $where) {
    proposal { id } voter { id } support units tokens reason reasonLength castAt transaction
  }
}`;

interface RawSummary {
  id: string;
  title: string;
  proposer: { id: Address };
  voteStart: string;
  voteEnd: string;
  eta: string | null;
  executedAt: string | null;
  cancelledAt: string | null;
  quorumBp: number;
  vetoQuorumBp: number;
  tokenVetoBp: number;
  votableSupply: string;
  bond: string;
  bondState: "Held" | "Released" | "Burnt" | null;
  totalUnits: string;
  forUnits: string;
  againstUnits: string;
  abstainUnits: string;
  forTokens: string;
  againstTokens: string;
}

interface RawProposal {
  id: string;
  description: string;
  proposer: { id: Address };
  voteStart: string;
  voteEnd: string;
  extendedBy: string;
  createdAt: string;
  createdTransaction: Hex;
  queuedAt: string | null;
  executedAt: string | null;
  cancelledAt: string | null;
  bond: string;
  bondState: RawSummary["bondState"];
  bondEndedAt: string | null;
  actions: { target: Address; value: string; calldata: Hex }[];
}

interface RawBallot {
  proposal: { id: string };
  voter: { id: Address };
  support: (typeof SUPPORTS)[number];
  units: string;
  tokens: string;
  reason: string;
  reasonLength: number;
  castAt: string;
  transaction: Hex;
}

/** Reads proposals from the indexer, newest first. @param now Chain time, Unix seconds. */
export async function proposalsFromIndexer(client: IndexerClient, now: number): Promise<ProposalSummary[]> {
  const { proposals } = await client.query<{ proposals: RawSummary[] }>(PROPOSALS);
  return proposals.map((raw) => ({
    ...{ id: BigInt(raw.id), proposer: raw.proposer.id, title: titleOf(raw.title) },
    standing: standingOf(raw, now),
  }));
}

function standingOf(raw: RawSummary, now: number): ProposalStanding {
  const { quorumBp, vetoQuorumBp, tokenVetoBp } = raw;
  const voteStart = Number(raw.voteStart);
  return {
    ...{ voteStart, voteEnd: Number(raw.voteEnd), eta: Number(raw.eta ?? 0) },
    terms: {
      ...{ quorumBp, vetoQuorumBp, tokenVetoBp, votableSupply: BigInt(raw.votableSupply) },
      bond: raw.bondState === "Held" ? BigInt(raw.bond) : 0n,
    },
    units: { for: BigInt(raw.forUnits), against: BigInt(raw.againstUnits), abstain: BigInt(raw.abstainUnits) },
    tokens: { for: BigInt(raw.forTokens), against: BigInt(raw.againstTokens) },
    ...(voteStart < Math.floor(now) && { unitsAtSnapshot: BigInt(raw.totalUnits) }),
    ...{ isExecuted: raw.executedAt !== null, isCancelled: raw.cancelledAt !== null },
  };
}

/** What a proposal is, and what happened to it. */
export interface IndexedProposal {
  made: MadeProposal;
  story: ProposalStory;
}

/**
 * Reads one proposal from the indexer; undefined when it knows none, or tells other calls or another description than the
 * number is the hash of: an index leaves out NUL characters, and bytes that are no UTF-8.
 */
export async function proposalFromIndexer(client: IndexerClient, id: bigint): Promise<IndexedProposal | undefined> {
  const { proposal } = await client.query<{ proposal: RawProposal | null }>(PROPOSAL, { id: String(id) });
  if (!proposal) return undefined;
  const { description, actions } = proposal;
  const calls = actions.map(({ target, value, calldata }) => ({ target, value: BigInt(value), data: calldata }));
  if (proposalIdOf({ calls, description }) !== id) return undefined;
  return {
    made: {
      ...{ id, proposer: proposal.proposer.id, description, calls, voteStart: Number(proposal.voteStart) },
      descriptionHash: keccak256(stringToHex(description)),
      plannedEnd: Number(proposal.voteEnd) - Number(proposal.extendedBy),
      transaction: proposal.createdTransaction,
    },
    story: storyOf(proposal),
  };
}

function storyOf({ createdAt, queuedAt, executedAt, cancelledAt, ...raw }: RawProposal): ProposalStory {
  const { bond, bondState, bondEndedAt } = raw;
  return {
    createdAt: Number(createdAt),
    ...(queuedAt !== null && { queuedAt: Number(queuedAt) }),
    ...(executedAt !== null && { executedAt: Number(executedAt) }),
    ...(cancelledAt !== null && { cancelledAt: Number(cancelledAt) }),
    ...(bondEndedAt !== null && {
      bond: { isBurnt: bondState === "Burnt", amount: BigInt(bond), at: Number(bondEndedAt) },
    }),
  };
}

/** Reads ballots from the indexer, newest first. */
export async function ballotsFromIndexer(
  client: IndexerClient,
  search: { voter: Address } | { proposalId: bigint },
): Promise<BallotView[]> {
  const where = "voter" in search ? { voter: search.voter.toLowerCase() } : { proposal: String(search.proposalId) };
  const { ballots } = await client.query<{ ballots: RawBallot[] }>(BALLOTS, { where });
  return ballots.map(({ proposal, voter, support, units, tokens, castAt, transaction, ...text }) => ({
    ...{ proposalId: BigInt(proposal.id), voter: voter.id, support: SUPPORTS.indexOf(support), transaction },
    reason: reasonWords(text.reason, text.reasonLength),
    ...{ units: BigInt(units), tokens: BigInt(tokens), castAt: Number(castAt) },
  }));
}
