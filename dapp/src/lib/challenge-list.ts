import type { Address } from "viem";
import { type ChallengeState, countChallenges, readChallenge } from "./challenge-view.ts";
import type { ChainAccess } from "./chain-source.ts";
import type { IndexerClient } from "./indexer-client.ts";

/** How a challenge ended. */
export type ChallengeOutcome = "Expired" | "ProvenInvalid" | "AnswerStood";

/** Row of the table of challenges. */
export interface ChallengeRow {
  id: number;
  nodeIndex: number;
  epoch: number;
  state: ChallengeState;
  challenger: Address;
  /** Wei. */
  bond: bigint;
  /** Unix seconds of the clock that runs; undefined while it waits. */
  until?: number;
  /** Unix seconds; undefined when only the chain's views were read. */
  madeAt?: number;
  outcome?: ChallengeOutcome;
}

/** What of the challenges is asked for. */
export interface ChallengeListing {
  state: ChallengeState | "all";
  /** Only those about a node. */
  nodeIndex?: number;
  skip: number;
  count: number;
}

/** Challenges that a search without the indexer looks at. */
const LOOKED_AT = 200;

const QUERY = `query Challenges($first: Int!, $skip: Int!, $where: Challenge_filter!) {
  challenges(first: $first, skip: $skip, orderBy: number, orderDirection: desc, where: $where) {
    number epoch state challenger bond respondBy provableUntil madeAt outcome node { nodeIndex }
  }
}`;

interface RawChallenge {
  number: string;
  epoch: string;
  state: ChallengeState;
  challenger: Address;
  bond: string;
  respondBy: string | null;
  provableUntil: string | null;
  madeAt: string;
  outcome: ChallengeOutcome | null;
  node: { nodeIndex: number };
}

/** Reads challenges from the indexer, newest first. */
export async function challengesFromIndexer(
  client: IndexerClient,
  { state, nodeIndex, skip, count }: ChallengeListing,
): Promise<ChallengeRow[]> {
  const where = {
    ...(state !== "all" && { state }),
    ...(nodeIndex !== undefined && { node: String(nodeIndex) }),
  };
  const data = await client.query<{ challenges: RawChallenge[] }>(QUERY, { first: count, skip, where });
  return data.challenges.map((raw) => {
    const until = raw.provableUntil ?? raw.respondBy;
    return {
      id: Number(raw.number),
      nodeIndex: raw.node.nodeIndex,
      epoch: Number(raw.epoch),
      state: raw.state,
      challenger: raw.challenger,
      bond: BigInt(raw.bond),
      ...(until !== null && { until: Number(until) }),
      madeAt: Number(raw.madeAt),
      ...(raw.outcome !== null && { outcome: raw.outcome }),
    };
  });
}

/** Reads challenges from contract views, newest first; only the newest {@link LOOKED_AT} are looked at. */
export async function challengesFromChain(
  access: ChainAccess,
  { state, nodeIndex, skip, count }: ChallengeListing,
): Promise<ChallengeRow[]> {
  const total = await countChallenges(access);
  const ids = Array.from({ length: Math.min(total, LOOKED_AT) }, (_, i) => total - i);
  const found = await Promise.all(ids.map((id) => readChallenge(access, id)));
  return found
    .filter((one) => one !== undefined)
    .filter((one) => state === "all" || one.state === state)
    .filter((one) => nodeIndex === undefined || one.nodeIndex === nodeIndex)
    .slice(skip, skip + count);
}
