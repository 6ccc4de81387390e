import "uplot/dist/uPlot.min.css";
import { type ReactNode, useEffect, useRef } from "react";
import uPlot from "uplot";
import { useTheme } from "../hooks/use-theme.ts";
import { formatCount } from "../lib/format.ts";
import type { ReportSummary } from "../lib/network-view.ts";

const HEIGHT = 180;

/** The drawing of a {@link ReportSummary} chart: three heights per epoch, stacked. */
export function ReportPlot({ reports }: { reports: readonly ReportSummary[] }): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot>(undefined);
  const { theme } = useTheme();
  const data = stackedSeries(reports);
  useEffect(() => {
    const element = box.current!;
    const chart = new uPlot(chartOptions(element), [[], [], [], []], element);
    plot.current = chart;
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
      plot.current = undefined;
    };
  }, [theme]);
  useEffect(() => plot.current?.setData(data));
  return <div ref={box} className="h-full w-full" />;
}

/** Epochs and three heights, the tallest series first, as uPlot paints them over each other. */
function stackedSeries(reports: readonly ReportSummary[]): uPlot.AlignedData {
  const byEpoch = new Map<number, { attested: number; degraded: number; absent: number }>();
  for (const { epoch, attested, degraded, absent } of reports) {
    const sum = byEpoch.get(epoch) ?? { attested: 0, degraded: 0, absent: 0 };
    byEpoch.set(epoch, {
      attested: sum.attested + attested,
      degraded: sum.degraded + degraded,
      absent: sum.absent + absent,
    });
  }
  const epochs = [...byEpoch.keys()].sort((a, b) => a - b);
  const at = (epoch: number) => byEpoch.get(epoch)!;
  return [
    epochs,
    epochs.map((e) => at(e).absent + at(e).degraded + at(e).attested),
    epochs.map((e) => at(e).absent + at(e).degraded),
    epochs.map((e) => at(e).absent),
  ];
}

function chartOptions(element: HTMLElement): uPlot.Options {
  const color = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim();
  const bars = uPlot.paths.bars!({ size: [0.82, 16], radius: 0 });
  const series = (name: string): uPlot.Series => ({
    paths: bars,
    fill: color(name),
    width: 0,
    points: { show: false },
  });
  const axis: uPlot.Axis = {
    stroke: color("--muted"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
  };
  return {
    width: element.clientWidth,
    height: HEIGHT,
    cursor: { show: false },
    padding: [12, 8, 0, 0],
    scales: {
      x: { time: false, range: (_, min, max) => [(min ?? 0) - 0.6, (max ?? 1) + 0.6] },
      y: { range: (_, __, max) => [0, Math.max(1, max)] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        grid: { show: false },
        incrs: [1, 2, 5, 10, 20, 50, 100],
        values: (_, at) => at.map(formatCount),
      },
      { ...axis, size: 36, incrs: [1, 2, 5, 10, 50, 100], values: (_, at) => at.map(String) },
    ],
    series: [{}, series("--ok-fill"), series("--warn-fill"), series("--bad-fill")],
  };
}
