import "uplot/dist/uPlot.min.css";
import { type ReactNode, useEffect, useRef } from "react";
import uPlot from "uplot";
import { useTheme } from "../hooks/use-theme.ts";
import { formatShort, LOCALE } from "../lib/format.ts";

/** A row of values of a chart. */
export interface ChartSeries {
  name: string;
  /** Name of the CSS variable with its colour. */
  color: string;
  /** One for each time; null where there is none. */
  values: readonly (number | null)[];
  /** Single values are drawn as dots, days as bars; else as a line. */
  kind?: "dots" | "bars";
}

/** What a chart shows. */
export interface ChartPlotProps {
  /** Unix seconds, ascending. */
  times: readonly number[];
  /** Painted in this order; bars over each other. */
  series: readonly ChartSeries[];
}

const HEIGHT = 200;
const DAY = 86_400;

/** The drawing of a chart over time. */
export function ChartPlot({ times, series }: ChartPlotProps): ReactNode {
  const box = useRef<HTMLDivElement>(null);
  const { theme } = useTheme();
  const shown = JSON.stringify([times, series]);
  useEffect(() => {
    const element = box.current!;
    const [xs, rows] = JSON.parse(shown) as [number[], ChartSeries[]];
    const data = [xs, ...rows.map(({ values }) => values)] as uPlot.AlignedData;
    const chart = new uPlot(optionsOf(element, xs, rows), data, element);
    const observer = new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      chart.destroy();
    };
  }, [theme, shown]);
  return <div ref={box} className="h-full w-full" />;
}

function optionsOf(element: HTMLElement, times: readonly number[], rows: readonly ChartSeries[]): uPlot.Options {
  const color = (name: string): string => getComputedStyle(element).getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: color("--muted"),
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
    font: "12px system-ui, sans-serif",
  };
  const range = rangeOf(times, rows);
  return {
    width: element.clientWidth,
    height: HEIGHT,
    cursor: { show: false },
    padding: [12, 28, 0, 0],
    scales: {
      x: { range: () => range },
      y: { range: (_, __, max) => [0, max > 0 ? max * 1.05 : 1] },
    },
    axes: [
      {
        ...axis,
        size: 26,
        grid: { show: false },
        values: (...[, times, , , step]) => times.map((time) => dayWord(time, step)),
      },
      { ...axis, size: 52, values: (_, at) => at.map(formatShort) },
    ],
    series: [{}, ...rows.map((row) => seriesOf(row, color(row.color)))],
  };
}

/** From the first to the last time; bars have a day around them, and a week at least. */
function rangeOf(times: readonly number[], rows: readonly ChartSeries[]): [number, number] {
  const [first = 0, last = 1] = [times[0], times.at(-1)];
  if (!rows.some(({ kind }) => kind === "bars")) return [first, Math.max(last, first + 1)];
  return [Math.min(first - DAY / 2, last - 6.5 * DAY), last + DAY / 2];
}

function seriesOf({ kind }: ChartSeries, color: string): uPlot.Series {
  if (kind === "bars") {
    const paths = uPlot.paths.bars!({ size: [0.7, 28], radius: 0.1 });
    return { paths, fill: color, width: 0, points: { show: false } };
  }
  if (kind === "dots") return { stroke: color, paths: () => null, points: { show: true, size: 9, fill: color } };
  return { stroke: color, width: 2, points: { show: false }, spanGaps: true };
}

/** A time on the axis: year, month or day, by the distance of the marks. */
function dayWord(unixSeconds: number, step: number): string {
  const date = new Date(unixSeconds * 1_000);
  if (step >= 300 * DAY) return String(date.getFullYear());
  const options: Intl.DateTimeFormatOptions =
    step >= 27 * DAY
      ? { month: "short", year: "2-digit" }
      : step >= DAY
        ? { month: "short", day: "numeric" }
        : { hour: "2-digit", minute: "2-digit" };
  return date.toLocaleString(LOCALE, options);
}
