import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import type { Hex } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import type { IndexerClient } from "./indexer-client.ts";
import { searchBack } from "./search-back.ts";

/** A claim of rewards; amounts are MESH wei, the time is Unix seconds. */
export interface RewardClaim {
  nodeIndex: number;
  toOperator: bigint;
  toPool: bigint;
  returned: bigint;
  /** Words `[fromWord, untilWord)` of 256 epochs each. */
  fromWord: number;
  untilWord: number;
  isStaked: boolean;
  timestamp: number;
  transaction: Hex;
}

/** What was paid on a day, MESH wei. */
export interface RewardDay {
  /** Unix seconds of its noon, UTC. */
  noon: number;
  toOperator: bigint;
  toPool: bigint;
}

/** Claims that a history shows. */
const NEWEST = 500;
const DAY = 86_400;

const QUERY = `query RewardClaims($nodes: [String!]!) {
  rewardClaims(first: ${NEWEST}, orderBy: timestamp, orderDirection: desc, where: { node_in: $nodes }) {
    node { nodeIndex } toOperator toPool returned fromWord untilWord isStaked timestamp transaction
  }
}`;

interface RawClaim {
  node: { nodeIndex: number };
  toOperator: string;
  toPool: string;
  returned: string;
  fromWord: string;
  untilWord: string;
  isStaked: boolean;
  timestamp: string;
  transaction: Hex;
}

/** Reads the newest claims of nodes from the indexer, newest first. */
export async function claimsFromIndexer(client: IndexerClient, nodes: readonly number[]): Promise<RewardClaim[]> {
  const { rewardClaims } = await client.query<{ rewardClaims: RawClaim[] }>(QUERY, { nodes: nodes.map(String) });
  return rewardClaims.map(({ node, isStaked, transaction, ...raw }) => ({
    ...{ nodeIndex: node.nodeIndex, isStaked, transaction, timestamp: Number(raw.timestamp) },
    ...{ toOperator: BigInt(raw.toOperator), toPool: BigInt(raw.toPool), returned: BigInt(raw.returned) },
    ...{ fromWord: Number(raw.fromWord), untilWord: Number(raw.untilWord) },
  }));
}

/** Reads the newest claims of nodes from the chain's logs, newest first. */
export async function claimsFromChain(
  { client, config }: ChainAccess,
  nodes: readonly number[],
): Promise<RewardClaim[]> {
  const logs = await searchBack(client, config.startBlock, {
    count: NEWEST,
    read: (range) =>
      client.getContractEvents({
        ...{ address: config.contracts.NodeRewards, abi: nodeRewardsAbi, eventName: "RewardsClaimed" },
        ...{ args: { nodeIndex: [...nodes] }, ...range, strict: true },
      }),
  });
  const staking = config.contracts.NodeStaking.toLowerCase();
  const blocks = new Map<bigint, Promise<{ timestamp: bigint }>>();
  for (const { blockNumber } of logs) {
    if (!blocks.has(blockNumber)) blocks.set(blockNumber, client.getBlock({ blockNumber }));
  }
  return Promise.all(
    logs.map(async ({ args, blockNumber, transactionHash }) => ({
      ...{ nodeIndex: args.nodeIndex, toOperator: args.toOperator, toPool: args.toPool, returned: args.returned },
      ...{ fromWord: Number(args.fromWord), untilWord: Number(args.untilWord) },
      ...{ isStaked: args.receiver.toLowerCase() === staking, transaction: transactionHash },
      timestamp: Number((await blocks.get(blockNumber))!.timestamp),
    })),
  );
}

/** Sums claims by day, UTC, oldest first; days without a claim between them are there with nothing. */
export function rewardDays(claims: readonly RewardClaim[]): RewardDay[] {
  const days = new Map<number, RewardDay>();
  for (const { timestamp, toOperator, toPool } of claims) {
    const day = Math.floor(timestamp / DAY);
    const sum = days.get(day) ?? { noon: day * DAY + DAY / 2, toOperator: 0n, toPool: 0n };
    days.set(day, { ...sum, toOperator: sum.toOperator + toOperator, toPool: sum.toPool + toPool });
  }
  const numbers = [...days.keys()].sort((a, b) => a - b);
  const [first = 0, last = -1] = [numbers[0], numbers.at(-1)];
  return Array.from({ length: last - first + 1 }, (_, i) => {
    return days.get(first + i) ?? { noon: (first + i) * DAY + DAY / 2, toOperator: 0n, toPool: 0n };
  });
}
