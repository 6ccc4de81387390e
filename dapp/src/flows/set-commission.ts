import { nodeDelegationAbi } from "@pqmesh/contracts/generated/node-delegation-abi";
import { type Address, parseEventLogs } from "viem";
import { formatBp, formatTime } from "../lib/format.ts";
import type { CommissionView } from "../lib/pool-view.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** What a new commission needs. */
export interface CommissionInput {
  delegation: Address;
  nodeIndex: number;
  before: CommissionView;
  /** Basis points. */
  bp: number;
  /** Seconds. */
  raiseDelay: number;
  /** Chain time, Unix seconds. */
  now: number;
}

/** Sets the operator's part of what its delegators earn: a cut at once, a raise later. */
export function commissionPlan({
  delegation,
  nodeIndex,
  before,
  bp,
  raiseDelay,
  now,
}: CommissionInput): TransactionPlan {
  const isRaise = bp > before.bp;
  const from = isRaise ? formatTime(now + raiseDelay) : "at once";
  return {
    title: `Commission of node ${nodeIndex}`,
    summary: `From ${isRaise ? `about ${from} on` : "now on"} you keep ${formatBp(bp, 2)} of what the delegators of node ${nodeIndex} earn, instead of ${formatBp(before.bp, 2)}.`,
    facts: [
      { label: "Now", value: formatBp(before.bp, 2) },
      { label: "New", value: formatBp(bp, 2) },
      { label: "In force", value: from },
    ],
    ...(before.raise && { warning: `The raise to ${formatBp(before.raise.bp, 2)} that is pending falls away.` }),
    steps: [
      callStep("Set commission", {
        ...{ address: delegation, abi: nodeDelegationAbi, functionName: "setCommission", args: [nodeIndex, bp] },
      }),
    ],
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: nodeDelegationAbi, eventName: "CommissionSet", logs: receipt.logs });
      return isRaise && log
        ? `The commission rises to ${formatBp(bp, 2)} at ${formatTime(log.args.fromTime)}.`
        : `The commission is ${formatBp(bp, 2)} now.`;
    },
  };
}
