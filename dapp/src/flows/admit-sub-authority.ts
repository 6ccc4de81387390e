import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { CERTIFICATE_KINDS } from "@pqmesh/contracts/protocol/certificate-kind";
import type { Address } from "viem";
import type { AuthorityTerms } from "../lib/authority-templates.ts";
import { formatCount, formatTime } from "../lib/format.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Admits an authority below another, as that one's account. */
export function admitSubAuthorityPlan(registry: Address, parent: number, terms: AuthorityTerms): TransactionPlan {
  const { account, recoveryKey, x509Hash, notAfter, pathLength, kinds, identityFrom, identityUntil } = terms;
  const args = [parent, terms];
  return {
    title: `Admit an authority below authority ${parent}`,
    summary: `You admit an authority below authority ${parent}, whose account ${account} issues and revokes by itself.`,
    facts: [
      { label: "Account", value: account },
      { label: "Issues for", value: CERTIFICATE_KINDS.filter((_, i) => (kinds >> (i + 1)) & 1).join(", ") },
      { label: "Until", value: formatTime(notAfter) },
      { label: "Operators", value: `${formatCount(identityFrom)} to ${formatCount(identityUntil - 1)}` },
      { label: "Levels below it", value: String(pathLength) },
      { label: "Recovery key", value: recoveryKey },
      { label: "SHA-256 of its certificate", value: x509Hash },
    ],
    warning:
      "Its terms cannot be changed afterwards; you can hold, taint or revoke it. Members must have its X.509 certificate before they meet what it issues.",
    steps: [
      callStep("Admit", { address: registry, abi: certificateRegistryAbi, functionName: "admitSubAuthority", args }),
    ],
    outcome: () => `The authority is admitted below authority ${parent}.`,
  };
}
