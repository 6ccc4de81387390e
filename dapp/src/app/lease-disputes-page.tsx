import type { ReactNode } from "react";
import { Link } from "react-router";
import { Copyable } from "../components/copyable.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { MarketTabs } from "../components/market-tabs.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useLeaseDisputes } from "../hooks/use-lease-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { formatBp, formatRelative, formatTime } from "../lib/format.ts";
import { type DisputeRow, OUTCOME_WORDS } from "../lib/lease-dispute.ts";

/** Disputes of leases: open ones with their deadline, and how others ended. */
export function LeaseDisputesPage(): ReactNode {
  usePageTitle("Lease disputes");
  const disputes = useLeaseDisputes();
  return (
    <div className="grid gap-4">
      <MarketTabs title="Disputes">
        About what attestations do not show. Both sides can agree on a share; else the arbitrator decides; if nobody
        does in time, the objective settlement stands.
      </MarketTabs>
      <QueryView query={disputes} height="16rem">
        {({ rows, arbitrator }) => (
          <>
            <Panel title="Open" flush>
              <DisputeRows rows={rows.filter(({ ended }) => !ended)} empty="No dispute is open" />
            </Panel>
            <Panel title="Ended" flush>
              <DisputeRows rows={rows.filter(({ ended }) => ended)} empty="No dispute has ended yet" />
            </Panel>
            <p className="text-muted text-sm">
              Arbitrator: <Copyable value={arbitrator} label="address of the arbitrator" />. Open a lease to offer,
              agree or decide.
            </p>
          </>
        )}
      </QueryView>
    </div>
  );
}

function DisputeRows({ rows, empty }: { rows: readonly DisputeRow[]; empty: string }): ReactNode {
  const { seconds } = useChainTime();
  if (rows.length === 0) return <EmptyState title={empty} />;
  return (
    <div className="mt-2 overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            <th>Lease</th>
            <th>Client</th>
            <th>State</th>
            <th className="max-sm:hidden">Evidence, SHA-256</th>
          </tr>
        </thead>
        <tbody>
          {rows.map(({ leaseId, client, deadline, ended, evidence, transaction }) => (
            <tr key={transaction} data-dispute-of={leaseId}>
              <td>
                <Link className="link font-semibold" to={`/leases/${leaseId}`}>
                  Lease {leaseId}
                </Link>
              </td>
              <td>
                <Copyable value={client} label="client's address" />
              </td>
              <td>
                {ended
                  ? `${OUTCOME_WORDS[ended.outcome]}${ended.clientShareBp > 0 ? `: ${formatBp(ended.clientShareBp, 2)} for the client` : ""}`
                  : `until ${formatTime(deadline)}${seconds === undefined ? "" : `, ${formatRelative(deadline, seconds)}`}`}
              </td>
              <td className="max-sm:hidden">
                <Copyable value={evidence} label="hash of the evidence" />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}
