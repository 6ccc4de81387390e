import { vestingVaultAbi } from "@pqmesh/contracts/generated/vesting-vault-abi";
import { type Address, parseEventLogs } from "viem";
import { formatMeshExact } from "../lib/format.ts";
import type { VestingView } from "../lib/token-view.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Pays what has vested to the owner of a vault. */
export function releaseVestedPlan(token: Address, { name, address, owner, releasable }: VestingView): TransactionPlan {
  return {
    title: `Release vested MESH: ${name}`,
    summary: `What has vested by then, now ${formatMeshExact(releasable)} MESH, is paid to the vault's owner ${owner}.`,
    facts: [
      { label: "Vault", value: address },
      { label: "Amount now", value: `${formatMeshExact(releasable)} MESH` },
      { label: "Paid to", value: owner },
    ],
    steps: [callStep("Release", { address, abi: vestingVaultAbi, functionName: "release", args: [token] })],
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: vestingVaultAbi, eventName: "ERC20Released", logs: receipt.logs });
      return `${formatMeshExact(log?.args.amount ?? releasable)} MESH were paid to ${owner}.`;
    },
  };
}
