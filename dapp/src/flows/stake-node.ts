import { nodeStakingAbi } from "@pqmesh/contracts/generated/node-staking-abi";
import { formatMeshExact } from "../lib/format.ts";
import { type TokenSpending, spendSteps } from "../lib/spend-steps.ts";
import { stakeShortfall } from "../lib/stake-rules.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** What staking needs; amounts are MESH wei, the spender is the staking contract. */
export interface StakeInput extends TokenSpending {
  nodeIndex: number;
  stakeBefore: bigint;
  minimum: bigint;
  /** True when the node belongs to another operator, who then owns the stake. */
  isGift?: boolean;
}

/** Stakes MESH for a node, with a permit in one transaction, or with an approval for wallets that cannot sign one. */
export function stakePlan(input: StakeInput): TransactionPlan {
  const { nodeIndex, amount, stakeBefore, minimum, wallet, isGift = false } = input;
  const stakeAfter = stakeBefore + amount;
  const shortfall = stakeShortfall(stakeAfter, minimum);
  const isTopUp = stakeBefore >= minimum;
  const warnings = [
    ...(isGift
      ? ["This is a gift: the stake belongs to the node's operator and leaves only to its payout address."]
      : []),
    ...(shortfall ? [shortfall] : []),
  ];
  return {
    title: isTopUp ? `Top up node ${nodeIndex}` : `Stake node ${nodeIndex}`,
    summary: `Exactly ${formatMeshExact(amount)} MESH move from your wallet into the stake of node ${nodeIndex}, which then has ${formatMeshExact(stakeAfter)} MESH.`,
    facts: [
      { label: "From", value: wallet },
      { label: "Amount", value: `${formatMeshExact(amount)} MESH` },
      { label: "Stake after", value: `${formatMeshExact(stakeAfter)} MESH` },
      { label: "Minimum", value: `${formatMeshExact(minimum)} MESH` },
    ],
    ...(warnings.length > 0 && { warning: warnings.join(" ") }),
    steps: stakeSteps(input),
    outcome: () =>
      shortfall ??
      (isTopUp
        ? "The stake is higher now."
        : "The node is staked. It becomes active two epochs from now; start its agent."),
  };
}

function stakeSteps(input: StakeInput): TransactionPlan["steps"] {
  const { nodeIndex, amount } = input;
  const staking = { address: input.spender, abi: nodeStakingAbi };
  return spendSteps(input, {
    label: "Stake",
    plain: { ...staking, functionName: "stake", args: [nodeIndex, amount] },
    permitted: ({ deadline, v, r, s }) => {
      return { ...staking, functionName: "stakeWithPermit", args: [nodeIndex, amount, deadline, v, r, s] };
    },
  });
}
