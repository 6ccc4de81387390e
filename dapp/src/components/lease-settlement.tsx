import type { ReactNode } from "react";
import { settleLeasePlan } from "../flows/end-lease.ts";
import { useUnsettled } from "../hooks/use-lease-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatCount } from "../lib/format.ts";
import { missedAllowed } from "../lib/lease-cost.ts";
import { type LeaseStory, settledTotals } from "../lib/lease-story.ts";
import type { LeaseView } from "../lib/lease-view.ts";
import { formatToken } from "../lib/token-amount.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { CsvButton } from "./csv-button.tsx";
import { Panel } from "./panel.tsx";

const CSV_HEADER = [
  "fromEpoch",
  "untilEpoch",
  "proven",
  "missed",
  "unreported",
  "toProvider",
  "fee",
  "toClient",
  "transaction",
];

/** What epochs were proven and missed, and who got what for them, as it happens. */
export function LeaseSettlement({
  lease,
  story,
  onPlan,
}: {
  lease: LeaseView;
  story: LeaseStory;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const unsettled = useUnsettled(lease).data;
  const { unit, id, status, terms, record, isMetered } = lease;
  const totals = settledTotals(story.settlements);
  const rows = () =>
    story.settlements.map(({ from, until, proven, missed, toProvider, fee, toClient, transaction }) => {
      return [from, until, proven, missed, until - from - proven - missed, toProvider, fee, toClient, transaction];
    });
  const allowed = missedAllowed(terms, lease.end - lease.start);
  return (
    <Panel
      title="Settlement"
      hint="Final epochs are settled by anyone, any time; the newest are not final yet"
      actions={<CsvButton file={`pqmesh-lease-${id}.csv`} header={CSV_HEADER} rows={rows} />}
    >
      <div className="overflow-x-auto">
        <table className="table [&_td:first-child]:pl-0 [&_td:last-child]:pr-0 [&_th:first-child]:pl-0 [&_th:last-child]:pr-0">
          <thead>
            <tr>
              <th>Epochs</th>
              <th className="num">Proven</th>
              <th className="num">Missed</th>
              <th className="num">Unreported</th>
              <th className="num">{isMetered ? "Earned" : "To provider"}</th>
              <th className="num">Returned</th>
            </tr>
          </thead>
          <tbody>
            <tr data-testid="settled">
              <td>Settled</td>
              <td className="num">{formatCount(totals.proven)}</td>
              <td className="num">{formatCount(totals.missed)}</td>
              <td className="num">{formatCount(totals.unreported)}</td>
              <td className="num">{formatToken(totals.toProvider, unit)}</td>
              <td className="num">{formatToken(totals.toClient, unit)}</td>
            </tr>
            {status === "Active" && unsettled && (
              <tr data-testid="unsettled" className="text-muted">
                <td>Since then</td>
                <td className="num">{formatCount(unsettled.proven)}</td>
                <td className="num">{formatCount(unsettled.missed)}</td>
                <td className="num">{formatCount(unsettled.unreported)}</td>
                <td className="num">{formatToken(unsettled.toProvider, unit)}</td>
                <td className="num">{formatToken(unsettled.toClient, unit)}</td>
              </tr>
            )}
          </tbody>
        </table>
      </div>
      <p className="text-muted mt-3 text-sm">
        {totals.fee > 0n && `${formatToken(totals.fee, unit)} of it went to the treasury as fee. `}
        {status === "Active" &&
          `${formatCount(record.missed)} of at most ${formatCount(allowed)} missed epochs are counted; the lease also ends after ${formatCount(terms.maxMissedRun)} in a row.`}
      </p>
      {status === "Active" && !record.isDisputed && (
        <button
          type="button"
          className="button button-small mt-3"
          onClick={() => onPlan(settleLeasePlan(config.contracts.LeaseEscrow, lease))}
        >
          Settle now
        </button>
      )}
    </Panel>
  );
}
