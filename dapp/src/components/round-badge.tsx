import type { ReactNode } from "react";
import { formatRelative } from "../lib/format.ts";
import { roundState, type SeasonView } from "../lib/round-view.ts";

/** Whether credits can be spent, and for how long or from when on. */
export function RoundBadge({ season, now }: { season: SeasonView; now: number }): ReactNode {
  const state = roundState(season, now);
  const words = {
    coming: `begins ${formatRelative(season.startsAt, now)}`,
    open: `open, ends ${formatRelative(season.endsAt, now)}`,
    over: "over",
  };
  const tone = { coming: "bg-warn-soft text-warn", open: "bg-accent-soft text-accent", over: "bg-well text-muted" };
  return (
    <span className={`rounded-md px-2 py-0.5 text-sm font-medium whitespace-nowrap ${tone[state]}`}>
      {words[state]}
    </span>
  );
}
