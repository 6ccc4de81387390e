import { type ReactNode, useEffect, useRef, useState } from "react";
import type { Hex } from "viem";
import { useNetwork } from "../hooks/use-network.ts";
import { loadVerifier, useVerification, type Verification } from "../hooks/use-verification.ts";
import { formatCount, formatLatency } from "../lib/format.ts";
import { TAMPERED_PARTS, type TamperedPart } from "../lib/tamper-claim.ts";
import { Copyable } from "./copyable.tsx";
import { Icon } from "./icon.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";

/** Fetches an attestation and checks every step of its proof in this browser. */
export function VerifyPanel({
  nodeIndex,
  epoch,
  candidateKeys,
  onVerify,
}: {
  nodeIndex: number;
  /** Epoch chosen; undefined when nothing was attested yet. */
  epoch: number | undefined;
  candidateKeys: readonly Hex[];
  /** Told which epoch is being verified, so that it stays chosen while newer ones arrive. */
  onVerify: (epoch: number) => void;
}): ReactNode {
  const { config } = useNetwork();
  const verification = useVerification();
  const [relayer, setRelayer] = useState("");
  const [tamper, setTamper] = useState<TamperedPart | "">("");
  const { reset, data, error, isPending } = verification;
  const verified = useRef(epoch);
  useEffect(() => {
    if (verified.current !== epoch) reset();
  }, [epoch, reset]);
  useEffect(() => {
    // Fetched ahead; a failure is shown when it is needed.
    loadVerifier().catch(() => undefined);
  }, []);
  const verify = (): void => {
    if (epoch === undefined) return;
    verified.current = epoch;
    onVerify(epoch);
    verification.mutate({
      ...{ nodeIndex, epoch, candidateKeys },
      ...(relayer && { relayer }),
      ...(tamper && { tamper }),
    });
  };
  return (
    <Panel
      title="Verify an attestation"
      hint="Relayer, indexer and this site are not believed; only the chain is, read by RPC."
    >
      <div className="flex flex-wrap items-end gap-2">
        <button
          type="button"
          className="button button-primary"
          disabled={epoch === undefined || isPending}
          onClick={verify}
        >
          <Icon name="shield" />
          {isPending
            ? "Checking …"
            : epoch === undefined
              ? "Nothing to verify yet"
              : `Verify epoch ${formatCount(epoch)}`}
        </button>
        <details className="min-w-0 basis-full">
          <summary className="text-muted text-sm">Which relayer, and what if it lies?</summary>
          <div className="mt-2 grid gap-3 sm:grid-cols-2">
            <label className="text-sm">
              <span className="text-muted">Ask</span>
              <select className="field" value={relayer} onChange={(event) => setRelayer(event.target.value)}>
                <option value="">the first relayer that answers</option>
                {config.relayers.map(({ url }) => (
                  <option key={url}>{url}</option>
                ))}
              </select>
            </label>
            <label className="text-sm">
              <span className="text-muted">Change one bit first, to see it fail</span>
              <select
                className="field"
                value={tamper}
                onChange={(event) => setTamper(event.target.value as TamperedPart | "")}
              >
                <option value="">nothing</option>
                {TAMPERED_PARTS.map((part) => (
                  <option key={part} value={part}>
                    in the {part}
                  </option>
                ))}
              </select>
            </label>
          </div>
        </details>
      </div>
      <div aria-live="polite" className="mt-3 grid gap-3">
        {error && <Notice tone="bad">{error.message}</Notice>}
        {data && <Verdict verification={data} />}
      </div>
    </Panel>
  );
}

function Verdict({
  verification: { steps, relayer, claim, took, request },
}: {
  verification: Verification;
}): ReactNode {
  const holds = steps.every((step) => step.holds);
  const failed = steps.filter((step) => !step.holds).length;
  return (
    <>
      <Notice tone={holds ? "info" : "bad"}>
        <strong data-testid="verdict">
          {holds
            ? "✓ Everything holds."
            : `✗ ${failed} of ${steps.length} checks fail: do not rely on this attestation.`}
        </strong>{" "}
        {request.tamper && `You changed one bit in the ${request.tamper}. `}
        Checked in your browser in {formatLatency(took * 1_000)}; served by {relayer}.
      </Notice>
      <ol className="grid gap-2">
        {steps.map(({ name, title, holds: stepHolds, sentence }) => (
          <li key={name} data-check={name} data-holds={stepHolds} className="flex gap-3">
            <span
              role="img"
              aria-label={stepHolds ? "holds" : "fails"}
              className={`mt-0.5 grid size-6 shrink-0 place-items-center rounded-full text-sm font-bold ${
                stepHolds ? "bg-accent-soft text-ok" : "bg-bad-soft text-bad"
              }`}
            >
              {stepHolds ? "✓" : "✗"}
            </span>
            <div className="min-w-0">
              <p className="font-medium">{title}</p>
              <p className="text-muted text-sm break-words">{sentence}</p>
            </div>
          </li>
        ))}
      </ol>
      <details className="text-sm">
        <summary className="text-muted">What was signed</summary>
        <dl className="mt-2 grid gap-x-4 gap-y-1 sm:grid-cols-[auto_1fr]">
          {Object.entries(claim.attestation).map(([field, value]) => (
            <div key={field} className="contents">
              <dt className="text-muted">{field}</dt>
              <dd>
                {String(value).length > 40 ? (
                  <Copyable value={String(value)} label={field} lead={12} tail={10} />
                ) : (
                  String(value)
                )}
              </dd>
            </div>
          ))}
        </dl>
      </details>
    </>
  );
}
