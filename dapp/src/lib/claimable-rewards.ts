import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { errorsAbi } from "@pqmesh/contracts/generated/errors-abi";
import { WORD_EPOCHS } from "@pqmesh/contracts/protocol/word-epochs";
import type { Abi } from "viem";
import type { ChainAccess } from "./chain-source.ts";

/** What a claim would pay for a node now, MESH wei. */
export interface ClaimableRewards {
  nodeIndex: number;
  toOperator: bigint;
  toPool: bigint;
  /** What it did not earn: it returns to the emissions. */
  returned: bigint;
  /** Words `[fromWord, untilWord)` are paid, of 256 epochs each. */
  fromWord: number;
  untilWord: number;
  /** What a claim really pays, the words included that it closes itself. */
  payable: bigint;
}

/** Reads what a claim would pay for a node. The claim itself is run at the newest block, since it closes words first. */
export async function readClaimable({ client, config }: ChainAccess, nodeIndex: number): Promise<ClaimableRewards> {
  const rewards = { address: config.contracts.NodeRewards, abi: nodeRewardsAbi } as const;
  const [preview, run] = await Promise.all([
    client.readContract({ ...rewards, functionName: "preview", args: [nodeIndex] }),
    client.simulateContract({
      ...{ address: rewards.address, abi: [...nodeRewardsAbi, ...errorsAbi] as Abi },
      ...{ functionName: "claim", args: [[nodeIndex]] },
    }),
  ]);
  return {
    ...{ nodeIndex, toOperator: preview.operatorAmount, toPool: preview.poolAmount, returned: preview.returned },
    ...{ fromWord: Number(preview.fromWord), untilWord: Number(preview.untilWord), payable: run.result },
  };
}

/** Epoch from which a word of rewards can be paid: its last epoch must be older than the finality horizon (seconds). */
export function payableFromEpoch(word: number, horizonSeconds: number, epochSeconds: number): number {
  return (word + 1) * Number(WORD_EPOCHS) + Math.ceil(horizonSeconds / epochSeconds);
}
