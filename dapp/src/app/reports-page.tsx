import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import { CsvButton } from "../components/csv-button.tsx";
import { DisputeTabs } from "../components/dispute-tabs.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { Pager } from "../components/pager.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { ReportFilters } from "../components/report-filters.tsx";
import { ReportTable } from "../components/report-table.tsx";
import { useReports } from "../hooks/use-dispute-queries.ts";
import { useOverview } from "../hooks/use-network-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import type { ReportSummary } from "../lib/network-view.ts";
import { readReportListing, REPORTS_PER_PAGE } from "../lib/report-listing.ts";

const CSV_HEADER = ["epoch", "shard", "round", "attested", "absent", "degraded", "signers", "root", "transaction"];

/** The table of reports. Filter and page are in the address, so that a view can be shared. */
export function ReportsPage(): ReactNode {
  usePageTitle("Reports");
  const [params, setParams] = useSearchParams();
  const listing = readReportListing(params);
  const reports = useReports(listing);
  const { data: overview } = useOverview();
  const seats = overview?.relayers.filter(({ seat }) => seat !== undefined).length ?? 0;
  const change = (changes: Record<string, string>): void => {
    const next = new URLSearchParams(params);
    if (!("page" in changes)) next.delete("page");
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setParams(next, { replace: true });
  };
  const turnTo = (page: number, shown: readonly ReportSummary[]): void => {
    // The newest report of the first page stays where it is while newer ones arrive.
    const upTo = listing.upTo ?? shown[0]?.epoch;
    change({ page: page > 1 ? String(page) : "", ...(upTo !== undefined && { upto: String(upTo) }) });
  };
  const rows = () => (reports.data ?? []).slice(0, REPORTS_PER_PAGE).map(csvRow);
  return (
    <div className="grid gap-4">
      <DisputeTabs title="Reports">
        Every epoch the committee says for each shard who attested. More than two thirds of it sign, and whoever signs a
        leaf that does not hold loses stake.
      </DisputeTabs>
      <Panel flush>
        <ReportFilters
          listing={listing}
          shards={Math.ceil((overview?.nodeCount ?? 1) / 512)}
          onChange={change}
          actions={<CsvButton file="pqmesh-reports.csv" header={CSV_HEADER} rows={rows} />}
        />
        <QueryView query={reports} height="24rem">
          {(found) => (
            <>
              {found.length > 0 ? (
                <ReportTable reports={found.slice(0, REPORTS_PER_PAGE)} seats={seats} />
              ) : (
                <EmptyState title={params.size > 0 ? "No report fits" : "No report yet"}>
                  {params.size > 0 ? (
                    <button type="button" className="link" onClick={() => setParams({}, { replace: true })}>
                      Show all reports
                    </button>
                  ) : (
                    "The first one follows two epochs after nodes are staked."
                  )}
                </EmptyState>
              )}
              {(listing.page > 1 || found.length > REPORTS_PER_PAGE) && (
                <Pager
                  page={listing.page}
                  pages={{ more: found.length > REPORTS_PER_PAGE }}
                  onPage={(page) => turnTo(page, found)}
                />
              )}
            </>
          )}
        </QueryView>
      </Panel>
    </div>
  );
}

function csvRow(r: ReportSummary): (string | number)[] {
  return [r.epoch, r.shard, r.round, r.attested, r.absent, r.degraded, r.signerCount, r.root, r.transaction];
}
