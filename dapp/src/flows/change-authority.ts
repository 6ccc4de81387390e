import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import { reasonWords } from "@pqmesh/contracts/protocol/revocation-reason";
import type { Address } from "viem";
import { formatTime } from "../lib/format.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** An authority whose status changes, and what that breaks, one sentence each. */
export interface AuthorityChange {
  registry: Address;
  authorityId: number;
  effects: readonly string[];
}

/** Puts an authority on hold, or releases it, as an authority above. */
export function setAuthorityHoldPlan({ held, ...change }: AuthorityChange & { held: boolean }): TransactionPlan {
  const { authorityId, effects } = change;
  const name = `authority ${authorityId}`;
  return {
    title: held ? `Put ${name} on hold` : `Release ${name}`,
    summary: held
      ? `You put ${name} on hold, with everything below it, until it is released or revoked.`
      : `You release ${name} from its hold, with everything below it.`,
    facts: [],
    ...(effects.length > 0 && { warning: effects.join(" ") }),
    steps: [stepOf(change, held ? "Put on hold" : "Release", held ? "holdAuthority" : "releaseAuthority", [])],
    outcome: () => `Authority ${authorityId} is ${held ? "on hold" : "released"}.`,
  };
}

/** Revokes an authority, as its account or that of one above it. */
export function revokeAuthorityPlan({ reason, ...change }: AuthorityChange & { reason: number }): TransactionPlan {
  const { authorityId, effects } = change;
  return {
    title: `Revoke authority ${authorityId}`,
    summary: `You revoke authority ${authorityId} with everything below it: ${reasonWords(reason)}.`,
    facts: [{ label: "Reason", value: `${reason}: ${reasonWords(reason)}` }],
    warning: ["A revocation cannot be undone.", ...effects].join(" "),
    steps: [stepOf(change, "Revoke", "revokeAuthority", [reason])],
    outcome: () => `Authority ${authorityId} is revoked.`,
  };
}

/** Taints an authority, as its account or that of one above it. Times are Unix seconds. */
export function taintAuthorityPlan({
  taintedFrom,
  rotateBy,
  ...change
}: AuthorityChange & { taintedFrom: number; rotateBy: number }): TransactionPlan {
  const { authorityId, effects } = change;
  return {
    title: `Taint authority ${authorityId}`,
    summary: `You say that the key of authority ${authorityId} may be in other hands since ${formatTime(taintedFrom)}.`,
    facts: [
      { label: "Not good any more", value: `what it issued from ${formatTime(taintedFrom)} on` },
      { label: "Revoked", value: `at ${formatTime(rotateBy)}, with everything below it` },
    ],
    warning: ["Both dates can only be moved earlier.", ...effects].join(" "),
    steps: [stepOf(change, "Taint", "taintAuthority", [taintedFrom, rotateBy])],
    outcome: () => `Authority ${authorityId} is tainted.`,
  };
}

function stepOf(
  { registry, authorityId }: AuthorityChange,
  label: string,
  functionName: string,
  args: readonly unknown[],
): TransactionPlan["steps"][number] {
  const call = { address: registry, abi: certificateRegistryAbi, functionName, args: [authorityId, ...args] };
  return callStep(label, call);
}
