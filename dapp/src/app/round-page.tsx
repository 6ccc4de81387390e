import { votingUnitsWords } from "@pqmesh/contracts/protocol/exact-words";
import { visibleText } from "@pqmesh/contracts/protocol/visible-text";
import { type ReactNode, useState } from "react";
import { Link, useParams } from "react-router";
import { useConnection } from "wagmi";
import { ConnectDialog } from "../components/connect-dialog.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Fact } from "../components/fact.tsx";
import { Icon } from "../components/icon.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { RoundBadge } from "../components/round-badge.tsx";
import { RoundBallot } from "../components/round-ballot.tsx";
import { RoundDiscards } from "../components/round-discards.tsx";
import { RoundResults } from "../components/round-results.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { useRound } from "../hooks/use-round-queries.ts";
import { formatCount, formatTime } from "../lib/format.ts";
import { natural } from "../lib/report-listing.ts";
import { roundState, roundTitle, type RoundView } from "../lib/round-view.ts";
import { formatToken } from "../lib/token-amount.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** The page of one round. */
export function RoundPage(): ReactNode {
  const { id = "" } = useParams();
  usePageTitle(`Round ${id}`);
  const number = natural(id);
  return number === undefined ? <NoSuchRound id={id} /> : <KnownNumber key={number} id={number} />;
}

function KnownNumber({ id }: { id: number }): ReactNode {
  const query = useRound(id);
  return (
    <QueryView query={query} height="24rem">
      {(round) => (round ? <Found round={round} /> : <NoSuchRound id={String(id)} />)}
    </QueryView>
  );
}

function Found({ round }: { round: RoundView }): ReactNode {
  const { address } = useConnection();
  const { seconds = 0 } = useChainTime();
  const [plan, setPlan] = useState<TransactionPlan>();
  const state = roundState(round.season, seconds);
  return (
    <div className="grid gap-4">
      <header>
        <Link to="/rounds" className="text-muted hover:text-ink inline-flex items-center gap-1 text-sm">
          <Icon name="back" size={15} /> All rounds
        </Link>
        <div className="mt-1 flex flex-wrap items-center gap-x-4 gap-y-1">
          <h1>{visibleText(roundTitle(round))}</h1>
          <span role="status">
            <RoundBadge season={round.season} now={seconds} />
          </span>
        </div>
      </header>
      <Terms round={round} />
      {state === "open" &&
        (address ? (
          <RoundBallot key={address} {...{ round }} wallet={address} onPlan={setPlan} />
        ) : (
          <Panel title="Your votes">
            <EmptyState title="Connect the wallet of your identity">
              <ConnectDialog />
            </EmptyState>
          </Panel>
        ))}
      <RoundResults {...{ round, state }} />
      <RoundDiscards {...{ round }} isOpen={state === "open"} onPlan={setPlan} />
      <TransactionDialog plan={plan} onClose={() => setPlan(undefined)} />
    </div>
  );
}

function Terms({ round }: { round: RoundView }): ReactNode {
  const { season, kind, unit, budget, winners, minVotes, description } = round;
  // The first line is the heading of the page.
  const reasons = description.split("\n").slice(1);
  return (
    <Panel title="About this round">
      <div className="grid gap-4">
        {reasons.some((line) => line !== "") && (
          <p className="whitespace-pre-line">{reasons.map(visibleText).join("\n")}</p>
        )}
        <dl className="grid grid-cols-2 gap-4 lg:grid-cols-4">
          <Fact name="Decides">
            {kind === "grants" && unit
              ? `how ${formatToken(budget, unit)} are divided`
              : `which ${winners === 1 ? "call is" : `${winners} calls are`} made`}
          </Fact>
          <Fact name="Votes an option needs">{formatCount(minVotes)}</Fact>
          <Fact name="Season">
            {season.season}
            <span className="text-muted block text-sm">
              {formatTime(season.startsAt)} to {formatTime(season.endsAt)}
            </span>
          </Fact>
          <Fact name="Credits of each identity">
            {formatCount(season.credits)}
            <span className="text-muted block text-sm">with {votingUnitsWords(season.minUnits)} or more</span>
          </Fact>
        </dl>
      </div>
    </Panel>
  );
}

function NoSuchRound({ id }: { id: string }): ReactNode {
  return (
    <EmptyState title={`There is no round ${id}`}>
      <Link className="link" to="/rounds">
        See all rounds
      </Link>
    </EmptyState>
  );
}
