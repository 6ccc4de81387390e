import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import type { Address } from "viem";
import { encodeFunctionData } from "viem/utils";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { Intent, IntentKind } from "./intent.ts";

const KIND = "close-word";
/** Words that one call closes at most, older ones first. */
export const WORDS_AT_ONCE = 64n;

/** Name and key of the intent to close a word of rewards. */
export function wordIntentId(word: bigint): Pick<Intent, "kind" | "key"> {
  return { kind: KIND, key: `${word}` };
}

/** The intent to close the words of rewards up to one that is over, and to have Caesar emit what they pay. */
export function wordIntent(rewards: Address, word: bigint): Intent {
  const data = encodeFunctionData({ abi: nodeRewardsAbi, functionName: "closeWords", args: [WORDS_AT_ONCE] });
  return { ...wordIntentId(word), to: rewards, data };
}

/** Judges such intents: achieved once the word is closed, by anyone. */
export function wordKind(chain: ChainFollower): IntentKind {
  return {
    name: KIND,
    judge(key) {
      const closed = chain.closedWord(BigInt(key));
      return closed ? { state: "achieved", ...closed } : { state: "wanted" };
    },
  };
}
