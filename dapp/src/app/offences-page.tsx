import { type ReactNode, useState } from "react";
import { useSearchParams } from "react-router";
import { DisputeTabs } from "../components/dispute-tabs.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { OffenceCard, offenceWord } from "../components/offence-card.tsx";
import { Pager } from "../components/pager.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { useOffences } from "../hooks/use-dispute-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { OFFENCE_KINDS } from "../lib/offence-view.ts";
import { natural } from "../lib/report-listing.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

const PER_PAGE = 10;

/** Offences of relayers and what they lost. */
export function OffencesPage(): ReactNode {
  usePageTitle("Offences");
  const [params, setParams] = useSearchParams();
  const [plan, setPlan] = useState<TransactionPlan>();
  const kind = OFFENCE_KINDS.find((known) => known === params.get("kind")) ?? "all";
  const page = Math.max(1, natural(params.get("page")) ?? 1);
  const offences = useOffences({ kind, skip: (page - 1) * PER_PAGE, count: PER_PAGE + 1 });
  const show = (wanted: string, to = 1): void => {
    const next = { ...(wanted && wanted !== "all" && { kind: wanted }), ...(to > 1 && { page: String(to) }) };
    setParams(next, { replace: true });
  };
  return (
    <div className="grid gap-4">
      <DisputeTabs title="Offences">
        What relayers were proven to have done. What they lost is frozen at once and paid out later; until then the DAO
        can give it back.
      </DisputeTabs>
      <Panel flush>
        <div className="p-3 sm:px-4">
          <label>
            <span className="sr-only">Filter by kind</span>
            <select className="field w-full sm:w-auto" value={kind} onChange={(event) => show(event.target.value)}>
              <option value="all">All offences</option>
              {OFFENCE_KINDS.map((known) => (
                <option key={known} value={known}>
                  {offenceWord(known)}
                </option>
              ))}
            </select>
          </label>
        </div>
        <QueryView query={offences} height="16rem">
          {(found) => (
            <>
              {found.length > 0 ? (
                found
                  .slice(0, PER_PAGE)
                  .map((offence) => <OffenceCard key={offence.id} offence={offence} onPlan={setPlan} />)
              ) : (
                <EmptyState title={kind === "all" ? "No relayer was ever convicted" : "No offence fits"}>
                  {kind === "all" ? (
                    "Anyone can bring evidence: pqmesh watch looks for it."
                  ) : (
                    <button type="button" className="link" onClick={() => show("all")}>
                      Show all offences
                    </button>
                  )}
                </EmptyState>
              )}
              {(page > 1 || found.length > PER_PAGE) && (
                <Pager page={page} pages={{ more: found.length > PER_PAGE }} onPage={(to) => show(kind, to)} />
              )}
            </>
          )}
        </QueryView>
      </Panel>
      <TransactionDialog plan={plan} onClose={() => setPlan(undefined)} />
    </div>
  );
}
