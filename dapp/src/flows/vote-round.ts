import { quadraticRoundAbi } from "@pqmesh/contracts/generated/quadratic-round-abi";
import { countedWords } from "@pqmesh/contracts/protocol/exact-words";
import type { Address } from "viem";
import { formatCount, formatTime } from "../lib/format.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";
import { changedChoices, spentAfter } from "../lib/voice-credits.ts";

/** What a vote in a round needs. */
export interface VoteRoundInput {
  contract: Address;
  round: number;
  title: string;
  /** Votes for every option before and after. */
  given: readonly number[];
  votes: readonly number[];
  /** Credits that are spent in the season before, and all there are. */
  spent: number;
  credits: number;
  /** Unix seconds. */
  endsAt: number;
}

/** Gives options of a round votes, in place of those given before. */
export function voteRoundPlan(input: VoteRoundInput): TransactionPlan {
  const { contract, round, title, given, votes, spent, credits, endsAt } = input;
  const choices = changedChoices(given, votes);
  const after = spentAfter(spent, { given, votes });
  return {
    title: `Vote in round ${round}`,
    summary: `Your identity then has spent ${formatCount(after)} of ${formatCount(credits)} voice credits of the season; ${formatCount(credits - after)} are left.`,
    facts: [
      { label: "Round", value: title },
      ...choices.map(({ option, votes: count }) => ({
        label: `Option ${option}`,
        value: `${formatCount(given[option] ?? 0)} → ${countedWords(count, "vote")}, ${countedWords(count * count, "credit")}`,
      })),
    ],
    warning: `Votes can be changed until ${formatTime(endsAt)}. Everybody can see them.`,
    steps: [
      callStep("Vote", { address: contract, abi: quadraticRoundAbi, functionName: "vote", args: [round, choices] }),
    ],
    outcome: () => `Your votes count. ${countedWords(credits - after, "credit")} left for this season.`,
  };
}
