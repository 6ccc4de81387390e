import { type ReactNode, useState } from "react";
import { useConnection } from "wagmi";
import { setCertificateHoldPlan } from "../flows/set-certificate-hold.ts";
import { useDelegation } from "../hooks/use-authority-queries.ts";
import { useIssuers } from "../hooks/use-certificate-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { authorityRole } from "../lib/authority-role.ts";
import type { CertificateView } from "../lib/certificate-view.ts";
import { ISSUER_REASONS } from "../lib/certificate-words.ts";
import type { Delegation } from "../lib/status-steps.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { HoldCertificateForm } from "./hold-certificate-form.tsx";
import { Panel } from "./panel.tsx";
import { RevokeCertificateForm } from "./revoke-certificate-form.tsx";
import { TransactionDialog } from "./transaction-dialog.tsx";

type Task = "revoke" | "hold";

/** What the account of the authority that issued a certificate, or of one above, or a delegate, can do with it. */
export function IssuerDesk({ certificate }: { certificate: CertificateView }): ReactNode {
  const { address } = useConnection();
  const path = useIssuers(certificate.authorityId).data ?? [];
  const { isAccount, isAbove } = authorityRole(path, address);
  const [task, setTask] = useState<Task>();
  const [plan, setPlan] = useState<TransactionPlan>();
  const delegation = useDelegation(path);
  const canAct = (isAccount || isAbove || delegation !== undefined) && certificate.status !== "Revoked";
  const signed = isAccount || isAbove ? undefined : delegation;
  return (
    <>
      {canAct && <Desk {...{ certificate, task }} delegation={signed} onTask={setTask} onPlan={setPlan} />}
      <TransactionDialog plan={plan} onClose={() => setPlan(undefined)} onDone={() => setTask(undefined)} />
    </>
  );
}

function Desk({
  certificate,
  delegation,
  task,
  onTask,
  onPlan,
}: {
  certificate: CertificateView;
  delegation: Delegation | undefined;
  task: Task | undefined;
  onTask: (task: Task | undefined) => void;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const form = { certificate, delegation, onPlan, onCancel: () => onTask(undefined) };
  return (
    <>
      <Panel
        title={delegation ? "As a delegate" : "As its authority"}
        hint={
          delegation
            ? `The connected wallet is a delegate of authority ${delegation.authorityId}: it signs an order, and sends it`
            : `The connected wallet is the account of authority ${certificate.authorityId}, or of one above it`
        }
      >
        <div className="flex flex-wrap gap-2">
          {certificate.held ? (
            <Release {...{ certificate, delegation, onPlan }} />
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
  delegation,
  onPlan,
}: {
  certificate: CertificateView;
  delegation: Delegation | undefined;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const registry = useNetwork().config.contracts.CertificateRegistry;
  return (
    <button
      type="button"
      className="button button-small"
      onClick={() => onPlan(setCertificateHoldPlan({ registry, certificate, held: false, effects: [], delegation }))}
    >
      Release
    </button>
  );
}
