import { meshTimelockAbi } from "@pqmesh/contracts/generated/mesh-timelock-abi";
import type { Address, Hex } from "viem";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** An operation of the timelock that waits for the approver. */
export interface ApproveInput {
  timelock: Address;
  operationId: Hex;
  /** What its calls do, one sentence each. */
  sentences: readonly string[];
}

/** Approves an operation as an approver of the timelock. */
export function approveOperationPlan({ timelock, operationId, sentences }: ApproveInput): TransactionPlan {
  return {
    title: "Approve the critical calls",
    summary: "You approve these calls of the timelock. Anyone can execute them once the delay is over.",
    facts: [
      { label: "Operation", value: operationId },
      ...sentences.map((value, i) => ({ label: `Call ${i + 1}`, value })),
    ],
    warning: "Read the calls, not the description. An approval cannot be taken back; only a cancellation ends it.",
    steps: [
      callStep("Approve", { address: timelock, abi: meshTimelockAbi, functionName: "approve", args: [operationId] }),
    ],
    outcome: () => "The operation is approved.",
  };
}
