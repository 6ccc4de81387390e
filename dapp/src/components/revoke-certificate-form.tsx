import { type ReactNode, useState } from "react";
import { revokeCertificatePlan } from "../flows/revoke-certificate.ts";
import { useRevocationEffects } from "../hooks/use-certificate-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { CertificateView } from "../lib/certificate-view.ts";
import { OWN_REASONS, shortSerial, subjectWords } from "../lib/certificate-words.ts";
import type { OperatorAccount } from "../lib/operator-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Field } from "./field.tsx";
import { Notice } from "./notice.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

/** Asks for the reason of a revocation and says what it will break. */
export function RevokeCertificateForm({
  operator,
  certificate,
  newest,
  onPlan,
  onCancel,
}: {
  operator: OperatorAccount;
  certificate: CertificateView;
  /** Newest certificate of the same subject. */
  newest: bigint | undefined;
  onPlan: (plan: TransactionPlan) => void;
  onCancel: () => void;
}): ReactNode {
  const { config } = useNetwork();
  const [reason, setReason] = useState(0);
  const found = useRevocationEffects(operator, certificate, newest);
  const registry = config.contracts.CertificateRegistry;
  const { kind, subject, serial } = certificate;
  return (
    <Panel
      title={`Revoke ${shortSerial(serial)}`}
      hint={`The certificate of ${subjectWords(kind, subject)}, at once and for ever`}
    >
      <QueryView query={found}>
        {(effects) => (
          <form
            className="grid gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              onPlan(revokeCertificatePlan({ registry, certificate, reason, effects }));
            }}
          >
            <Field label="Reason" hint="It is public, and kept for ever (RFC 5280 section 5.3.1).">
              {(props) => (
                <select
                  {...props}
                  className="field"
                  value={reason}
                  onChange={(event) => setReason(Number(event.target.value))}
                >
                  {OWN_REASONS.map(([code, words]) => (
                    <option key={code} value={code}>
                      {words}
                    </option>
                  ))}
                </select>
              )}
            </Field>
            <Notice tone="warn">
              <p className="font-medium">What it breaks</p>
              <ul className="list-disc pl-5" data-testid="revocation-effects">
                {effects.map((effect) => (
                  <li key={effect}>{effect}</li>
                ))}
              </ul>
            </Notice>
            <div className="flex flex-wrap gap-2">
              <button type="submit" className="button button-primary">
                Preview revocation
              </button>
              <button type="button" className="button" onClick={onCancel}>
                Not now
              </button>
            </div>
          </form>
        )}
      </QueryView>
    </Panel>
  );
}
