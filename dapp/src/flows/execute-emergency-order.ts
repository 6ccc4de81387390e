import { reasonWords } from "@pqmesh/contracts/protocol/revocation-reason";
import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import {
  emergencyOrderArgument,
  emergencySentence,
  type SignedEmergencyOrder,
} from "@pqmesh/contracts/protocol/emergency-order";
import { serialHex } from "../lib/certificate-words.ts";
import { formatTime } from "../lib/format.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Certificates that a preview names one by one. */
const NAMED = 5;

/** Sends an emergency order that an offline key signed. Any wallet can. */
export function executeEmergencyOrderPlan(signed: SignedEmergencyOrder): TransactionPlan {
  const { registry, order, digest, signature, key } = signed;
  const { serials, reason, nonce, deadline, action } = order;
  return {
    title: "Send an emergency order",
    summary: emergencySentence(order),
    facts: [
      ...serials
        .slice(0, NAMED)
        .map((serial, i) => ({ label: `Certificate ${i + 1}`, value: serialHex(serial), verbatim: true })),
      ...(serials.length > NAMED ? [{ label: "And", value: `${serials.length - NAMED} more` }] : []),
      ...(action === "AdmitAuthority" ? [] : [{ label: "Reason", value: `${reason}: ${reasonWords(reason)}` }]),
      { label: "Order number", value: String(nonce) },
      { label: "Valid until", value: formatTime(deadline) },
      { label: "Offline key", value: key },
      { label: "Digest signed", value: digest },
    ],
    warning: "A revocation cannot be undone. The chain verifies the SLH-DSA signature, which takes most of the fee.",
    steps: [
      callStep("Execute the order", {
        ...{ address: registry, abi: certificateRegistryAbi },
        ...{ functionName: "executeEmergencyOrder", args: [emergencyOrderArgument(order), signature] },
      }),
    ],
    outcome: () =>
      action === "AdmitAuthority" ? "The successor is admitted." : "Revoked: relayers refuse what is revoked.",
  };
}
