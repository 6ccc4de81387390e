import type { ReactNode } from "react";
import type { EpochCell } from "../lib/network-view.ts";

const WIDTH = 600;
const HEIGHT = 64;
const SHOWN = 120;

/** Quality of the last attested epochs as a line; gaps where nothing was attested. */
export function QualitySparkline({
  cells,
  degradedBelow,
}: {
  cells: readonly EpochCell[];
  degradedBelow?: number;
}): ReactNode {
  const shown = cells.slice(-SHOWN);
  const x = (i: number): number => (i * WIDTH) / Math.max(1, shown.length - 1);
  const y = (quality: number): number => 3 + (HEIGHT - 6) * (1 - quality / 255);
  let pen = "M";
  let path = "";
  shown.forEach(({ quality }, i) => {
    if (quality === undefined) pen = "M";
    else {
      path += `${pen}${x(i).toFixed(1)} ${y(quality).toFixed(1)}`;
      pen = "L";
    }
  });
  const known = shown.flatMap(({ quality }) => (quality === undefined ? [] : [quality]));
  if (known.length === 0) return <p className="text-muted text-sm">Nothing attested in these epochs.</p>;
  const mean = known.reduce((sum, quality) => sum + quality, 0) / known.length;
  const percent = (quality: number): string => `${Math.floor((quality * 100) / 255)} %`;
  return (
    <figure>
      <svg
        role="img"
        aria-label={`Quality of the last ${shown.length} epochs: mean ${percent(mean)}, lowest ${percent(Math.min(...known))}.`}
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        preserveAspectRatio="none"
        className="h-16 w-full"
      >
        {degradedBelow !== undefined && (
          <line
            x1="0"
            x2={WIDTH}
            y1={y(degradedBelow)}
            y2={y(degradedBelow)}
            stroke="var(--warn)"
            strokeDasharray="4 4"
            vectorEffect="non-scaling-stroke"
          />
        )}
        <path
          d={path}
          fill="none"
          stroke="var(--accent)"
          strokeWidth="2"
          strokeLinejoin="round"
          strokeLinecap="round"
          vectorEffect="non-scaling-stroke"
        />
      </svg>
      <figcaption className="text-muted mt-1 text-sm">
        Mean {percent(mean)}, lowest {percent(Math.min(...known))}
        {degradedBelow !== undefined && `; below ${percent(degradedBelow)} (dashed) an epoch counts as degraded`}.
      </figcaption>
    </figure>
  );
}
