import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import type { Address } from "viem";
import { formatVotingUnitsExact } from "../lib/format.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Units that another account votes with; 9 decimals. */
export interface DelegateUnitsInput {
  votes: Address;
  wallet: Address;
  delegatee: Address;
  units: bigint;
}

/** Lets another certified account vote with a wallet's units, or takes them back. */
export function delegateUnitsPlan({ votes, wallet, delegatee, units }: DelegateUnitsInput): TransactionPlan {
  const isSelf = delegatee.toLowerCase() === wallet.toLowerCase();
  const title = isSelf ? "Vote with your own units" : "Delegate units";
  return {
    title,
    summary: `The units of your identity, now ${formatVotingUnitsExact(units)}, vote through ${isSelf ? "your wallet" : delegatee} in proposals whose voting begins later.`,
    facts: [
      { label: "Units of", value: wallet },
      { label: "Vote through", value: delegatee },
      { label: "Units now", value: formatVotingUnitsExact(units) },
    ],
    warning: isSelf
      ? "Proposals whose voting has begun stay with the delegate before."
      : "Nothing is locked or moved, and you can change this at any time. If the delegate loses its identity, nobody votes with your units until you choose another.",
    steps: [callStep(title, { address: votes, abi: quadraticVotesAbi, functionName: "delegate", args: [delegatee] })],
    outcome: () =>
      `${isSelf ? "Your wallet" : delegatee} votes with these units in every vote that begins from now on.`,
  };
}
