import type { ReactNode } from "react";
import { Link } from "react-router";
import { type NodeStanding, STANDINGS } from "../lib/node-standing.ts";
import { standingWord } from "./standing-badge.tsx";

/** Nodes drawn; one shard. */
const MOST = 512;
const R = 14;
const STEP_X = Math.sqrt(3) * R + 3;
const STEP_Y = 1.5 * R + 3;

/** A node in the picture. */
export interface MeshNode {
  nodeIndex: number;
  standing: NodeStanding;
}

/** The network as a mesh of hexagons, one per node, each a link to its page. */
export function NodeMesh({ nodes }: { nodes: readonly MeshNode[] }): ReactNode {
  const shown = nodes.slice(0, MOST);
  const columns = Math.max(4, Math.min(26, Math.ceil(Math.sqrt(shown.length * 2.6))));
  const rows = Math.max(1, Math.ceil(shown.length / columns));
  const width = (columns + 0.5) * STEP_X + 4;
  const height = (rows - 1) * STEP_Y + 2 * R + 6;
  return (
    <nav aria-label="Nodes of the network" className="grid gap-3">
      <svg
        viewBox={`0 0 ${width} ${height}`}
        className="mx-auto max-h-64 w-full"
        style={{ maxWidth: `${width * 2.2}px` }}
      >
        {shown.map(({ nodeIndex, standing }, i) => {
          const row = Math.floor(i / columns);
          const x = (i % columns) * STEP_X + (row % 2) * (STEP_X / 2) + STEP_X / 2 + 2;
          const y = row * STEP_Y + R + 3;
          const label = `Node ${nodeIndex}: ${standingWord(standing.standing)}`;
          return (
            <Link key={nodeIndex} to={`/nodes/${nodeIndex}`} className="hex" aria-label={label}>
              <title>{`${label}. ${standing.sentence}`}</title>
              <polygon className={`hex-shape hex-${standing.standing}`} points={hexagon(x, y)} />
              {rows < 9 && <HexText x={x} y={y} {...{ nodeIndex, standing }} />}
            </Link>
          );
        })}
      </svg>
      <Legend nodes={nodes} />
    </nav>
  );
}

/** What the colours mean, for the standings that there are, with their counts. */
function Legend({ nodes }: { nodes: readonly MeshNode[] }): ReactNode {
  const counts = STANDINGS.map((word) => ({
    word,
    count: nodes.filter(({ standing }) => standing.standing === word).length,
  })).filter(({ count }) => count > 0);
  return (
    <ul aria-label="Legend" className="text-muted flex flex-wrap justify-center gap-x-4 gap-y-1 text-sm">
      {counts.map(({ word, count }) => (
        <li key={word} className="inline-flex items-center gap-1.5">
          <svg viewBox="0 0 12 12" className="size-3" aria-hidden="true">
            <circle cx="6" cy="6" r="5" className={`hex-${word}`} />
          </svg>
          {standingWord(word)} {count}
        </li>
      ))}
    </ul>
  );
}

function HexText({ x, y, nodeIndex, standing }: MeshNode & { x: number; y: number }): ReactNode {
  const isDim = standing.standing === "inactive" || standing.standing === "exited";
  return (
    <text
      x={x}
      y={y + 3}
      textAnchor="middle"
      fontSize="8.5"
      fontWeight="600"
      fill={isDim ? "var(--muted)" : "#fff"}
      aria-hidden="true"
    >
      {standing.standing === "absent" || standing.standing === "silent" ? "✕" : nodeIndex}
    </text>
  );
}

function hexagon(x: number, y: number): string {
  return Array.from({ length: 6 }, (_, i) => {
    const angle = (Math.PI / 3) * i + Math.PI / 6;
    return `${(x + R * Math.cos(angle)).toFixed(1)},${(y + R * Math.sin(angle)).toFixed(1)}`;
  }).join(" ");
}
