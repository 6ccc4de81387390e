import type { ReactNode } from "react";
import type { NodeStanding, Standing } from "../lib/node-standing.ts";

const LOOKS: Record<Standing, { word: string; className: string; mark: string }> = {
  live: { word: "Live", className: "text-ok", mark: "●" },
  degraded: { word: "Degraded", className: "text-warn", mark: "◐" },
  absent: { word: "Absent", className: "text-bad", mark: "✕" },
  silent: { word: "Silent", className: "text-bad", mark: "○" },
  unheard: { word: "Not heard", className: "text-off", mark: "?" },
  starting: { word: "Starting", className: "text-accent", mark: "◔" },
  inactive: { word: "Inactive", className: "text-off", mark: "–" },
  exited: { word: "Exited", className: "text-off", mark: "⏹︎" },
};

/** Word for a standing. */
export function standingWord(standing: Standing): string {
  return LOOKS[standing].word;
}

/** How a node stands: a mark, a word, and the sentence on demand. */
export function StandingBadge({ standing: { standing, sentence } }: { standing: NodeStanding }): ReactNode {
  const { word, className, mark } = LOOKS[standing];
  return (
    <span
      title={sentence}
      data-standing={standing}
      className={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${className}`}
    >
      <span aria-hidden="true" className="inline-block w-3.5 text-center text-[0.85em]">
        {mark}
      </span>
      {word}
    </span>
  );
}
