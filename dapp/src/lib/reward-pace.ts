import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { WORD_EPOCHS } from "@pqmesh/contracts/protocol/word-epochs";
import type { ChainAccess } from "./chain-source.ts";

/** Seconds of closed words that a pace is measured over. */
const MEASURED_SECONDS = 7 * 86_400;
const DAY = 86_400;

/** What the network paid lately to a node that was always there. */
export interface RewardPace {
  /** Part of its weight that it earned per day. */
  perDay: number;
  /** Words that were measured, and how long they took in seconds. */
  words: number;
  seconds: number;
  /** First epoch after them. */
  untilEpoch: number;
}

/** Reads what the closed words of the last days paid per weight; undefined while no word was closed. */
export async function readRewardPace({ client, config }: ChainAccess): Promise<RewardPace | undefined> {
  const rewards = { address: config.contracts.NodeRewards, abi: nodeRewardsAbi } as const;
  const closed = Number(await client.readContract({ ...rewards, functionName: "closedUntil" }));
  if (closed === 0) return undefined;
  const wordSeconds = Number(WORD_EPOCHS) * config.epoch.lengthSeconds;
  const words = Math.min(closed, Math.max(1, Math.floor(MEASURED_SECONDS / wordSeconds)));
  const wordReward = async (word: number): Promise<bigint> => {
    if (word < 0) return 0n;
    const args = [BigInt(word)] as const;
    return (await client.readContract({ ...rewards, functionName: "wordReward", args })).accumulated;
  };
  const [newest, before] = await Promise.all([wordReward(closed - 1), wordReward(closed - 1 - words)]);
  const seconds = words * wordSeconds;
  const untilEpoch = closed * Number(WORD_EPOCHS);
  return { perDay: (Number(newest - before) / 1e18 / seconds) * DAY, words, seconds, untilEpoch };
}

/** What a node was paid and what it missed over all time, MESH wei. */
export interface EarnedRewards {
  toOperator: bigint;
  toPool: bigint;
  returned: bigint;
}

/** Share of what a node could have earned that it did earn; undefined before anything was due. */
export function earnedShare({ toOperator, toPool, returned }: EarnedRewards): number | undefined {
  const earned = toOperator + toPool;
  const possible = earned + returned;
  return possible === 0n ? undefined : Number((earned * 1_000_000n) / possible) / 1e6;
}

/** What delegators of a node earn of their delegation per day, if everything goes on as it went lately. */
export function delegatorPerDay(pace: RewardPace, share: number, commissionBp: number): number {
  return pace.perDay * share * (1 - commissionBp / 10_000);
}
