import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import type { Address } from "viem";
import { formatMeshExact } from "../lib/format.ts";
import type { SlashView } from "../lib/offence-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** Pays out what a punishment took, after its delay. */
export function paySlashPlan(committee: Address, { id, amount, reward, reporter }: SlashView): TransactionPlan {
  const toReporter = reporter ? reward : 0n;
  return {
    title: `Pay out slash ${id}`,
    summary: `${formatMeshExact(toReporter)} MESH go to the reporter and ${formatMeshExact(amount - toReporter)} MESH to the treasury of the DAO.`,
    facts: [
      { label: "Reporter", value: reporter ?? "nobody is rewarded" },
      { label: "Reward", value: `${formatMeshExact(toReporter)} MESH` },
      { label: "Treasury", value: `${formatMeshExact(amount - toReporter)} MESH` },
    ],
    steps: [
      {
        kind: "call",
        label: "Pay out",
        call: () => ({
          address: committee,
          abi: relayerCommitteeAbi,
          functionName: "paySlash",
          args: [BigInt(id)],
        }),
      },
    ],
    outcome: () => `Slash ${id} is paid out.`,
  };
}
