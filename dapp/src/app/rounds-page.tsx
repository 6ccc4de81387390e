import { countedWords, votingUnitsWords } from "@pqmesh/contracts/protocol/exact-words";
import { visibleText } from "@pqmesh/contracts/protocol/visible-text";
import type { ReactNode } from "react";
import { Link } from "react-router";
import { EmptyState } from "../components/empty-state.tsx";
import { GovernTabs } from "../components/govern-tabs.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { RoundBadge } from "../components/round-badge.tsx";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { type ListedSeason, useSeasons } from "../hooks/use-round-queries.ts";
import { formatTime } from "../lib/format.ts";
import { type RoundView, roundTitle } from "../lib/round-view.ts";
import { formatToken } from "../lib/token-amount.ts";

/** Seasons of voice credits and their rounds. */
export function RoundsPage(): ReactNode {
  usePageTitle("Rounds");
  const seasons = useSeasons();
  return (
    <div className="grid gap-4">
      <GovernTabs title="Rounds">
        What is wanted most? Every certified identity has the same voice credits for a season; v votes for an option
        cost v² of them.
      </GovernTabs>
      <QueryView query={seasons} height="20rem">
        {(found) =>
          found.length === 0 ? <NoSeason /> : found.map((season) => <Season key={season.season} season={season} />)
        }
      </QueryView>
    </div>
  );
}

function NoSeason(): ReactNode {
  return (
    <Panel>
      <EmptyState title="There was no season yet">
        A proposal opens a season and adds rounds to it, of grants that share a budget or of priorities.{" "}
        <Link className="link" to="/proposals/new">
          Propose one
        </Link>
      </EmptyState>
    </Panel>
  );
}

function Season({ season }: { season: ListedSeason }): ReactNode {
  const { seconds = 0 } = useChainTime();
  const { rounds, credits, minUnits, startsAt, endsAt } = season;
  return (
    <Panel
      title={`Season ${season.season}`}
      actions={<RoundBadge season={season} now={seconds} />}
      hint={`${formatTime(startsAt)} to ${formatTime(endsAt)} · ${countedWords(credits, "credit")} for each identity with ${votingUnitsWords(minUnits)} or more`}
      flush
    >
      {rounds.length === 0 ? (
        <EmptyState title="It has no rounds">
          {seconds < startsAt
            ? "A proposal can add them until it begins."
            : "None was added before it began, and none can be now."}
        </EmptyState>
      ) : (
        <ul>
          {rounds.map((round) => (
            <RoundRow key={round.id} round={round} />
          ))}
        </ul>
      )}
    </Panel>
  );
}

function RoundRow({ round }: { round: RoundView }): ReactNode {
  const { id, kind, options, budget, unit, winners } = round;
  const votes = options.reduce((sum, option) => sum + option.votes, 0n);
  return (
    <li className="border-line border-t first:border-t-0">
      <Link
        to={`/rounds/${id}`}
        className="hover:bg-well flex flex-wrap items-center gap-x-4 gap-y-1 px-4 py-3 sm:px-5"
      >
        <span className="min-w-0 flex-1 basis-60 font-medium">{visibleText(roundTitle(round))}</span>
        <span className="text-muted text-sm">
          {kind === "grants" && unit
            ? `grants, ${formatToken(budget, unit)}`
            : `priorities, ${winners} of ${options.length} win`}
        </span>
        <span className="text-muted text-sm">{countedWords(votes, "vote")}</span>
      </Link>
    </li>
  );
}
