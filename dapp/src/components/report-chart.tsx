import { lazy, type ReactNode, Suspense } from "react";
import type { ReportSummary } from "../lib/network-view.ts";
import { PartBoundary } from "./part-boundary.tsx";

const ReportPlot = lazy(async () => ({ default: (await import("./report-plot.tsx")).ReportPlot }));

/** Attested, degraded and absent nodes per epoch, stacked. The drawing comes when its code is there, into a space kept for it. */
export function ReportChart({ reports }: { reports: readonly ReportSummary[] }): ReactNode {
  return (
    <figure>
      <div role="img" aria-label={describe(reports)} className="h-[180px] w-full overflow-hidden">
        <PartBoundary part="chart">
          <Suspense fallback={null}>
            <ReportPlot reports={reports} />
          </Suspense>
        </PartBoundary>
      </div>
      <figcaption className="text-muted mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm">
        <Key color="var(--ok-fill)" word="attested" />
        <Key color="var(--warn-fill)" word="degraded" />
        <Key color="var(--bad-fill)" word="absent" />
      </figcaption>
    </figure>
  );
}

function Key({ color, word }: { color: string; word: string }): ReactNode {
  return (
    <span className="inline-flex items-center gap-1.5">
      <span aria-hidden="true" className="inline-block size-2.5 rounded-sm" style={{ background: color }} />
      {word}
    </span>
  );
}

function describe(reports: readonly ReportSummary[]): string {
  if (reports.length === 0) return "No reports yet.";
  const absent = reports.reduce((sum, report) => sum + report.absent, 0);
  const degraded = reports.reduce((sum, report) => sum + report.degraded, 0);
  return `Chart of the last ${reports.length} reports: ${absent} absences and ${degraded} degradations.`;
}
