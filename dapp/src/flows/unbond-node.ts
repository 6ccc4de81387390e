import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { type Address, maxUint256, parseEventLogs } from "viem";
import { formatDuration, formatMeshExact, formatTime } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** What unbonding needs; amounts are MESH wei. */
export interface UnbondInput {
  staking: Address;
  nodeIndex: number;
  amount: bigint;
  stakeBefore: bigint;
  /** Seconds. */
  unbondingPeriod: number;
  /** Chain time, Unix seconds. */
  now: number;
  beneficiary: Address;
}

/** Starts to unbond; everything is asked for as the largest number, so that dust cannot hinder an exit. */
export function unbondPlan(input: UnbondInput): TransactionPlan {
  const { staking, nodeIndex, amount, stakeBefore, unbondingPeriod, now, beneficiary } = input;
  const rest = stakeBefore - amount;
  const unlock = `${formatTime(now + unbondingPeriod)} (in ${formatDuration(unbondingPeriod)})`;
  return {
    title: `Unbond from node ${nodeIndex}`,
    summary: `${rest === 0n ? "The whole stake of" : "Exactly"} ${formatMeshExact(amount)} MESH begins to unbond. It can be withdrawn to ${beneficiary} from about ${unlock} on.`,
    facts: [
      { label: "Amount", value: `${formatMeshExact(amount)} MESH` },
      { label: "Stays bonded", value: `${formatMeshExact(rest)} MESH` },
      { label: "Unlocks", value: unlock },
      { label: "Paid to", value: beneficiary },
    ],
    warning:
      rest === 0n
        ? "With nothing bonded the node goes inactive two epochs from now. Until the unlock the amount stays slashable."
        : "Until the unlock the amount stays slashable. You can cancel at any time before it is withdrawn.",
    steps: [
      {
        kind: "call",
        label: "Unbond",
        call: () => ({
          address: staking,
          abi: nodeStakingAbi,
          functionName: "requestUnbond",
          args: [nodeIndex, rest === 0n ? maxUint256 : amount],
        }),
      },
    ],
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: nodeStakingAbi, eventName: "UnbondRequested", logs: receipt.logs });
      return log
        ? `${formatMeshExact(log.args.amount)} MESH unlock at ${formatTime(log.args.maturesAt)}.`
        : "The unbonding has begun.";
    },
  };
}
