import { nodeDelegationAbi } from "@pqmesh/contracts/generated/node-delegation-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { nodeSlashingAbi } from "@pqmesh/contracts/generated/node-slashing-abi";
import { FOR_EVER } from "@pqmesh/contracts/protocol/for-ever";
import type { SharePool } from "@pqmesh/contracts/protocol/share-price";
import { CHAIN_NODE_LIMIT, type ChainAccess } from "./chain-source.ts";
import type { IndexerClient } from "./indexer-client.ts";
import type { EarnedRewards } from "./reward-pace.ts";

/** The operator's part of what its delegators earn, basis points. */
export interface CommissionView {
  bp: number;
  /** Raise that comes into force later, Unix seconds. */
  raise?: { bp: number; at: number };
}

/** What delegators of a node share. */
export interface PoolView extends SharePool {
  nodeIndex: number;
  commission: CommissionView;
  /** Unix seconds until which the node is jailed; undefined while it is not. */
  jailedUntil?: number;
  /** Unix seconds until which nobody joins the pool, read from the chain alone; undefined once that is over. */
  pardonableUntil?: number;
  /** What it was paid over all time; what it would be paid now, when it never was. */
  earned: EarnedRewards;
}

/** End of a jail that has none, as this view rounds it. */
export const JAILED_FOR_EVER = Number(FOR_EVER);

const PAGE = 1_000;

const QUERY = `query Pools($after: Int!) {
  nodes(first: ${PAGE}, orderBy: nodeIndex, where: { nodeIndex_gt: $after }) {
    nodeIndex jailedUntil rewardsToOperator rewardsToPool rewardsReturned
    pool { assets shares commissionBp nextCommissionBp commissionFrom }
  }
}`;

interface RawPool {
  nodeIndex: number;
  jailedUntil: string | null;
  rewardsToOperator: string;
  rewardsToPool: string;
  rewardsReturned: string;
  pool: {
    assets: string;
    shares: string;
    commissionBp: number;
    nextCommissionBp: number;
    commissionFrom: string;
  };
}

/** Reads every pool from the indexer; `now` is chain time in Unix seconds. */
export async function poolsFromIndexer(client: IndexerClient, now: number): Promise<PoolView[]> {
  const found: RawPool[] = [];
  for (let isMore = true; isMore;) {
    const after = found.at(-1)?.nodeIndex ?? -1;
    const { nodes } = await client.query<{ nodes: RawPool[] }>(QUERY, { after });
    found.push(...nodes);
    isMore = nodes.length === PAGE;
  }
  return found.map(({ nodeIndex, jailedUntil, rewardsToOperator, rewardsToPool, rewardsReturned, pool }) => ({
    ...{ nodeIndex, assets: BigInt(pool.assets), shares: BigInt(pool.shares) },
    commission: commissionAt(now, {
      bp: pool.commissionBp,
      nextBp: pool.nextCommissionBp,
      nextFrom: Number(pool.commissionFrom),
    }),
    ...(jailedUntil !== null && { jailedUntil: Number(jailedUntil) }),
    earned: {
      toOperator: BigInt(rewardsToOperator),
      toPool: BigInt(rewardsToPool),
      returned: BigInt(rewardsReturned),
    },
  }));
}

/** Reads the pools of the first nodes from contract views and logs. */
export async function poolsFromChain(access: ChainAccess, now: number): Promise<PoolView[]> {
  const { client, config } = access;
  const registry = { address: config.contracts.NodeRegistry, abi: nodeRegistryAbi } as const;
  const [count, claims] = await Promise.all([
    client.readContract({ ...registry, functionName: "nodeCount" }),
    client.getContractEvents({
      ...{ address: config.contracts.NodeRewards, abi: nodeRewardsAbi, eventName: "RewardsClaimed" },
      ...{ fromBlock: BigInt(config.startBlock), strict: true },
    }),
  ]);
  const byNode = Map.groupBy(claims, ({ args }) => args.nodeIndex);
  const indices = Array.from({ length: Math.min(count, CHAIN_NODE_LIMIT) }, (_, index) => index);
  return Promise.all(
    indices.map(async (nodeIndex) => {
      const earned = { toOperator: 0n, toPool: 0n, returned: 0n };
      for (const { args } of byNode.get(nodeIndex) ?? []) {
        earned.toOperator += args.toOperator;
        earned.toPool += args.toPool;
        earned.returned += args.returned;
      }
      return { ...(await readPool(access, nodeIndex, now)), earned };
    }),
  );
}

/** Nodes whose next claim is looked at, when they were never claimed for. */
const PREVIEWED = 64;

/** Fills in what nodes that were never claimed for would be paid, so that their share of what they could earn is known. */
export async function withUnclaimed({ client, config }: ChainAccess, pools: readonly PoolView[]): Promise<PoolView[]> {
  const isNew = ({ earned }: PoolView): boolean => earned.toOperator + earned.toPool + earned.returned === 0n;
  const wanted = new Set(pools.filter(isNew).slice(0, PREVIEWED));
  return Promise.all(
    pools.map(async (pool) => {
      if (!wanted.has(pool)) return pool;
      const { operatorAmount, poolAmount, returned } = await client.readContract({
        ...{ address: config.contracts.NodeRewards, abi: nodeRewardsAbi },
        ...{ functionName: "preview", args: [pool.nodeIndex] },
      });
      return { ...pool, earned: { toOperator: operatorAmount, toPool: poolAmount, returned } };
    }),
  );
}

/** Reads one pool from contract views; `now` is chain time in Unix seconds. */
export async function readPool(
  { client, config }: ChainAccess,
  nodeIndex: number,
  now: number,
): Promise<Omit<PoolView, "earned">> {
  const delegation = { address: config.contracts.NodeDelegation, abi: nodeDelegationAbi, args: [nodeIndex] } as const;
  const [{ assets, shares }, { bp, nextBp, nextFrom }, pardonableUntil, jailedUntil] = await Promise.all([
    client.readContract({ ...delegation, functionName: "poolOf" }),
    client.readContract({ ...delegation, functionName: "commissionOf" }),
    client.readContract({ ...delegation, functionName: "pardonableUntil" }),
    client.readContract({
      ...{ address: config.contracts.NodeSlashing, abi: nodeSlashingAbi },
      ...{ functionName: "jailedUntil", args: [nodeIndex] },
    }),
  ]);
  return {
    ...{ nodeIndex, assets, shares },
    commission: commissionAt(now, { bp, nextBp, nextFrom: Number(nextFrom) }),
    ...(jailedUntil > 0n && { jailedUntil: Number(jailedUntil) }),
    ...(pardonableUntil > now && { pardonableUntil: Number(pardonableUntil) }),
  };
}

/** What of a commission is in force at a time, and what comes; `nextFrom` is 0 or past when nothing does. */
export function commissionAt(
  now: number,
  { bp, nextBp, nextFrom }: { bp: number; nextBp: number; nextFrom: number },
): CommissionView {
  if (nextFrom === 0) return { bp };
  return nextFrom <= now ? { bp: nextBp } : { bp, raise: { bp: nextBp, at: nextFrom } };
}
