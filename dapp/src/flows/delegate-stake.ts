import { nodeDelegationAbi } from "@pqmesh/contracts/generated/node-delegation-abi";
import { atLeast, sharesForDown } from "@pqmesh/contracts/protocol/share-price";
import { parseEventLogs } from "viem";
import { formatBp, formatCount, formatDuration, formatMesh, formatMeshExact, formatTime } from "../lib/format.ts";
import { JAILED_FOR_EVER, type PoolView } from "../lib/pool-view.ts";
import { type TokenSpending, spendSteps } from "../lib/spend-steps.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** What delegating needs; amounts are MESH wei, the spender is the delegation contract. */
export interface DelegateInput extends TokenSpending {
  pool: Omit<PoolView, "earned">;
  /** Seconds. */
  unbondingPeriod: number;
  /** Largest share that one proposed slash takes, basis points. */
  maxSlashBp: number;
  /** False while the node earns nothing: it is inactive. */
  isEarning: boolean;
}

/** Delegates MESH to a node, with a permit in one transaction or with an approval. */
export function delegatePlan(input: DelegateInput): TransactionPlan {
  const { amount, pool, unbondingPeriod, maxSlashBp, wallet, spender } = input;
  const { nodeIndex, commission } = pool;
  const shares = sharesForDown(amount, pool);
  const least = atLeast(shares);
  const calls = { address: spender, abi: nodeDelegationAbi };
  const args = [nodeIndex, amount, least] as const;
  return {
    title: `Delegate to node ${nodeIndex}`,
    summary: `Exactly ${formatMeshExact(amount)} MESH move from your wallet into the pool of node ${nodeIndex}. They earn from the next epoch on and can leave ${formatDuration(unbondingPeriod)} after you undelegate.`,
    facts: [
      { label: "From", value: wallet },
      { label: "Amount", value: `${formatMeshExact(amount)} MESH` },
      { label: "Shares, about", value: formatCount(shares) },
      { label: "Shares, at least", value: formatCount(least) },
      { label: "Commission", value: formatBp(commission.bp, 2) },
      { label: "Leaves after", value: formatDuration(unbondingPeriod) },
      { label: "At risk", value: `up to ${formatBp(maxSlashBp, 0)} by one proposed slash, at most everything` },
    ],
    warning: [...hazards(input), SLASHABLE].join(" "),
    steps: spendSteps(input, {
      label: "Delegate",
      plain: { ...calls, functionName: "delegate", args },
      permitted: (permit) => ({ ...calls, functionName: "delegateWithPermit", args: [...args, permit] }),
    }),
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: nodeDelegationAbi, eventName: "Delegated", logs: receipt.logs });
      return `You delegate ${formatMesh(log?.args.amount ?? amount)} MESH more to node ${nodeIndex}. Its pool grows whenever its rewards are claimed.`;
    },
  };
}

const SLASHABLE =
  "Whatever the operator does wrong costs you pro rata: what you delegate is slashed with its own stake, also while it is unbonding.";

function hazards({ pool, isEarning }: DelegateInput): string[] {
  const { raise } = pool.commission;
  const { jailedUntil } = pool;
  const jail =
    jailedUntil === undefined
      ? []
      : jailedUntil >= JAILED_FOR_EVER
        ? ["The node is barred for ever and will never earn again."]
        : ["The node is jailed and earns nothing until its operator is let go."];
  return [
    ...jail,
    ...(isEarning || jail.length > 0 ? [] : ["The node is not active, so that it earns nothing now."]),
    ...(raise ? [`The commission rises to ${formatBp(raise.bp, 2)} at ${formatTime(raise.at)}.`] : []),
  ];
}
