import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import type { Address } from "viem";
import { formatMeshExact } from "../lib/format.ts";
import type { UnbondingView } from "../lib/operator-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** Bonds an unbonding amount again. */
export function cancelUnbondPlan(staking: Address, { nodeIndex, id, amount }: UnbondingView): TransactionPlan {
  return {
    title: `Cancel an unbonding of node ${nodeIndex}`,
    summary: `${formatMeshExact(amount)} MESH that are unbonding go back into the stake of node ${nodeIndex}.`,
    facts: [
      { label: "Amount", value: `${formatMeshExact(amount)} MESH` },
      { label: "Unbonding", value: `number ${id}` },
    ],
    steps: [
      {
        kind: "call",
        label: "Cancel unbonding",
        call: () => ({ address: staking, abi: nodeStakingAbi, functionName: "cancelUnbond", args: [nodeIndex, id] }),
      },
    ],
    outcome: () => `${formatMeshExact(amount)} MESH are bonded again.`,
  };
}
