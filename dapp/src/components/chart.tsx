import { lazy, type ReactNode, Suspense } from "react";
import type { ChartPlotProps } from "./chart-plot.tsx";
import { PartBoundary } from "./part-boundary.tsx";

const ChartPlot = lazy(async () => ({ default: (await import("./chart-plot.tsx")).ChartPlot }));

/** A chart over time with its key. The drawing comes when its code is there, into a space kept for it. */
export function Chart({
  label,
  ...plot
}: ChartPlotProps & { /** What the picture says, for who cannot see it. */ label: string }): ReactNode {
  return (
    <figure>
      <div role="img" aria-label={label} className="h-[200px] w-full overflow-hidden">
        <PartBoundary part="chart">
          <Suspense fallback={null}>
            <ChartPlot {...plot} />
          </Suspense>
        </PartBoundary>
      </div>
      <figcaption className="text-muted mt-2 flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {plot.series.map(({ name, color }) => (
          <span key={name} className="inline-flex items-center gap-1.5">
            <span
              aria-hidden="true"
              className="inline-block size-2.5 rounded-sm"
              style={{ background: `var(${color})` }}
            />
            {name}
          </span>
        ))}
      </figcaption>
    </figure>
  );
}
