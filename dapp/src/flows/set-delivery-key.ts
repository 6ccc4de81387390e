import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { type Address, type Hex, keccak256 } from "viem";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Names the key for which providers seal credentials from now on. */
export function setDeliveryKeyPlan(escrow: Address, key: Hex): TransactionPlan {
  return {
    title: "Set the delivery key",
    summary:
      "Credentials that providers deliver from now on are sealed for this key. Ask the provider of a running lease to deliver again.",
    facts: [{ label: "Hash of the key", value: keccak256(key) }],
    warning: "What was sealed for the key before can only be opened with that one: keep its file.",
    steps: [
      callStep("Set the key", { address: escrow, abi: leaseEscrowAbi, functionName: "setDeliveryKey", args: [key] }),
    ],
    outcome: () => "The key is set.",
  };
}
