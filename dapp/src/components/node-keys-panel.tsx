import { lazy, type ReactNode, Suspense } from "react";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNodeKeys } from "../hooks/use-quantum-lock.ts";
import { formatCount } from "../lib/format.ts";
import type { PublishedKey } from "../lib/network-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Copyable } from "./copyable.tsx";
import { Panel } from "./panel.tsx";
import { PartBoundary } from "./part-boundary.tsx";
import { QueryView } from "./query-view.tsx";

/** Its code verifies post-quantum signatures. */
const SignedRotationForm = lazy(async () => ({
  default: (await import("./signed-rotation-form.tsx")).SignedRotationForm,
}));

/** Attestation keys of the operator's nodes: the one in force, those before it, and how to replace it. */
export function NodeKeysPanel({
  nodes,
  onPlan,
}: {
  nodes: readonly number[];
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
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
      <div className="border-line mt-4 grid gap-3 border-t pt-4">
        <div>
          <h3 className="font-semibold">Send a rotation that was signed</h3>
          <p className="text-muted text-sm">
            Any wallet can send the file that <code className="bg-well rounded px-1">pqmesh key sign</code> wrote. Its
            fields and its signature are checked in this browser first.
          </p>
        </div>
        <PartBoundary part="check of rotations">
          <Suspense fallback={<div className="skeleton h-10" />}>
            <SignedRotationForm onPlan={onPlan} />
          </Suspense>
        </PartBoundary>
      </div>
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
