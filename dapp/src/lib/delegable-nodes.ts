import type { NodeStanding } from "./node-standing.ts";
import type { PoolView } from "./pool-view.ts";
import { delegatorPerDay, earnedShare, type RewardPace } from "./reward-pace.ts";

/** What of a node matters to who delegates to it. */
export interface DelegableNode {
  nodeIndex: number;
  standing: NodeStanding;
  /** MESH wei of the operator. */
  stake: bigint;
  trustScore?: number;
  pool: PoolView;
  /** What delegators earn per day as a part of what they delegate; undefined before anything was paid. */
  perDay?: number;
}

/** Columns by which the table is ordered. */
export const DELEGATION_SORTS = ["node", "pool", "stake", "commission", "trust", "rate"] as const;

/** A column by which the table is ordered. */
export type DelegationSort = (typeof DELEGATION_SORTS)[number];

/** What a node can be to a delegator. */
export interface DelegationCandidate {
  nodeIndex: number;
  standing: NodeStanding;
  stake: bigint;
  exited: boolean;
  trustScore?: number;
}

/** Nodes that take delegations, with their pools; those that have exited take none. */
export function delegableNodes(
  nodes: readonly DelegationCandidate[],
  pools: readonly PoolView[],
  pace: RewardPace | undefined,
): DelegableNode[] {
  const byNode = new Map(pools.map((pool) => [pool.nodeIndex, pool]));
  return nodes.flatMap(({ nodeIndex, standing, stake, exited, trustScore }) => {
    const pool = byNode.get(nodeIndex);
    if (exited || !pool) return [];
    const share = earnedShare(pool.earned);
    const perDay = pace && share !== undefined ? delegatorPerDay(pace, share, pool.commission.bp) : undefined;
    return {
      ...{ nodeIndex, standing, stake, pool },
      ...(trustScore !== undefined && { trustScore }),
      ...(perDay !== undefined && { perDay }),
    };
  });
}

/** Nodes in the order of a column; unknown values come last either way. */
export function sortDelegable(
  nodes: readonly DelegableNode[],
  sort: DelegationSort,
  descending: boolean,
): DelegableNode[] {
  const sign = descending ? -1 : 1;
  return [...nodes].sort((a, b) => {
    const [left, right] = [valueOf(a, sort), valueOf(b, sort)];
    if (left === undefined || right === undefined) {
      return Number(left === undefined) - Number(right === undefined) || a.nodeIndex - b.nodeIndex;
    }
    return sign * (left < right ? -1 : left > right ? 1 : 0) || a.nodeIndex - b.nodeIndex;
  });
}

function valueOf(
  { nodeIndex, stake, trustScore, pool, perDay }: DelegableNode,
  sort: DelegationSort,
): number | bigint | undefined {
  switch (sort) {
    case "node":
      return nodeIndex;
    case "pool":
      return pool.assets;
    case "stake":
      return stake;
    case "commission":
      return pool.commission.bp;
    case "trust":
      return trustScore;
    case "rate":
      return perDay;
  }
}
