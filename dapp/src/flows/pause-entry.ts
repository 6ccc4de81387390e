import { networkParametersAbi } from "@pqmesh/contracts/generated/network-parameters-abi";
import { ENTRY_AREAS } from "@pqmesh/contracts/protocol/entry-area";
import type { Address } from "viem";
import { EntryArea, type EntryAreaName } from "../lib/entry-area.ts";
import { formatDuration, formatTime } from "../lib/format.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Pauses an area as the emergency guardian, from `now` (Unix seconds) for some seconds. */
export function pauseEntryPlan(
  contract: Address,
  area: EntryAreaName,
  { now, length, longest }: { now: number; length: number; longest: number },
): TransactionPlan {
  const entries = ENTRY_AREAS[EntryArea[area]];
  const until = Math.floor(now) + length;
  return {
    title: `Pause ${entries}`,
    summary: `Keeps ${entries} out until ${formatTime(until)}. What is there already goes on, and can leave.`,
    facts: [
      { label: "Keeps out", value: entries },
      { label: "Until", value: formatTime(until) },
      { label: "Longest pause", value: formatDuration(longest) },
    ],
    warning: `You cannot make it longer, and cannot pause this again before ${formatTime(until + longest)}; the DAO can.`,
    steps: [
      callStep("Pause", {
        ...{ address: contract, abi: networkParametersAbi, functionName: "pauseEntry" },
        args: [EntryArea[area], BigInt(until)],
      }),
    ],
    outcome: () => `Paused until ${formatTime(until)}: ${entries}.`,
  };
}

/** Ends a pause of the emergency guardian before its time. */
export function resumeEntryPlan(contract: Address, area: EntryAreaName): TransactionPlan {
  const entries = ENTRY_AREAS[EntryArea[area]];
  return {
    title: `Let ${entries} in again`,
    summary: `The pause of ${entries} ends now, before its time.`,
    facts: [{ label: "Area", value: entries }],
    steps: [
      callStep("End the pause", {
        ...{ address: contract, abi: networkParametersAbi, functionName: "resumeEntry", args: [EntryArea[area]] },
      }),
    ],
    outcome: () => `Open again: ${entries}.`,
  };
}
