import { nodeDelegationAbi } from "@pqmesh/contracts/generated/node-delegation-abi";
import { type Address, parseEventLogs } from "viem";
import { withdrawalWarning } from "../lib/delegation-rules.ts";
import { formatMeshExact } from "../lib/format.ts";
import type { UndelegationView } from "../lib/own-delegations.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** What a withdrawal of delegations needs. */
export interface WithdrawDelegationInput {
  delegation: Address;
  nodeIndex: number;
  wallet: Address;
  /** Unbondings of the wallet at the node that have matured. */
  matured: readonly UndelegationView[];
  /** Unix seconds until which a slash of the node can be given back; undefined when none can. */
  pardonableUntil: number | undefined;
}

/** Pays matured unbondings of a wallet to it. */
export function withdrawDelegationPlan(input: WithdrawDelegationInput): TransactionPlan {
  const { delegation, nodeIndex, wallet, matured, pardonableUntil } = input;
  const amount = matured.reduce((sum, one) => sum + one.amount, 0n);
  const count = matured.length;
  return {
    title: `Withdraw from node ${nodeIndex}`,
    summary: `${formatMeshExact(amount)} MESH of ${count} matured unbonding${count === 1 ? "" : "s"} are paid to your wallet.`,
    facts: [
      { label: "Amount", value: `${formatMeshExact(amount)} MESH` },
      { label: "Paid to", value: wallet },
    ],
    ...(pardonableUntil !== undefined && { warning: withdrawalWarning(nodeIndex, pardonableUntil) }),
    steps: [
      callStep("Withdraw", {
        ...{ address: delegation, abi: nodeDelegationAbi, functionName: "withdrawDelegation" },
        args: [nodeIndex, wallet, BigInt(count)],
      }),
    ],
    outcome(receipt) {
      const logs = parseEventLogs({ abi: nodeDelegationAbi, eventName: "DelegationWithdrawn", logs: receipt.logs });
      return `${formatMeshExact(logs.reduce((sum, { args }) => sum + args.amount, 0n))} MESH were paid to your wallet.`;
    },
  };
}
