import type { EpochStatus } from "@pqmesh/contracts/protocol/epoch-status";
import { type KeyboardEvent, type ReactNode, useState } from "react";
import { useNetwork } from "../hooks/use-network.ts";
import { epochStart } from "../lib/epoch-schedule.ts";
import { formatCount, formatTime } from "../lib/format.ts";
import type { EpochCell } from "../lib/network-view.ts";
import { countStatuses } from "../lib/uptime-history.ts";

const ROWS = 6;
const CELL = 11;
const GAP = 2;
/** Columns drawn at least, so that the picture of a young network has its full width. */
const COLUMNS = 60;
const LEGEND: EpochStatus[] = ["Attested", "Degraded", "Absent", "Unreported", "Pending", "Inactive"];

/** Statuses of the last epochs as a picture, oldest at the left; arrow keys walk through it. */
export function UptimeHeatmap({
  cells,
  selected,
  onSelect,
}: {
  /** Oldest first. */
  cells: readonly EpochCell[];
  selected: number | undefined;
  onSelect: (epoch: number) => void;
}): ReactNode {
  const [hovered, setHovered] = useState<EpochCell>();
  const columns = Math.max(COLUMNS, Math.ceil(cells.length / ROWS));
  const unused = columns * ROWS - cells.length;
  const first = cells[0]?.epoch ?? 0;
  const shown = hovered ?? cells.find(({ epoch }) => epoch === selected) ?? cells.at(-1);
  const move = (event: KeyboardEvent): void => {
    const step = { ArrowRight: ROWS, ArrowLeft: -ROWS, ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const at = (selected ?? cells.at(-1)?.epoch ?? first) + step;
    if (at >= first && at < first + cells.length) onSelect(at);
  };
  return (
    <div>
      <div className="overflow-x-auto pb-1" dir="rtl">
        <svg
          style={{ direction: "ltr" }}
          role="application"
          aria-label={`${describe(cells)} Arrow keys choose an epoch.`}
          tabIndex={0}
          viewBox={`-1 -1 ${columns * (CELL + GAP) + 2} ${ROWS * (CELL + GAP) + 2}`}
          className="h-[104px] w-auto max-w-none min-w-full"
          preserveAspectRatio="xMaxYMid meet"
          onKeyDown={move}
          onPointerLeave={() => setHovered(undefined)}
        >
          {Array.from({ length: unused }, (_, i) => (
            <rect key={`none-${i}`} {...placeOf(i)} width={CELL} height={CELL} rx="2" className="cell-none" />
          ))}
          {cells.map((cell, i) => (
            <Cell
              key={cell.epoch}
              cell={cell}
              {...placeOf(unused + i)}
              selected={cell.epoch === selected}
              onHover={setHovered}
              onSelect={onSelect}
            />
          ))}
        </svg>
      </div>
      <p className="mt-2 min-h-6 text-sm" aria-live="polite">
        {shown && <CellWords cell={shown} />}
      </p>
      <ul className="text-muted mt-1 flex flex-wrap gap-x-4 gap-y-1 text-sm">
        {LEGEND.map((status) => (
          <li key={status} className="inline-flex items-center gap-1.5">
            <svg aria-hidden="true" width="12" height="12" viewBox="-1 -1 13 13">
              <rect width={CELL} height={CELL} rx="2" className={`cell-${status.toLowerCase()}`} />
              {status === "Absent" && <path d="M3 3l5 5M8 3l-5 5" stroke="#fff" strokeWidth="1.4" />}
            </svg>
            {status.toLowerCase()} {formatCount(countStatuses(cells)[status])}
          </li>
        ))}
      </ul>
    </div>
  );
}

function placeOf(position: number): { x: number; y: number } {
  return { x: Math.floor(position / ROWS) * (CELL + GAP), y: (position % ROWS) * (CELL + GAP) };
}

function Cell({
  cell,
  x,
  y,
  selected,
  onHover,
  onSelect,
}: {
  cell: EpochCell;
  x: number;
  y: number;
  selected: boolean;
  onHover: (cell: EpochCell) => void;
  onSelect: (epoch: number) => void;
}): ReactNode {
  const { status, quality } = cell;
  const opacity = status === "Attested" ? 0.45 + (0.55 * (quality ?? 255)) / 255 : 1;
  return (
    <g
      data-epoch={cell.epoch}
      data-status={status}
      className="cursor-pointer"
      onPointerEnter={() => onHover(cell)}
      onClick={() => onSelect(cell.epoch)}
    >
      <rect
        x={x}
        y={y}
        width={CELL}
        height={CELL}
        rx="2"
        className={`cell-${status.toLowerCase()}`}
        opacity={opacity}
      />
      {status === "Absent" && (
        <path d={`M${x + 3} ${y + 3}l5 5M${x + 8} ${y + 3}l-5 5`} stroke="#fff" strokeWidth="1.4" />
      )}
      {selected && (
        <rect x={x} y={y} width={CELL} height={CELL} rx="2" fill="none" stroke="var(--ink)" strokeWidth="2" />
      )}
    </g>
  );
}

function CellWords({ cell: { epoch, status, quality } }: { cell: EpochCell }): ReactNode {
  const { config } = useNetwork();
  const grade = quality === undefined ? "" : `, quality ${Math.floor((quality * 100) / 255)} %`;
  return (
    <>
      <span className="font-semibold">Epoch {formatCount(epoch)}</span>: {status.toLowerCase()}
      {grade} <span className="text-muted">· {formatTime(epochStart(config.epoch, epoch))}</span>
    </>
  );
}

function describe(cells: readonly EpochCell[]): string {
  const counts = countStatuses(cells);
  const words = LEGEND.filter((status) => counts[status] > 0).map((s) => `${counts[s]} ${s.toLowerCase()}`);
  return `Uptime over the last ${cells.length} epochs: ${words.join(", ")}.`;
}
