import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import type { Address, Hex } from "viem";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Allows or dismisses a delegate, which revokes, holds and releases by signature, as the authority's account. */
export function setDelegatePlan({
  registry,
  authorityId,
  signer,
  allowed,
}: {
  registry: Address;
  authorityId: number;
  /** An address, or an ERC-7913 verifier and key. */
  signer: Hex;
  allowed: boolean;
}): TransactionPlan {
  const args = [authorityId, signer, allowed];
  return {
    title: `${allowed ? "Name" : "Dismiss"} a delegate of authority ${authorityId}`,
    summary: allowed
      ? `You let a signer revoke, hold and release certificates of authority ${authorityId} and below it, by signatures that anybody can send.`
      : `You dismiss a delegate of authority ${authorityId}: what it signed and nobody sent is void.`,
    facts: [{ label: "Signer", value: signer }],
    ...(allowed && { warning: "What a delegate revokes stays revoked, also after it is dismissed." }),
    steps: [
      callStep(allowed ? "Name the delegate" : "Dismiss the delegate", {
        ...{ address: registry, abi: certificateRegistryAbi, functionName: "setDelegate", args },
      }),
    ],
    outcome: () => (allowed ? "The delegate is named." : "The delegate is dismissed."),
  };
}

/** Hands an authority to another account, as its account. */
export function handOverAuthorityPlan(registry: Address, authorityId: number, account: Address): TransactionPlan {
  const args = [authorityId, account];
  return {
    title: `Hand authority ${authorityId} over`,
    summary: `You hand authority ${authorityId} to ${account}: from then on that account issues and revokes, and this wallet does not.`,
    facts: [{ label: "New account", value: account }],
    warning:
      "It takes effect at once, and only the new account or the DAO can hand it back. Delegates go with this wallet. A service that issues with this wallet stops.",
    steps: [
      callStep("Hand over", {
        address: registry,
        abi: certificateRegistryAbi,
        functionName: "setAuthorityAccount",
        args,
      }),
    ],
    outcome: () => `Authority ${authorityId} is handed to ${account}.`,
  };
}
