import type { UnbondingView } from "./operator-view.ts";

/** Unbondings that unlock on one local day. */
export interface UnlockDay {
  /** Local date as year-month-day. */
  day: string;
  date: Date;
  unbondings: UnbondingView[];
}

/** Unbondings by the local day on which they unlock, soonest first. */
export function unlockDays(unbondings: readonly UnbondingView[]): UnlockDay[] {
  const days = new Map<string, UnlockDay>();
  for (const unbonding of [...unbondings].sort((a, b) => a.maturesAt - b.maturesAt)) {
    const date = new Date(unbonding.maturesAt * 1_000);
    const day = `${date.getFullYear()}-${date.getMonth() + 1}-${date.getDate()}`;
    const found = days.get(day) ?? { day, date, unbondings: [] };
    found.unbondings.push(unbonding);
    days.set(day, found);
  }
  return [...days.values()];
}
