import { nodeDelegationAbi } from "@pqmesh/contracts/generated/node-delegation-abi";
import { atLeast, type SharePool, sharesForDown } from "@pqmesh/contracts/protocol/share-price";
import type { Address } from "viem";
import { formatMeshExact } from "../lib/format.ts";
import type { UndelegationView } from "../lib/own-delegations.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Delegates an unbonding again. */
export function cancelUndelegationPlan(
  delegation: Address,
  { nodeIndex, id, amount }: UndelegationView,
  pool: SharePool,
): TransactionPlan {
  return {
    title: `Delegate an unbonding to node ${nodeIndex} again`,
    summary: `${formatMeshExact(amount)} MESH that are unbonding go back into the pool of node ${nodeIndex} and earn again.`,
    facts: [
      { label: "Amount", value: `${formatMeshExact(amount)} MESH` },
      { label: "Unbonding", value: `number ${id}` },
    ],
    steps: [
      callStep("Cancel unbonding", {
        ...{ address: delegation, abi: nodeDelegationAbi, functionName: "cancelUndelegation" },
        args: [nodeIndex, id, atLeast(sharesForDown(amount, pool))],
      }),
    ],
    outcome: () => `${formatMeshExact(amount)} MESH are delegated again.`,
  };
}
