import type { ReactNode } from "react";
import { setCertificateHoldPlan } from "../flows/set-certificate-hold.ts";
import { useRevocationEffects } from "../hooks/use-certificate-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { CertificateView } from "../lib/certificate-view.ts";
import { shortSerial, subjectWords } from "../lib/certificate-words.ts";
import type { Delegation } from "../lib/status-steps.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { EffectsNotice } from "./effects-notice.tsx";
import { FormButtons } from "./form-buttons.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

/** Says what a hold of a certificate will break. */
export function HoldCertificateForm({
  certificate,
  delegation,
  onPlan,
  onCancel,
}: {
  certificate: CertificateView;
  /** Set where the wallet signs for an authority. */
  delegation?: Delegation | undefined;
  onPlan: (plan: TransactionPlan) => void;
  onCancel: () => void;
}): ReactNode {
  const { config } = useNetwork();
  const found = useRevocationEffects(certificate, "hold");
  const registry = config.contracts.CertificateRegistry;
  const { kind, subject, serial } = certificate;
  return (
    <Panel
      title={`Hold ${shortSerial(serial)}`}
      hint={`The certificate of ${subjectWords(kind, subject)}, until it is released or revoked`}
    >
      <QueryView query={found}>
        {(effects) => (
          <form
            className="grid gap-4"
            onSubmit={(event) => {
              event.preventDefault();
              onPlan(setCertificateHoldPlan({ registry, certificate, held: true, effects, delegation }));
            }}
          >
            <EffectsNotice {...{ effects }} />
            <FormButtons preview="Preview hold" onCancel={onCancel} />
          </form>
        )}
      </QueryView>
    </Panel>
  );
}
