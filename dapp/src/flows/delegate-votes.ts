import { meshTokenAbi } from "@pqmesh/contracts/generated/mesh-token-abi";
import type { Address } from "viem";
import { formatMeshExact } from "../lib/format.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Votes that are delegated; the amount is MESH wei. */
export interface VotesInput {
  token: Address;
  wallet: Address;
  delegatee: Address;
  amount: bigint;
}

/** Lets an account cast the votes of a wallet's tokens. */
export function delegateVotesPlan({ token, wallet, delegatee, amount }: VotesInput): TransactionPlan {
  const isSelf = delegatee.toLowerCase() === wallet.toLowerCase();
  const call = { address: token, abi: meshTokenAbi, functionName: "delegate", args: [delegatee] };
  return {
    title: isSelf ? "Vote yourself" : "Delegate votes",
    summary: `The votes of all MESH in your wallet, now ${formatMeshExact(amount)}, are cast by ${isSelf ? "your wallet" : delegatee} in every vote that begins from now on.`,
    facts: [
      { label: "Votes of", value: wallet },
      { label: "Cast by", value: delegatee },
      { label: "Votes now", value: `${formatMeshExact(amount)} MESH` },
    ],
    warning:
      "No token moves, and you can change this at any time. A vote counts MESH as it was delegated when voting began.",
    steps: [callStep(isSelf ? "Vote yourself" : "Delegate votes", call)],
    outcome: () => `${isSelf ? "Your wallet" : delegatee} casts these votes now.`,
  };
}
