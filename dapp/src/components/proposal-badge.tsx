import type { ReactNode } from "react";
import type { ProposalState } from "../lib/proposal-state.ts";
import { STATE_WORDS } from "../lib/proposal-words.ts";

const LOOKS: Readonly<Record<ProposalState, readonly [mark: string, className: string]>> = {
  Pending: ["◔", "text-accent"],
  Active: ["●", "text-ok"],
  Canceled: ["✕", "text-off"],
  Defeated: ["✕", "text-bad"],
  Succeeded: ["✓", "text-ok"],
  Queued: ["◔", "text-warn"],
  Expired: ["✕", "text-off"],
  Executed: ["✓", "text-off"],
};

/** Where a proposal is: a mark and a few words. */
export function ProposalBadge({ state }: { state: ProposalState }): ReactNode {
  const [mark, className] = LOOKS[state];
  return (
    <span data-state={state} className={`inline-flex items-center gap-1.5 font-medium whitespace-nowrap ${className}`}>
      <span aria-hidden="true" className="inline-block w-3.5 text-center text-[0.85em]">
        {mark}
      </span>
      {STATE_WORDS[state]}
    </span>
  );
}
