import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { type Address, isAddressEqual, parseEventLogs } from "viem";
import type { Challenge } from "../lib/challenge-view.ts";
import { formatCount, formatEther, shorten } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** Part of the bond for somebody else who ends an expired challenge. */
const TIP_DIVISOR = 10n;

/** Ends a challenge that nobody answered in time. */
export function expireChallengePlan(disputes: Address, challenge: Challenge, wallet: Address): TransactionPlan {
  const { id, nodeIndex, epoch, challenger, bond } = challenge;
  const tip = isAddressEqual(wallet, challenger) ? 0n : bond / TIP_DIVISOR;
  const toChallenger = `${formatEther(bond - tip)} ETH of the bond go back to ${shorten(challenger)}`;
  return {
    title: `Expire challenge ${id}`,
    summary: `Nobody showed the leaf of node ${nodeIndex} in epoch ${formatCount(epoch)} in time. The epoch counts as absent, the signers are jailed and lose a share of their bonds, and ${toChallenger}.`,
    facts: [
      { label: "Challenger", value: challenger },
      { label: "Back to the challenger", value: `${formatEther(bond - tip)} ETH` },
      { label: "For you, who ends it", value: tip > 0n ? `${formatEther(tip)} ETH` : "nothing but your own bond" },
    ],
    steps: [
      {
        kind: "call",
        label: "Expire",
        call: () => ({
          address: disputes,
          abi: attestationDisputesAbi,
          functionName: "expireChallenge",
          args: [BigInt(id)],
        }),
      },
    ],
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: attestationDisputesAbi, eventName: "ChallengeClosed", logs: receipt.logs });
      const slash = log?.args.slashId ?? 0n;
      const frozen = slash > 0n ? ` What the signers lose is frozen as slash ${slash}.` : "";
      return `Challenge ${id} is upheld.${frozen} Bonds wait to be withdrawn.`;
    },
  };
}

/** Ends a challenge whose answer stood. */
export function dismissChallengePlan(disputes: Address, challenge: Challenge): TransactionPlan {
  const { id, nodeIndex, epoch, responder, bond } = challenge;
  return {
    title: `Dismiss challenge ${id}`,
    summary: `The leaf of node ${nodeIndex} in epoch ${formatCount(epoch)} was shown, and nobody proved it invalid in time. Whoever showed it gets the bond of ${formatEther(bond)} ETH.`,
    facts: [
      { label: "Bond", value: `${formatEther(bond)} ETH` },
      { label: "Goes to", value: responder ?? "nobody" },
    ],
    steps: [
      {
        kind: "call",
        label: "Dismiss",
        call: () => ({
          address: disputes,
          abi: attestationDisputesAbi,
          functionName: "dismissChallenge",
          args: [BigInt(id)],
        }),
      },
    ],
    outcome: () => `Challenge ${id} is dismissed; the report stands.`,
  };
}
