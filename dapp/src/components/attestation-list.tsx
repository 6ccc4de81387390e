import { type ReactNode, useState } from "react";
import { useAttestations } from "../hooks/use-network-queries.ts";
import { formatCount, formatTime } from "../lib/format.ts";
import type { ListedAttestation } from "../lib/relayer-client.ts";
import { Copyable } from "./copyable.tsx";
import { CsvButton } from "./csv-button.tsx";
import { EmptyState } from "./empty-state.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

const STEP = 10;
const CSV_HEADER = ["epoch", "sequence", "digest", "storedAt"];

/** Newest attestations that a relayer holds of a node. */
export function AttestationList({
  nodeIndex,
  selected,
  onSelect,
}: {
  nodeIndex: number;
  selected: number | undefined;
  onSelect: (epoch: number) => void;
}): ReactNode {
  const [limit, setLimit] = useState(STEP);
  const query = useAttestations(nodeIndex, limit);
  const attestations = query.data?.attestations ?? [];
  const rows = () => attestations.map((a) => [a.epoch, a.sequence, a.digest, storedAt(a)]);
  return (
    <Panel
      title="Attestations"
      hint={query.data ? `Held by ${query.data.relayer}, newest first; choose one to verify it` : undefined}
      actions={<CsvButton file={`pqmesh-node-${nodeIndex}-attestations.csv`} header={CSV_HEADER} rows={rows} />}
      flush
    >
      <div className="overflow-x-auto">
        <QueryView query={query}>
          {() =>
            attestations.length === 0 ? (
              <EmptyState title="No attestation is held yet">An active node signs one every epoch.</EmptyState>
            ) : (
              <table className="table">
                <thead>
                  <tr>
                    <th>Epoch</th>
                    <th className="num max-sm:hidden">Sequence</th>
                    <th>Digest</th>
                    <th className="max-sm:hidden">Stored</th>
                    <th>
                      <span className="sr-only">Check</span>
                    </th>
                  </tr>
                </thead>
                <tbody>
                  {attestations.map(({ epoch, sequence, digest, receivedMs }) => (
                    <tr key={`${epoch}-${sequence}`} className={epoch === selected ? "bg-accent-soft" : ""}>
                      <td className="font-medium">{formatCount(epoch)}</td>
                      <td className="num max-sm:hidden">{formatCount(sequence)}</td>
                      <td>
                        <Copyable value={digest} label="digest" />
                      </td>
                      <td className="text-muted max-sm:hidden">
                        {receivedMs ? formatTime(Math.floor(receivedMs / 1_000)) : "–"}
                      </td>
                      <td className="num">
                        <button
                          type="button"
                          className="button button-small"
                          aria-pressed={epoch === selected}
                          onClick={() => onSelect(epoch)}
                        >
                          Check this
                        </button>
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
            )
          }
        </QueryView>
        {attestations.length >= limit && (
          <p className="p-3">
            <button type="button" className="button button-small" onClick={() => setLimit(limit + 4 * STEP)}>
              Show more
            </button>
          </p>
        )}
      </div>
    </Panel>
  );
}

function storedAt({ receivedMs }: ListedAttestation): string | undefined {
  return receivedMs === undefined ? undefined : new Date(receivedMs).toISOString();
}
