import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import type { Address } from "viem";
import { formatMeshExact } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** Ends a node for good. */
export function exitNodePlan(
  registry: Address,
  { nodeIndex, stake }: { nodeIndex: number; stake: bigint },
): TransactionPlan {
  const after = stake > 0n ? ` Its ${formatMeshExact(stake)} MESH stay bonded until you unbond them.` : "";
  return {
    title: `Exit node ${nodeIndex}`,
    summary: `Node ${nodeIndex} ends for good. It stays active for this epoch and the next.${after}`,
    facts: [
      { label: "Node", value: String(nodeIndex) },
      { label: "Stake", value: `${formatMeshExact(stake)} MESH` },
    ],
    warning: "This cannot be undone: an exited node is never active again, and its index is never reused.",
    steps: [
      {
        kind: "call",
        label: "Exit node",
        call: () => ({ address: registry, abi: nodeRegistryAbi, functionName: "exitNode", args: [nodeIndex] }),
      },
    ],
    outcome: () => `Node ${nodeIndex} has exited.${stake > 0n ? " Next: unbond its stake." : ""}`,
  };
}
