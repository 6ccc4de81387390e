import { type ReactNode, useState } from "react";
import { useSearchParams } from "react-router";
import { EmptyState } from "../components/empty-state.tsx";
import { LogCheckPanel } from "../components/log-check-panel.tsx";
import { LogEntryList } from "../components/log-entry-list.tsx";
import { LogVerifyPanel } from "../components/log-verify-panel.tsx";
import { Pager } from "../components/pager.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { TrustTabs } from "../components/trust-tabs.tsx";
import { useLogPage } from "../hooks/use-certificate-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { ENTRIES_PER_PAGE } from "../lib/certificate-log.ts";
import { natural } from "../lib/report-listing.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** The transparency log, verified in the browser. */
export function CertificateLogPage(): ReactNode {
  usePageTitle("Certificate log");
  const [params, setParams] = useSearchParams();
  const [plan, setPlan] = useState<TransactionPlan>();
  const page = Math.max(1, natural(params.get("page")) ?? 1);
  const selected = natural(params.get("entry"));
  const query = useLogPage(page);
  const go = (change: Record<string, string>): void => {
    setParams({ ...Object.fromEntries(params), ...change }, { replace: true });
  };
  return (
    <div className="grid gap-4">
      <TrustTabs title="Certificate log">
        Everything that ever happened to a certificate or an authority, in a tree of hashes that only grows.
      </TrustTabs>
      <QueryView query={query} height="24rem">
        {({ head, entries }) => (
          <>
            <LogCheckPanel {...{ head }} onPlan={setPlan} />
            {selected !== undefined &&
              (selected < head.size ? (
                <LogVerifyPanel key={selected} index={selected} />
              ) : (
                <EmptyState title={`There is no entry ${selected} yet`} />
              ))}
            <Panel title="Entries" flush>
              {entries.length === 0 ? (
                <EmptyState title="Nothing was recorded yet" />
              ) : (
                <LogEntryList {...{ entries, selected }} onSelect={(index) => go({ entry: String(index) })} />
              )}
              <Pager
                page={page}
                pages={Math.max(1, Math.ceil(head.size / ENTRIES_PER_PAGE))}
                onPage={(to) => go({ page: String(to) })}
              />
            </Panel>
          </>
        )}
      </QueryView>
      <TransactionDialog plan={plan} onClose={() => setPlan(undefined)} />
    </div>
  );
}
