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
  const count = (settled: number, since: number | undefined) => {
    return [formatCount(settled), since === undefined ? "…" : formatCount(since)] as const;
  };
  const money = (settled: bigint, since: bigint | undefined) => {
    return [formatToken(settled, unit), since === undefined ? "…" : formatToken(since, unit)] as const;
  };
  const lines = [
    ["Proven", ...count(totals.proven, unsettled?.proven)],
    ["Missed", ...count(totals.missed, unsettled?.missed)],
    ["Not reported", ...count(totals.unreported, unsettled?.unreported)],
    [isMetered ? "Earned" : "To the provider", ...money(totals.toProvider, unsettled?.toProvider)],
    ["Returned", ...money(totals.toClient, unsettled?.toClient)],
  ] as const;
  const allowed = missedAllowed(terms, lease.end - lease.start);
  return (
    <Panel
      title="Settlement"
      hint="Final epochs are settled by anyone, any time; the newest are not final yet"
      actions={<CsvButton file={`pqmesh-lease-${id}.csv`} header={CSV_HEADER} rows={rows} />}
    >
      <table className="table [&_:is(th,td):first-child]:pl-0 [&_:is(th,td):last-child]:pr-0">
        <thead>
          <tr>
            <th>Epochs</th>
            <th className="num">Settled</th>
            {status === "Active" && <th className="num">Since then</th>}
          </tr>
        </thead>
        <tbody>
          {lines.map(([name, settled, since]) => (
            <tr key={name} data-settlement={name}>
              <td>{name}</td>
              <td className="num">{settled}</td>
              {status === "Active" && <td className="num text-muted">{since}</td>}
            </tr>
          ))}
        </tbody>
      </table>
      <p className="text-muted mt-3 text-sm">
        {totals.fee > 0n && `${formatToken(totals.fee, unit)} of it went to the treasury as fee. `}
        {status === "Active" &&
          `${formatCount(record.missedEpochs)} of at most ${formatCount(allowed)} missed epochs are counted; the lease also ends after ${formatCount(terms.maxMissedRun)} in a row.`}
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
