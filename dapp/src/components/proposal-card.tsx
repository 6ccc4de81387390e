import { visibleText } from "@pqmesh/contracts/protocol/visible-text";
import { shortId } from "@pqmesh/contracts/protocol/proposal-id";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { formatVotingUnits, formatMesh, shorten } from "../lib/format.ts";
import type { BallotView } from "../lib/ballot-view.ts";
import { proposalState } from "../lib/proposal-state.ts";
import type { ProposalSummary } from "../lib/proposal-view.ts";
import { nextSentence, SUPPORT_WORDS } from "../lib/proposal-words.ts";
import { HouseBars } from "./house-bars.tsx";
import { ProposalBadge } from "./proposal-badge.tsx";

/** A proposal in a list: what it is called, where it is, what both houses have counted. */
export function ProposalCard({
  proposal,
  ballot,
  now,
}: {
  proposal: ProposalSummary;
  /** What the connected wallet cast. */
  ballot: BallotView | undefined;
  /** Chain time, Unix seconds. */
  now: number;
}): ReactNode {
  const { id, proposer, title, standing } = proposal;
  const state = proposalState(standing, now);
  return (
    <article
      className="border-line grid gap-x-8 gap-y-2 border-t px-4 py-4 first:border-t-0 sm:px-5 md:grid-cols-[3fr_2fr]"
      data-proposal={String(id)}
      data-state={state}
    >
      <div className="grid content-start gap-1">
        <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
          <h3 className="min-w-0 font-semibold">
            <Link className="link" to={`/proposals/${id}`}>
              {visibleText(title)}
            </Link>
          </h3>
          <ProposalBadge state={state} />
        </div>
        <p className="text-sm">{nextSentence(standing, now)}</p>
        <p className="text-muted text-sm">
          {shortId(id)} · by <span className="font-mono text-[0.92em]">{shorten(proposer)}</span>
          {ballot && (
            <span data-testid="own-ballot">
              {" "}
              · you: {SUPPORT_WORDS[ballot.support]?.toLowerCase()}, {formatVotingUnits(ballot.units)} units,{" "}
              {formatMesh(ballot.tokens)} MESH
            </span>
          )}
        </p>
      </div>
      <HouseBars standing={standing} small />
    </article>
  );
}
