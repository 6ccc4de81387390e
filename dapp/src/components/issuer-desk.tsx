import { type ReactNode, useState } from "react";
import { useConnection } from "wagmi";
import { setCertificateHoldPlan } from "../flows/set-certificate-hold.ts";
import { useIssuers } from "../hooks/use-certificate-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { authorityRole } from "../lib/authority-role.ts";
import type { CertificateView } from "../lib/certificate-view.ts";
import { ISSUER_REASONS } from "../lib/certificate-words.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { HoldCertificateForm } from "./hold-certificate-form.tsx";
import { Panel } from "./panel.tsx";
import { RevokeCertificateForm } from "./revoke-certificate-form.tsx";
import { TransactionDialog } from "./transaction-dialog.tsx";

type Task = "revoke" | "hold";

/** What the wallet of the authority that issued a certificate, or of one above, can do with it. Nothing for others. */
export function IssuerDesk({ certificate }: { certificate: CertificateView }): ReactNode {
  const { address } = useConnection();
  const path = useIssuers(certificate.authorityId).data ?? [];
  const { isAccount, isAbove } = authorityRole(path, address);
  const [task, setTask] = useState<Task>();
  const [plan, setPlan] = useState<TransactionPlan>();
  const canAct = (isAccount || isAbove) && certificate.status !== "Revoked";
  return (
    <>
      {canAct && <Desk {...{ certificate, task }} onTask={setTask} onPlan={setPlan} />}
      <TransactionDialog plan={plan} onClose={() => setPlan(undefined)} onDone={() => setTask(undefined)} />
    </>
  );
}

function Desk({
  certificate,
  task,
  onTask,
  onPlan,
}: {
  certificate: CertificateView;
  task: Task | undefined;
  onTask: (task: Task | undefined) => void;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const form = { certificate, onPlan, onCancel: () => onTask(undefined) };
  return (
    <>
      <Panel
        title="As its authority"
        hint={`The connected wallet is the account of authority ${certificate.authorityId}, or of one above it`}
      >
        <div className="flex flex-wrap gap-2">
          {certificate.held ? (
            <Release {...{ certificate, onPlan }} />
          ) : (
            <button type="button" className="button button-small" onClick={() => onTask("hold")}>
              Hold
            </button>
          )}
          <button type="button" className="button button-small button-danger" onClick={() => onTask("revoke")}>
            Revoke
          </button>
        </div>
      </Panel>
      {task === "revoke" && <RevokeCertificateForm {...form} reasons={ISSUER_REASONS} />}
      {task === "hold" && !certificate.held && <HoldCertificateForm {...form} />}
    </>
  );
}

function Release({
  certificate,
  onPlan,
}: {
  certificate: CertificateView;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const registry = useNetwork().config.contracts.CertificateRegistry;
  return (
    <button
      type="button"
      className="button button-small"
      onClick={() => onPlan(setCertificateHoldPlan({ registry, certificate, held: false, effects: [] }))}
    >
      Release
    </button>
  );
}
