import { nodeSlashingAbi } from "@pqmesh/contracts/generated/node-slashing-abi";
import type { Address } from "viem";
import { formatMeshExact } from "../lib/format.ts";
import type { NodeSlashView } from "../lib/node-slashes.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Pays out what a slash took of a node, after its delay. */
export function payNodeSlashPlan(slashing: Address, slash: NodeSlashView): TransactionPlan {
  const { id, ownPart, poolPart, reward, reporter } = slash;
  const toReporter = reporter ? reward : 0n;
  const toTreasury = ownPart + poolPart - toReporter;
  return {
    title: `Pay out slash ${id}`,
    summary: `${formatMeshExact(toReporter)} MESH go to the reporter and ${formatMeshExact(toTreasury)} MESH to the treasury.`,
    facts: [
      { label: "Taken of the operator", value: `${formatMeshExact(ownPart)} MESH` },
      { label: "Taken of delegators", value: `${formatMeshExact(poolPart)} MESH` },
      { label: "Reporter", value: reporter ?? "nobody is rewarded" },
    ],
    steps: [
      callStep("Pay out", { address: slashing, abi: nodeSlashingAbi, functionName: "paySlash", args: [BigInt(id)] }),
    ],
    outcome: () => `Slash ${id} is paid out.`,
  };
}

/** Lets a node be active again after its jail. */
export function unjailPlan(slashing: Address, nodeIndex: number): TransactionPlan {
  return {
    title: `Let node ${nodeIndex} out of jail`,
    summary: `Node ${nodeIndex} becomes active again two epochs from now, if its stake is at least the minimum.`,
    facts: [{ label: "Node", value: String(nodeIndex) }],
    steps: [callStep("Unjail", { address: slashing, abi: nodeSlashingAbi, functionName: "unjail", args: [nodeIndex] })],
    outcome: () => `Node ${nodeIndex} is free. Start its agent before it is active again.`,
  };
}
