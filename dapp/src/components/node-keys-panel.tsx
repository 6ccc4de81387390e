import type { ReactNode } from "react";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNodeKeys } from "../hooks/use-quantum-lock.ts";
import { formatCount } from "../lib/format.ts";
import type { PublishedKey } from "../lib/network-view.ts";
import { Copyable } from "./copyable.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

/** Attestation keys of the operator's nodes: the one in force, those before it, and how to replace it. */
export function NodeKeysPanel({ nodes }: { nodes: readonly number[] }): ReactNode {
  const keys = useNodeKeys(nodes);
  return (
    <Panel
      title="Attestation keys"
      hint={
        <>
          A new key is in force two epochs after it is published. The key in force or the root key signs its successor:{" "}
          <code className="bg-well rounded px-1 break-words">pqmesh key rotate prepare</code>. The wallet alone cannot
          replace it.
        </>
      }
    >
      <QueryView query={keys}>
        {(known) => (
          <ul className="grid gap-3">
            {nodes.map((node) => (
              <li key={node} className="grid gap-x-4 gap-y-1 sm:grid-cols-[6rem_1fr]" data-keys-of={node}>
                <span className="font-medium">Node {node}</span>
                <KeyList keys={known.get(node) ?? []} />
              </li>
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  );
}

function KeyList({ keys }: { keys: readonly PublishedKey[] }): ReactNode {
  const { epoch = 0 } = useChainTime(5_000);
  const inForce = keys.findLast(({ fromEpoch }) => fromEpoch <= epoch);
  return (
    <ol className="grid gap-1 text-sm">
      {keys.toReversed().map((key) => (
        <li key={`${key.keyHash}-${key.fromEpoch}`} className="flex flex-wrap items-baseline gap-x-3">
          <Copyable value={key.keyHash} label="hash of the attestation key" lead={10} tail={8} />
          <span className={key === inForce ? "text-ok" : "text-muted"}>
            {key === inForce ? "in force" : key.fromEpoch > epoch ? "to come" : "replaced"}
            {key.fromEpoch > 0 && `, from epoch ${formatCount(key.fromEpoch)}`}
          </span>
        </li>
      ))}
    </ol>
  );
}
