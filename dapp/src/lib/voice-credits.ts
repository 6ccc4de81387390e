import type { RoundOption, RoundView } from "./round-view.ts";

/** Most votes for one option, as the contract counts. */
const MAX_VOTES = 65_535;

/** Credits that votes cost: the square of those for each option. */
export function costOf(votes: readonly number[]): number {
  return votes.reduce((sum, count) => sum + count * count, 0);
}

/** Most votes for one option that credits pay for. */
export function mostVotes(credits: number): number {
  return Math.min(MAX_VOTES, Math.floor(Math.sqrt(credits)));
}

/** Credits spent in the season once `votes` are in place of the `given` ones of a round. */
export function spentAfter(
  spent: number,
  { given, votes }: { given: readonly number[]; votes: readonly number[] },
): number {
  return spent - costOf(given) + costOf(votes);
}

/** Votes that differ from those given, in rising order, as the contract takes them. */
export function changedChoices(
  given: readonly number[],
  votes: readonly number[],
): { option: number; votes: number }[] {
  return votes.flatMap((count, option) => (count === (given[option] ?? 0) ? [] : [{ option, votes: count }]));
}

/** What an option gets as votes stand: a grant in smallest units, or whether its call wins. */
export interface OptionResult {
  wins: boolean;
  /** 0 for priorities. */
  grant: bigint;
}

/** What every option gets as votes stand, by the rules of `QuadraticRound.resultOf`. */
export function resultsOf(
  round: Pick<RoundView, "kind" | "options" | "budget" | "winners" | "minVotes">,
): OptionResult[] {
  return round.kind === "grants" ? grantsOf(round) : prioritiesOf(round);
}

function grantsOf({ options, budget, minVotes }: Pick<RoundView, "options" | "budget" | "minVotes">): OptionResult[] {
  const counted = options.map(({ votes }) => (votes < BigInt(minVotes) ? 0n : votes));
  const total = counted.reduce((sum, votes) => sum + votes, 0n);
  return options.map(({ most }, i) => {
    const share = total === 0n ? 0n : (budget * (counted[i] ?? 0n)) / total;
    const grant = share < most ? share : most;
    return { wins: grant > 0n, grant };
  });
}

function prioritiesOf({
  options,
  winners,
  minVotes,
}: {
  options: readonly Pick<RoundOption, "votes">[];
  winners: number;
  minVotes: number;
}): OptionResult[] {
  const order = options
    .map(({ votes }, i) => ({ votes, i }))
    .filter(({ votes }) => votes >= BigInt(minVotes))
    .sort((a, b) => (a.votes === b.votes ? a.i - b.i : a.votes > b.votes ? -1 : 1));
  const best = new Set(order.slice(0, winners).map(({ i }) => i));
  return options.map((_, i) => ({ wins: best.has(i), grant: 0n }));
}
