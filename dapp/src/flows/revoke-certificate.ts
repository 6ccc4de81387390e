import { reasonWords } from "@pqmesh/contracts/protocol/revocation-reason";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import type { Address } from "viem";
import type { CertificateView } from "../lib/certificate-view.ts";
import { serialHex, subjectWords } from "../lib/certificate-words.ts";
import { formatTime } from "../lib/format.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Revokes a certificate of the wallet's own operator. */
export function revokeCertificatePlan({
  registry,
  certificate,
  reason,
  effects,
}: {
  registry: Address;
  certificate: CertificateView;
  /** RFC 5280 reason. */
  reason: number;
  /** What it breaks, one sentence each. */
  effects: readonly string[];
}): TransactionPlan {
  const { serial, kind, subject, notAfter } = certificate;
  const call = { address: registry, abi: certificateRegistryAbi, functionName: "revoke", args: [serial, reason] };
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
    steps: [callStep("Revoke", call)],
    outcome: () => `The certificate ${serialHex(serial)} is revoked.`,
  };
}
