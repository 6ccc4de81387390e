import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import { type Address, parseEventLogs } from "viem";
import { capitalised, formatVotingUnitsExact } from "../lib/format.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";
import { identityWords } from "../lib/vote-weight.ts";

/** An identity to bring up to date; units have 9 decimals. */
export interface SyncInput {
  votes: Address;
  identity: bigint;
  unitsBefore: bigint;
  unitsAfter: bigint;
}

/** Brings units and holder of an identity up to date; anyone may. */
export function syncVotesPlan({ votes, identity, unitsBefore, unitsAfter }: SyncInput): TransactionPlan {
  return {
    title: "Sync units",
    summary: `The units of ${identityWords(identity)} are brought up to date, from ${formatVotingUnitsExact(unitsBefore)} to ${formatVotingUnitsExact(unitsAfter)}.`,
    facts: [
      { label: "Identity", value: String(identity) },
      { label: "Units now", value: formatVotingUnitsExact(unitsBefore) },
      { label: "Units after, at least", value: formatVotingUnitsExact(unitsAfter) },
    ],
    warning: "They count in proposals whose voting begins later.",
    steps: [callStep("Sync", { address: votes, abi: quadraticVotesAbi, functionName: "sync", args: [identity] })],
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: quadraticVotesAbi, eventName: "UnitsChanged", logs: receipt.logs });
      return `${capitalised(identityWords(identity))} has ${formatVotingUnitsExact(log?.args.units ?? unitsAfter)} units now.`;
    },
  };
}
