import { reasonWords } from "@pqmesh/contracts/protocol/revocation-reason";
import type { Address } from "viem";
import type { CertificateView } from "../lib/certificate-view.ts";
import { serialHex, subjectWords } from "../lib/certificate-words.ts";
import { formatTime } from "../lib/format.ts";
import { type Delegation, statusSteps } from "../lib/status-steps.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** Revokes a certificate, and those that it replaced where wanted: of the wallet's own operator, as its authority or one above, or as a delegate of such. */
export function revokeCertificatePlan({
  registry,
  certificate,
  replaced,
  reason,
  effects,
  delegation,
}: {
  registry: Address;
  certificate: CertificateView;
  /** Those that it took the place of and that are revoked with it. */
  replaced: readonly CertificateView[];
  /** RFC 5280 reason. */
  reason: number;
  /** What it breaks, one sentence each. */
  effects: readonly string[];
  /** Set where the wallet signs for an authority. */
  delegation?: Delegation | undefined;
}): TransactionPlan {
  const { serial, kind, subject, notAfter } = certificate;
  const serials = [serial, ...replaced.map((one) => one.serial)];
  return {
    title: `Revoke a certificate of ${subjectWords(kind, subject)}`,
    summary: `You revoke the certificate ${serialHex(serial)} of ${subjectWords(kind, subject)}: ${reasonWords(reason)}.`,
    facts: [
      { label: "Serial number", value: serialHex(serial), verbatim: true },
      { label: "Of", value: subjectWords(kind, subject) },
      { label: "Would expire", value: formatTime(notAfter) },
      ...replaced.map((one) => ({ label: "With it", value: `${serialHex(one.serial)}, which it replaced` })),
      { label: "Reason", value: `${reason}: ${reasonWords(reason)}` },
    ],
    warning: ["A revocation cannot be undone.", ...effects].join(" "),
    steps: statusSteps({ registry, action: "Revoke", serials, reason, label: "Revoke" }, delegation),
    outcome: () => `The certificate ${serialHex(serial)} is revoked.`,
  };
}
