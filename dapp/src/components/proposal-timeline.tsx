import type { ReactNode } from "react";
import { formatTime } from "../lib/format.ts";
import { type ProposalPhase, proposalMoments, proposalPhases, type ProposalStory } from "../lib/proposal-story.ts";
import { proposalState } from "../lib/proposal-state.ts";
import type { ProposalView } from "../lib/proposal-view.ts";
import { Panel } from "./panel.tsx";

const FILLS: Readonly<Record<ProposalPhase["name"], string>> = {
  Notice: "bg-[var(--off-fill)]",
  Voting: "bg-[var(--ok-fill)]",
  Extended: "bg-[var(--warn-fill)]",
  Timelock: "bg-accent",
};
/** Least width of a stretch of time, in percent: a minute beside a week is seen, too. */
const LEAST_WIDTH = 8;

/** The life of a proposal as a picture, and its moments with their times. */
export function ProposalTimeline({
  proposal,
  story,
  now,
  needsApproval,
}: {
  proposal: ProposalView;
  story: ProposalStory;
  /** Chain time, Unix seconds. */
  now: number;
  needsApproval: boolean;
}): ReactNode {
  const { standing } = proposal;
  const isDefeated = proposalState(standing, now) === "Defeated";
  const moments = proposalMoments(proposal, { ...standing, isDefeated }, { story, now, needsApproval });
  return (
    <Panel title="Time">
      <div className="grid gap-4">
        <PhaseBar phases={proposalPhases(proposal, standing, story)} now={now} />
        <ol className="grid gap-2">
          {moments.map(({ name, at, isDone }) => (
            <li key={name} className="flex flex-wrap items-baseline gap-x-3" data-moment={name} data-done={isDone}>
              <span
                aria-hidden="true"
                className={`size-2.5 shrink-0 rounded-full ${isDone ? "bg-accent" : "border-line border"}`}
              />
              <span className={isDone ? "" : "text-muted"}>{name}</span>
              {at !== undefined && <span className="text-muted ml-auto text-sm">{formatTime(at)}</span>}
            </li>
          ))}
        </ol>
      </div>
    </Panel>
  );
}

function PhaseBar({ phases, now }: { phases: readonly ProposalPhase[]; now: number }): ReactNode {
  const all = phases.reduce((sum, { from, until }) => sum + Math.max(1, until - from), 0);
  const running = phases.find(({ from, until }) => from <= now && now < until);
  return (
    <figure>
      <div
        role="img"
        aria-label={running ? `Now: ${running.name.toLowerCase()}` : "No stretch of time runs now"}
        className="flex gap-0.5"
      >
        {phases.map(({ name, from, until }) => {
          const passed = Math.min(1, Math.max(0, (now - from) / Math.max(1, until - from)));
          const share = (100 * Math.max(1, until - from)) / all;
          return (
            <span
              key={name}
              className="bg-well border-line relative h-3.5 overflow-hidden rounded-sm border"
              style={{ flexGrow: Math.max(LEAST_WIDTH, share), flexBasis: 0 }}
            >
              <span className={`absolute inset-y-0 left-0 ${FILLS[name]}`} style={{ width: `${passed * 100}%` }} />
            </span>
          );
        })}
      </div>
      <figcaption className="text-muted mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {phases.map(({ name }) => (
          <span key={name} className="inline-flex items-center gap-1.5">
            <span aria-hidden="true" className={`inline-block size-2.5 rounded-sm ${FILLS[name]}`} />
            {name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
