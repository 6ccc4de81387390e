import type { ReactNode } from "react";
import { useIncome } from "../hooks/use-lease-queries.ts";
import { type IncomeEntry, incomeCurve } from "../lib/provider-income.ts";
import { formatTokenExact, type TokenUnit } from "../lib/token-amount.ts";
import { Chart } from "./chart.tsx";
import { CsvButton } from "./csv-button.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

const CSV_HEADER = [
  "unixSeconds",
  "lease",
  "listing",
  "fromEpoch",
  "untilEpoch",
  "amount",
  "fee",
  "token",
  "transaction",
];

/** What leases paid over time. */
export function IncomePanel({
  identityId,
  listings,
}: {
  identityId: number;
  /** Numbers of the operator's listings. */
  listings: readonly number[];
}): ReactNode {
  const income = useIncome(identityId, listings);
  const rows = () =>
    (income.data ?? []).map(({ time, leaseId, listingId, from, until, amount, fee, unit, transaction }) => {
      return [time, leaseId, listingId, from, until, amount, fee, unit.symbol, transaction];
    });
  return (
    <Panel
      title="Income"
      hint="Rent after the fee of the treasury, credited to your payout address as it is settled"
      actions={<CsvButton file="pqmesh-income.csv" header={CSV_HEADER} rows={rows} />}
    >
      <QueryView query={income} height="12rem">
        {(entries) =>
          entries.length === 0 ? (
            <p className="text-muted text-sm">Nothing was settled yet; the curve begins then.</p>
          ) : (
            <div className="grid gap-5">
              {tokensOf(entries).map((unit) => (
                <TokenIncome
                  key={unit.address}
                  unit={unit}
                  entries={entries.filter((entry) => entry.unit.address === unit.address)}
                />
              ))}
            </div>
          )
        }
      </QueryView>
    </Panel>
  );
}

function TokenIncome({ unit, entries }: { unit: TokenUnit; entries: readonly IncomeEntry[] }): ReactNode {
  const total = entries.reduce((sum, { amount }) => sum + amount, 0n);
  const { times, sums } = incomeCurve(entries, unit);
  const words = formatTokenExact(total, unit);
  return (
    <div>
      <p>
        <span className="text-2xl font-semibold tracking-tight" data-testid="income">
          {words}
        </span>{" "}
        <span className="text-muted">in all</span>
      </p>
      <Chart
        label={`Income over time: ${words} in all.`}
        times={times}
        series={[
          {
            name: `${unit.symbol}, added up`,
            color: "--ok-fill",
            values: sums,
            ...(times.length === 1 && { kind: "dots" }),
          },
        ]}
      />
    </div>
  );
}

function tokensOf(entries: readonly IncomeEntry[]): TokenUnit[] {
  return [...new Map(entries.map(({ unit }) => [unit.address, unit])).values()];
}
