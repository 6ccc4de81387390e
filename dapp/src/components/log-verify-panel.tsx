import { useMutation } from "@tanstack/react-query";
import { type ReactNode, useEffect } from "react";
import { useNetwork } from "../hooks/use-network.ts";
import { checkInclusion, type InclusionCheck } from "../lib/certificate-log.ts";
import { formatCount } from "../lib/format.ts";
import { Copyable } from "./copyable.tsx";
import { Fact } from "./fact.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";

/** Proves in this browser that an entry is in the log whose head the chain has. */
export function LogVerifyPanel({ index }: { index: number }): ReactNode {
  const services = useNetwork();
  const check = useMutation({ mutationFn: () => checkInclusion(services, index) });
  const { mutate } = check;
  useEffect(() => mutate(), [mutate, index]);
  return (
    <Panel
      title={`Entry ${index}`}
      hint="All entries are hashed here (RFC 9162, SHA-256); the proof must lead to the head that the chain has"
    >
      <div aria-live="polite" data-testid="inclusion" data-included={check.data?.isIncluded}>
        {check.isPending && <p className="text-muted">Hashing the log …</p>}
        {check.error && <Notice tone="bad">The entries could not be read. {check.error.message}</Notice>}
        {check.data && <Found check={check.data} />}
      </div>
    </Panel>
  );
}

function Found({ check: { isIncluded, head, leaf, proof } }: { check: InclusionCheck }): ReactNode {
  return (
    <div className="grid gap-3">
      {isIncluded ? (
        <Notice>✓ The entry is in the log of size {formatCount(head.size)} whose root hash the chain has.</Notice>
      ) : (
        <Notice tone="bad">
          The entries do not lead to the root hash on chain: whoever served them dropped or changed one.
        </Notice>
      )}
      <dl className="grid gap-3">
        <Fact name="Leaf hash">
          <Copyable value={leaf} label="leaf hash" full />
        </Fact>
        <Fact name="Root hash on chain">
          <Copyable value={head.root} label="root hash" full />
        </Fact>
        <Fact name={`Inclusion proof, size ${proof.length}`}>
          <ol className="grid gap-0.5">
            {proof.map((hash, i) => (
              <li key={i} className="text-muted font-mono text-xs break-all">
                {hash}
              </li>
            ))}
          </ol>
        </Fact>
      </dl>
    </div>
  );
}
