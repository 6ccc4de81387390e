import type { ReactNode } from "react";
import type { ChallengeClock } from "../lib/challenge-view.ts";

type Phase = ChallengeClock["phase"];

const LOOKS: Record<Phase, { word: string; className: string; mark: string }> = {
  queued: { word: "Queued", className: "text-off", mark: "…" },
  open: { word: "Open", className: "text-warn", mark: "◔" },
  expired: { word: "Overdue", className: "text-bad", mark: "!" },
  answered: { word: "Answered", className: "text-accent", mark: "◑" },
  stood: { word: "Answer stood", className: "text-ok", mark: "◕" },
  upheld: { word: "Upheld", className: "text-bad", mark: "✕" },
  dismissed: { word: "Dismissed", className: "text-ok", mark: "✓" },
};

/** Where a challenge stands: a mark and a word. */
export function ChallengeBadge({ phase }: { phase: Phase }): ReactNode {
  const { word, className, mark } = LOOKS[phase];
  return (
    <span data-phase={phase} className={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${className}`}>
      <span aria-hidden="true" className="inline-block w-3.5 text-center text-[0.85em]">
        {mark}
      </span>
      {word}
    </span>
  );
}
