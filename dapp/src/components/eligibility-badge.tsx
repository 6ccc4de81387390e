import type { ReactNode } from "react";
import type { Eligibility } from "../lib/lease-eligibility.ts";

/** Whether the connected wallet can lease: a mark and a few words, the reason on demand. */
export function EligibilityBadge({ eligibility: { may, word, sentence } }: { eligibility: Eligibility }): ReactNode {
  return (
    <span
      title={sentence}
      data-eligible={may}
      className={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${may ? "text-ok" : "text-off"}`}
    >
      <span aria-hidden="true" className="inline-block w-3.5 text-center text-[0.85em]">
        {may ? "●" : "○"}
      </span>
      {word}
    </span>
  );
}
