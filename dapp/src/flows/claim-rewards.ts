import { nodeRewardsAbi } from "@pqmesh/contracts/generated/node-rewards-abi";
import { type Address, parseEventLogs, type TransactionReceipt } from "viem";
import { formatMeshExact } from "../lib/format.ts";
import type { ClaimableRewards } from "../lib/claimable-rewards.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** What a claim needs: the contract, what it would pay now, and who is paid. */
export interface ClaimInput {
  rewards: Address;
  claims: readonly ClaimableRewards[];
  /** Payout address of the operator; undefined when the nodes belong to somebody else. */
  beneficiary?: Address;
}

/** Pays the rewards of nodes to their operators and into their pools. */
export function claimPlan({ rewards, claims, beneficiary }: ClaimInput): TransactionPlan {
  const nodes = claims.map(({ nodeIndex }) => nodeIndex);
  const names = `node${nodes.length === 1 ? "" : "s"} ${nodes.join(", ")}`;
  return {
    title: `Claim rewards of ${names}`,
    summary: `${formatMeshExact(total(claims))} MESH that ${names} earned are paid: ${beneficiary ? "your part to your payout address" : "the operator's part to its payout address"}, the delegators' part into the pool.`,
    facts: [...partsOf(claims), ...(beneficiary ? [{ label: "Paid to", value: beneficiary }] : [])],
    ...(lost(claims) > 0n && { warning: notEarned(claims) }),
    steps: [callStep("Claim", { address: rewards, abi: nodeRewardsAbi, functionName: "claim", args: [nodes] })],
    outcome: (receipt) => `${claimedSentence(receipt)} were paid.`,
  };
}

/** Adds the rewards of a node to its own stake. */
export function claimAndStakePlan(rewards: Address, claim: ClaimableRewards): TransactionPlan {
  const { nodeIndex } = claim;
  return {
    title: `Claim and stake rewards of node ${nodeIndex}`,
    summary: `Your part of what node ${nodeIndex} earned becomes its own stake instead of being paid out; the delegators' part goes into the pool.`,
    facts: partsOf([claim]),
    warning: "Staked rewards leave like other stake: they are unbonded first, and slashable until then.",
    steps: [
      callStep("Claim and stake", {
        ...{ address: rewards, abi: nodeRewardsAbi, functionName: "claimAndStake", args: [nodeIndex] },
      }),
    ],
    outcome: (receipt) => `${claimedSentence(receipt)} were claimed; your part is staked.`,
  };
}

function partsOf(claims: readonly ClaimableRewards[]): TransactionPlan["facts"] {
  const together = { label: "Together", value: `${formatMeshExact(total(claims))} MESH` };
  // The split is known only of words that are closed already; a claim closes the others first.
  if (claims.some(({ toOperator, toPool, payable }) => toOperator + toPool !== payable)) return [together];
  const sum = (pick: (claim: ClaimableRewards) => bigint): string =>
    `${formatMeshExact(claims.reduce((so, claim) => so + pick(claim), 0n))} MESH`;
  return [
    together,
    { label: "To the operator", value: sum(({ toOperator }) => toOperator) },
    { label: "Into the pool", value: sum(({ toPool }) => toPool) },
    { label: "Not earned, returns to the emissions", value: sum(({ returned }) => returned) },
  ];
}

function total(claims: readonly ClaimableRewards[]): bigint {
  return claims.reduce((sum, { payable }) => sum + payable, 0n);
}

function lost(claims: readonly ClaimableRewards[]): bigint {
  return claims.reduce((sum, { returned }) => sum + returned, 0n);
}

function notEarned(claims: readonly ClaimableRewards[]): string {
  return `${formatMeshExact(lost(claims))} MESH were not earned, because a node was absent, degraded or unreported; they return to the emissions.`;
}

function claimedSentence({ logs }: TransactionReceipt): string {
  const claimed = parseEventLogs({ abi: nodeRewardsAbi, eventName: "RewardsClaimed", logs });
  const paid = claimed.reduce((sum, { args }) => sum + args.toOperator + args.toPool, 0n);
  return `${formatMeshExact(paid)} MESH`;
}
