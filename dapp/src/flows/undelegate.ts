import { nodeDelegationAbi } from "@pqmesh/contracts/generated/node-delegation-abi";
import { atLeast, sharesForUp, worthOf } from "@pqmesh/contracts/protocol/share-price";
import { type Address, maxUint256, parseEventLogs } from "viem";
import { formatDuration, formatMeshExact, formatTime } from "../lib/format.ts";
import type { OwnDelegation } from "../lib/own-delegations.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** What undelegating needs; the amount is MESH wei. */
export interface UndelegateInput {
  delegation: Address;
  own: OwnDelegation;
  amount: bigint;
  /** Seconds. */
  unbondingPeriod: number;
  /** Chain time, Unix seconds. */
  now: number;
}

/** Starts to unbond shares; all of them are asked for as the largest number. */
export function undelegatePlan({ delegation, own, amount, unbondingPeriod, now }: UndelegateInput): TransactionPlan {
  const { nodeIndex, pool } = own;
  const wanted = sharesForUp(amount, pool);
  const isAll = amount >= own.amount || wanted >= own.shares;
  const shares = isAll ? own.shares : wanted;
  const worth = worthOf(shares, pool);
  const least = atLeast(worth);
  const unlock = `${formatTime(now + unbondingPeriod)} (in ${formatDuration(unbondingPeriod)})`;
  return {
    title: `Undelegate from node ${nodeIndex}`,
    summary: `${isAll ? "Your whole delegation of" : "About"} ${formatMeshExact(worth)} MESH begins to unbond. It can be withdrawn to your wallet from about ${unlock} on.`,
    facts: [
      { label: "Amount, about", value: `${formatMeshExact(worth)} MESH` },
      { label: "At least", value: `${formatMeshExact(least)} MESH` },
      { label: "Stays delegated", value: `${formatMeshExact(own.amount - worth)} MESH` },
      { label: "Unlocks", value: unlock },
    ],
    warning:
      "It stops earning at once and stays slashable until the unlock. Rewards that nobody claimed yet go to those who stay: claim first.",
    steps: [
      callStep("Undelegate", {
        ...{ address: delegation, abi: nodeDelegationAbi, functionName: "undelegate" },
        args: [nodeIndex, isAll ? maxUint256 : shares, least],
      }),
    ],
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: nodeDelegationAbi, eventName: "Undelegated", logs: receipt.logs });
      return log
        ? `${formatMeshExact(log.args.amount)} MESH unlock at ${formatTime(log.args.maturesAt)}.`
        : "The unbonding has begun.";
    },
  };
}
