import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { type Address, parseEventLogs } from "viem";
import { formatMeshExact } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** What a withdrawal needs; the amount is what has matured, MESH wei. */
export interface WithdrawInput {
  staking: Address;
  nodeIndex: number;
  amount: bigint;
  /** Matured unbondings. */
  count: number;
  beneficiary: Address;
}

/** Pays matured unbondings to the operator's beneficiary. */
export function withdrawPlan({ staking, nodeIndex, amount, count, beneficiary }: WithdrawInput): TransactionPlan {
  return {
    title: `Withdraw from node ${nodeIndex}`,
    summary: `${formatMeshExact(amount)} MESH of ${count} matured unbonding${count === 1 ? "" : "s"} are paid to ${beneficiary}.`,
    facts: [
      { label: "Amount", value: `${formatMeshExact(amount)} MESH` },
      { label: "Paid to", value: beneficiary },
    ],
    steps: [
      {
        kind: "call",
        label: "Withdraw",
        call: () => ({
          address: staking,
          abi: nodeStakingAbi,
          functionName: "withdraw",
          args: [nodeIndex, BigInt(count)],
        }),
      },
    ],
    outcome(receipt) {
      const logs = parseEventLogs({ abi: nodeStakingAbi, eventName: "Withdrawn", logs: receipt.logs });
      const paid = logs.reduce((sum, { args }) => sum + args.amount, 0n);
      return `${formatMeshExact(paid)} MESH were paid to ${beneficiary}.`;
    },
  };
}
