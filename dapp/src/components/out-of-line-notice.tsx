import type { ReactNode } from "react";
import { enforceCertificatesPlan, namesOf } from "../flows/enforce-certificates.ts";
import { useOutOfLine } from "../hooks/use-authority-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Notice } from "./notice.tsx";

/** Offers to bring nodes in line with their certificates, where something happened to an authority above. */
export function OutOfLineNotice({
  authorityId,
  onPlan,
}: {
  authorityId: number;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const registry = useNetwork().config.contracts.CertificateRegistry;
  const certificates = useOutOfLine(authorityId).data ?? [];
  if (certificates.length === 0) return null;
  return (
    <Notice
      tone="warn"
      action={
        <button
          type="button"
          className="button button-small"
          onClick={() => onPlan(enforceCertificatesPlan(registry, certificates))}
        >
          Bring in line
        </button>
      }
    >
      {sentence("Active though the newest certificate is not good", namesOf(certificates, false))}
      {sentence("Barred though the newest certificate is good", namesOf(certificates, true))}
      Any wallet can set that right.
    </Notice>
  );
}

function sentence(words: string, names: string): string {
  return names === "" ? "" : `${words}: ${names}. `;
}
