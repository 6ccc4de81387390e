import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import type { Address } from "viem";
import { formatDuration } from "../lib/format.ts";
import type { PendingWallets } from "../lib/pending-wallets.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** The registry and the operator whose wallets change. */
export interface WalletGround {
  registry: Address;
  identityId: number;
}

/** Names another hot wallet, at once. */
export function setHotWalletPlan({ registry, identityId }: WalletGround, wallet: Address): TransactionPlan {
  return {
    title: "Change the hot wallet",
    summary: `${wallet} may stake, unbond, exit and claim for operator ${identityId} at once; the hot wallet before may no longer.`,
    facts: [{ label: "New hot wallet", value: wallet }],
    steps: [callStep("Set hot wallet", call(registry, "setOperatorWallet", [identityId, wallet]))],
    outcome: () => `${wallet} is the hot wallet now.`,
  };
}

/** Proposes another owner, who must accept after a delay. */
export function proposeOwnerPlan(
  { registry, identityId }: WalletGround,
  owner: Address,
  delay: number,
): TransactionPlan {
  return {
    title: "Hand the operator over",
    summary: `${owner} can become the owner of operator ${identityId} in ${formatDuration(delay)}, by a transaction of its own.`,
    facts: [
      { label: "New owner", value: owner },
      { label: "Possible in", value: formatDuration(delay) },
    ],
    warning: "The new owner can do everything that you can. Until it accepts you can cancel.",
    steps: [callStep("Propose owner", call(registry, "proposeOwner", [identityId, owner]))],
    outcome: () => `${owner} can accept once the delay is over.`,
  };
}

/** Proposes another payout address, which comes into force after a delay. */
export function proposeBeneficiaryPlan(
  { registry, identityId }: WalletGround,
  beneficiary: Address,
  delay: number,
): TransactionPlan {
  return {
    title: "Change the payout address",
    summary: `Stake and rewards of operator ${identityId} can be paid to ${beneficiary} in ${formatDuration(delay)}; then you complete the change.`,
    facts: [
      { label: "New payout address", value: beneficiary },
      { label: "Possible in", value: formatDuration(delay) },
    ],
    warning: "Nobody can bring back what is paid to a wrong address. Until it is completed you can cancel.",
    steps: [callStep("Propose payout address", call(registry, "proposeBeneficiary", [identityId, beneficiary]))],
    outcome: () => "Complete the change once the delay is over.",
  };
}

/** Becomes the owner of an operator that was handed over. */
export function acceptOwnerPlan({ registry, identityId }: WalletGround): TransactionPlan {
  return {
    title: `Become the owner of operator ${identityId}`,
    summary: `Your wallet becomes the owner of operator ${identityId} with all its nodes. A pending change of the payout address falls away.`,
    facts: [{ label: "Operator", value: String(identityId) }],
    steps: [callStep("Accept", call(registry, "acceptOwner", [identityId]))],
    outcome: () => `You own operator ${identityId} now.`,
  };
}

/** Puts a proposed payout address in force. */
export function acceptBeneficiaryPlan({ registry, identityId }: WalletGround, beneficiary: Address): TransactionPlan {
  return {
    title: "Complete the change of the payout address",
    summary: `Stake and rewards of operator ${identityId} are paid to ${beneficiary} from now on.`,
    facts: [{ label: "New payout address", value: beneficiary }],
    steps: [callStep("Complete", call(registry, "acceptBeneficiary", [identityId]))],
    outcome: () => `Payouts go to ${beneficiary} now.`,
  };
}

/** Cancels pending changes of owner and payout address. */
export function cancelChangesPlan({ registry, identityId }: WalletGround, pending: PendingWallets): TransactionPlan {
  const { owner, beneficiary } = pending;
  return {
    title: "Cancel pending changes",
    summary: `Owner and payout address of operator ${identityId} stay as they are.`,
    facts: [
      ...(owner ? [{ label: "Owner no longer proposed", value: owner.next }] : []),
      ...(beneficiary ? [{ label: "Payout address no longer proposed", value: beneficiary.next }] : []),
    ],
    steps: [callStep("Cancel changes", call(registry, "cancelPendingChanges", [identityId]))],
    outcome: () => "Nothing is pending any more.",
  };
}

function call(address: Address, functionName: string, args: readonly unknown[]) {
  return { address, abi: nodeRegistryAbi, functionName, args };
}
