import type { Address } from "viem";
import type { CertificateView } from "../lib/certificate-view.ts";
import { serialHex, subjectWords } from "../lib/certificate-words.ts";
import { type Delegation, statusSteps } from "../lib/status-steps.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** Puts a certificate on hold, or releases it, as its authority or one above, or as a delegate of such. */
export function setCertificateHoldPlan({
  registry,
  certificate: { serial, kind, subject },
  held,
  effects,
  delegation,
}: {
  registry: Address;
  certificate: CertificateView;
  held: boolean;
  /** What it breaks, one sentence each. */
  effects: readonly string[];
  /** Set where the wallet signs for an authority. */
  delegation?: Delegation | undefined;
}): TransactionPlan {
  const action = held ? "Hold" : "Release";
  const who = subjectWords(kind, subject);
  return {
    title: held ? `Put a certificate of ${who} on hold` : `Release a certificate of ${who}`,
    summary: held
      ? `You put the certificate ${serialHex(serial)} of ${who} on hold, until it is released or revoked.`
      : `You release the certificate ${serialHex(serial)} of ${who} from its hold.`,
    facts: [
      { label: "Serial number", value: serialHex(serial), verbatim: true },
      { label: "Of", value: who },
    ],
    ...(effects.length > 0 && { warning: effects.join(" ") }),
    steps: statusSteps(
      { registry, action, serials: [serial], reason: 0, label: held ? "Put on hold" : "Release" },
      delegation,
    ),
    outcome: () => `The certificate ${serialHex(serial)} is ${held ? "on hold" : "released"}.`,
  };
}
