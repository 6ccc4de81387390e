import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import type { Address } from "viem";
import { formatEther } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** Takes the wei that challenges left for a wallet. */
export function withdrawCreditPlan(disputes: Address, wallet: Address, credit: bigint): TransactionPlan {
  return {
    title: "Withdraw bonds of challenges",
    summary: `${formatEther(credit)} ETH that challenges left for your wallet are paid to it.`,
    facts: [
      { label: "Amount", value: `${formatEther(credit)} ETH` },
      { label: "Paid to", value: wallet },
    ],
    steps: [
      {
        kind: "call",
        label: "Withdraw",
        call: () => ({ address: disputes, abi: attestationDisputesAbi, functionName: "withdraw", args: [] }),
      },
    ],
    outcome: () => `${formatEther(credit)} ETH were paid to your wallet.`,
  };
}
