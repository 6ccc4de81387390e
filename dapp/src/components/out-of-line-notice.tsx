import { countedWords } from "@pqmesh/contracts/protocol/exact-words";
import type { ReactNode } from "react";
import { enforceCertificatesPlan } from "../flows/enforce-certificates.ts";
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
      {countedWords(certificates.length, "node")} {certificates.length === 1 ? "is" : "are"} active, or barred, against
      what the newest certificate says. Any wallet can set that right.
    </Notice>
  );
}
