import type { ReactNode } from "react";
import { Link, useSearchParams } from "react-router";
import { EmptyState } from "../components/empty-state.tsx";
import { Icon } from "../components/icon.tsx";
import { NewProposalForm, preparedAction } from "../components/new-proposal-form.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { useDraftFacts } from "../hooks/use-new-proposal.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { useRoundResult } from "../hooks/use-round-queries.ts";
import { natural } from "../lib/report-listing.ts";

/** Where proposals are put together; `?round=3` begins with what a round decided for, `?number=maxPause` with that number. */
export function NewProposalPage(): ReactNode {
  usePageTitle("New proposal");
  const [search] = useSearchParams();
  const round = natural(search.get("round") ?? "");
  return (
    <div className="grid gap-4">
      <header>
        <Link to="/proposals" className="text-muted hover:text-ink inline-flex items-center gap-1 text-sm">
          <Icon name="back" size={15} /> All proposals
        </Link>
        <h1 className="mt-1">New proposal</h1>
        <p className="text-muted">
          Choose what the DAO should do. The calls are made for you, and run before you send anything.
        </p>
      </header>
      {round === undefined ? <Form number={search.get("number") ?? undefined} /> : <OfRound round={round} />}
    </div>
  );
}

function Form({ number }: { number: string | undefined }): ReactNode {
  const facts = useDraftFacts();
  const start = number && { title: "", actions: [{ kind: "parameter", fields: { name: number, value: "" } }] as const };
  return (
    <QueryView query={facts} height="32rem">
      {(found) => <NewProposalForm facts={found} {...(start && { start })} />}
    </QueryView>
  );
}

function OfRound({ round }: { round: number }): ReactNode {
  const facts = useDraftFacts();
  const result = useRoundResult(round);
  return (
    <QueryView query={result} height="32rem">
      {({ calls, description }) =>
        calls.length === 0 ? (
          <Panel>
            <EmptyState title={`Round ${round} decided for nothing`}>No option has enough votes.</EmptyState>
          </Panel>
        ) : (
          <QueryView query={facts} height="32rem">
            {(found) => (
              <NewProposalForm facts={found} start={{ title: description, actions: calls.map(preparedAction) }} />
            )}
          </QueryView>
        )
      }
    </QueryView>
  );
}
