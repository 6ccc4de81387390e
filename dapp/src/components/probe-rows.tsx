import type { EpochStatus } from "@pqmesh/contracts/protocol/epoch-status";
import type { ProbedEpoch } from "@pqmesh/contracts/protocol/probe-journal";
import { type ReactNode, useState } from "react";
import { formatCount } from "../lib/format.ts";
import { type ProbeResult, resultOf } from "../lib/probe-view.ts";

const CELL = 12;
const GAP = 2;
/** Columns drawn at least, so that few epochs are not drawn huge. */
const COLUMNS = 40;
/** Statuses that look like a result of probes. */
const LOOKS: Readonly<Record<ProbeResult, EpochStatus>> = {
  served: "Attested",
  "served in part": "Degraded",
  "not served": "Absent",
};

/** One column for each probed epoch, oldest at the left: the client's probes above, the committee's view below. */
export function ProbeRows({
  epochs,
  statuses,
}: {
  /** Lowest first. */
  epochs: readonly ProbedEpoch[];
  /** Of the same epochs. */
  statuses: readonly EpochStatus[];
}): ReactNode {
  const [chosen, setChosen] = useState(epochs.length - 1);
  const at = Math.min(chosen, epochs.length - 1);
  const results = epochs.map(resultOf);
  return (
    <div>
      <Row
        title="Own probes"
        words={counted(results)}
        looks={results.map((result) => LOOKS[result])}
        onChoose={setChosen}
      >
        Prove to you that the endpoint answered; to others they are your word.
      </Row>
      <Row title="Committee" words={counted(statuses)} looks={statuses} onChoose={setChosen}>
        Proves to everyone that the node signed in the epoch, and decides who is paid; it does not see the endpoint.
      </Row>
      <p className="mt-2 text-sm" aria-live="polite">
        <Words seen={epochs[at]!} status={statuses[at]!} />
      </p>
    </div>
  );
}

function Row({
  title,
  words,
  looks,
  onChoose,
  children,
}: {
  title: string;
  words: string;
  looks: readonly EpochStatus[];
  onChoose: (column: number) => void;
  /** What the row proves, in a sentence. */
  children: ReactNode;
}): ReactNode {
  const columns = Math.max(COLUMNS, looks.length);
  return (
    <div className="mb-2">
      <p className="text-sm">
        <span className="font-semibold">{title}</span> <span className="text-muted">{children}</span>
      </p>
      <div className="overflow-x-auto py-1">
        <svg
          role="img"
          aria-label={`${title}: ${words}.`}
          viewBox={`-1 -1 ${columns * (CELL + GAP) + 2} ${CELL + 2}`}
          className="h-[18px] w-auto max-w-none"
        >
          {looks.map((look, i) => (
            <g key={i} data-status={look} onPointerEnter={() => onChoose(i)}>
              <rect x={i * (CELL + GAP)} width={CELL} height={CELL} rx="2" className={`cell-${look.toLowerCase()}`} />
              {look === "Absent" && (
                <path d={`M${i * (CELL + GAP) + 3.5} 3.5l5 5m0 -5l-5 5`} stroke="#fff" strokeWidth="1.4" />
              )}
            </g>
          ))}
        </svg>
      </div>
      <p className="text-muted text-sm">{words}</p>
    </div>
  );
}

function Words({ seen, status }: { seen: ProbedEpoch; status: EpochStatus }): ReactNode {
  const { epoch, served, probes, medianMilliseconds } = seen;
  const time = medianMilliseconds === null ? "" : `, median ${medianMilliseconds.toFixed(1)} ms`;
  return (
    <>
      <span className="font-semibold">Epoch {formatCount(epoch)}</span>: {formatCount(served)} of {formatCount(probes)}{" "}
      probe{probes === 1 ? "" : "s"} served{time}{" "}
      <span className="text-muted">· committee: {status.toLowerCase()}</span>
    </>
  );
}

/** How many of each there are, in words. */
function counted(names: readonly string[]): string {
  const groups = [...Map.groupBy(names, (name) => name.toLowerCase())];
  return groups.map(([name, of]) => `${formatCount(of.length)} ${name}`).join(" · ");
}
