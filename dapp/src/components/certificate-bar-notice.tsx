import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import { enforceCertificatesPlan } from "../flows/enforce-certificates.ts";
import { useCertificateBar } from "../hooks/use-authority-queries.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { CertificateBar } from "../lib/certificate-bar.ts";
import { serialHex, STATUS_WORDS } from "../lib/certificate-words.ts";
import { formatCount } from "../lib/format.ts";
import type { NodeSummary } from "../lib/network-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Notice } from "./notice.tsx";
import { TransactionDialog } from "./transaction-dialog.tsx";

const REMEDIES: Readonly<Record<CertificateBar["remedy"], string>> = {
  certificate: "A new certificate lifts the bar when it is recorded: its operator asks for it under My certificates.",
  release: "Its authority can release it; a new certificate lifts the bar, too.",
  authority: "A certificate of another authority, or of this one when it is good again, lifts the bar.",
  enforce: "That one is good, so any wallet can lift the bar.",
};

/** Says that a node is barred by its certificates, and what lifts the bar; nothing while it is not. */
export function CertificateBarNotice({ node: { nodeIndex, active } }: { node: NodeSummary }): ReactNode {
  const { epoch = 0 } = useChainTime();
  const until = active?.until !== undefined && active.until > epoch ? active.until : undefined;
  const registry = useNetwork().config.contracts.CertificateRegistry;
  const bar = useCertificateBar(nodeIndex).data;
  const [plan, setPlan] = useState<TransactionPlan>();
  return (
    <>
      {bar && (
        <div data-testid="certificate-bar" data-remedy={bar.remedy}>
          <Notice
            tone="bad"
            action={
              bar.remedy === "enforce" && bar.certificate ? (
                <button
                  type="button"
                  className="button button-small"
                  onClick={() => setPlan(enforceCertificatesPlan(registry, [bar.certificate!]))}
                >
                  Lift the bar
                </button>
              ) : (
                <Link className="link" to="/my-certificates">
                  My certificates
                </Link>
              )
            }
          >
            Barred by its certificates: it earns nothing
            {until === undefined ? "" : ` from epoch ${formatCount(until)} on`}. <Newest {...{ bar }} />{" "}
            {REMEDIES[bar.remedy]}
          </Notice>
        </div>
      )}
      <TransactionDialog {...{ plan }} onClose={() => setPlan(undefined)} />
    </>
  );
}

function Newest({ bar: { certificate } }: { bar: CertificateBar }): ReactNode {
  if (!certificate) return null;
  return (
    <>
      Its{" "}
      <Link className="link" to={`/certificates/${serialHex(certificate.serial)}`}>
        newest certificate
      </Link>
      : {STATUS_WORDS[certificate.status].toLowerCase()}.
    </>
  );
}
