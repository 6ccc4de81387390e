import { reasonWords } from "@pqmesh/contracts/protocol/revocation-reason";
import type { Address } from "viem";
import type { CertificateView } from "../lib/certificate-view.ts";
import { serialHex, subjectWords } from "../lib/certificate-words.ts";
import { formatTime } from "../lib/format.ts";
import { type Delegation, statusSteps } from "../lib/status-steps.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** Revokes a certificate: of the wallet's own operator, as its authority or one above, or as a delegate of such. */
export function revokeCertificatePlan({
  registry,
  certificate,
  reason,
  effects,
  delegation,
}: {
  registry: Address;
  certificate: CertificateView;
  /** RFC 5280 reason. */
  reason: number;
  /** What it breaks, one sentence each. */
  effects: readonly string[];
  /** Set where the wallet signs for an authority. */
  delegation?: Delegation | undefined;
}): TransactionPlan {
  const { serial, kind, subject, notAfter } = certificate;
  return {
    title: `Revoke a certificate of ${subjectWords(kind, subject)}`,
    summary: `You revoke the certificate ${serialHex(serial)} of ${subjectWords(kind, subject)}: ${reasonWords(reason)}.`,
    facts: [
      { label: "Serial number", value: serialHex(serial) },
      { label: "Of", value: subjectWords(kind, subject) },
      { label: "Would expire", value: formatTime(notAfter) },
      { label: "Reason", value: `${reason}: ${reasonWords(reason)}` },
    ],
    warning: ["A revocation cannot be undone.", ...effects].join(" "),
    steps: statusSteps({ registry, action: "Revoke", serial, reason, label: "Revoke" }, delegation),
    outcome: () => `The certificate ${serialHex(serial)} is revoked.`,
  };
}
