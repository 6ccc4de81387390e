import { type ReactNode, useState } from "react";
import { revokeCertificatePlan } from "../flows/revoke-certificate.ts";
import { useReplacedInOverlap, useRevocationEffects } from "../hooks/use-certificate-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { CertificateView } from "../lib/certificate-view.ts";
import { type ReasonChoices, shortSerial, subjectWords } from "../lib/certificate-words.ts";
import { formatTime } from "../lib/format.ts";
import type { Delegation } from "../lib/status-steps.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { EffectsNotice } from "./effects-notice.tsx";
import { FormButtons } from "./form-buttons.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";
import { ReasonField } from "./reason-field.tsx";

/** Asks for the reason of a revocation and says what it will break. */
export function RevokeCertificateForm({
  certificate,
  reasons,
  delegation,
  onPlan,
  onCancel,
}: {
  certificate: CertificateView;
  /** Those that the wallet may give. */
  reasons: ReasonChoices;
  /** Set where the wallet signs for an authority. */
  delegation?: Delegation | undefined;
  onPlan: (plan: TransactionPlan) => void;
  onCancel: () => void;
}): ReactNode {
  const { config } = useNetwork();
  const [reason, setReason] = useState(0);
  const [endsReplaced, setEndsReplaced] = useState(true);
  const found = useRevocationEffects(certificate, "revoke");
  const good = useReplacedInOverlap(certificate);
  const registry = config.contracts.CertificateRegistry;
  const { kind, subject, serial } = certificate;
  return (
    <Panel
      title={`Revoke ${shortSerial(serial)}`}
      hint={`The certificate of ${subjectWords(kind, subject)}, at once and for ever`}
    >
      <QueryView query={found}>
        {(effects) => (
          <QueryView query={good}>
            {(overlapping) => {
              const replaced = endsReplaced ? overlapping : [];
              return (
                <form
                  className="grid gap-4"
                  onSubmit={(event) => {
                    event.preventDefault();
                    onPlan(revokeCertificatePlan({ registry, certificate, replaced, reason, effects, delegation }));
                  }}
                >
                  <ReasonField {...{ reasons, reason }} onChange={setReason} />
                  {overlapping.length > 0 && (
                    <ReplacedChoice {...{ overlapping }} isChosen={endsReplaced} onChoose={setEndsReplaced} />
                  )}
                  <EffectsNotice {...{ effects }} />
                  <FormButtons preview="Preview revocation" onCancel={onCancel} />
                </form>
              );
            }}
          </QueryView>
        )}
      </QueryView>
    </Panel>
  );
}

function ReplacedChoice({
  overlapping,
  isChosen,
  onChoose,
}: {
  /** Newest first. */
  overlapping: readonly CertificateView[];
  isChosen: boolean;
  onChoose: (isChosen: boolean) => void;
}): ReactNode {
  return (
    <label className="flex items-baseline gap-2 text-sm">
      <input type="checkbox" checked={isChosen} onChange={(event) => onChoose(event.target.checked)} />
      <span>
        Also end what it replaced: whoever has the key goes on with{" "}
        {overlapping
          .map(({ serial, revokedAt = 0 }) => `${shortSerial(serial)} until ${formatTime(revokedAt)}`)
          .join(", ")}
        , when their overlap is over.
      </span>
    </label>
  );
}
