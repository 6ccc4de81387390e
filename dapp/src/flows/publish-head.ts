import { certificateRegistryAbi } from "@pqmesh/contracts/generated/certificate-registry-abi";
import type { Address, Hex } from "viem";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Stores the present head of the log on chain, so that later ones can be compared with it. */
export function publishHeadPlan(registry: Address, head: { size: number; root: Hex }): TransactionPlan {
  const call = { address: registry, abi: certificateRegistryAbi, functionName: "publishHead", args: [] };
  return {
    title: "Store the head of the log",
    summary: `You store the root hash of the log, ${head.size} entries now or more when it is mined, so that anyone can compare with it later.`,
    facts: [
      { label: "Entries", value: String(head.size) },
      { label: "Root hash", value: head.root },
    ],
    steps: [callStep("Store the head", call)],
    outcome: () => "The head of the log is stored.",
  };
}
