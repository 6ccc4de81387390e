import { formatMeshExact, formatTime } from "./format.ts";
import type { PoolView } from "./pool-view.ts";
import { balanceProblem } from "./stake-rules.ts";

/** Smallest delegation, MESH wei: `NodeDelegation.MIN_DELEGATION`. */
const MIN_DELEGATION = 10n ** 18n;

/** Unbondings that a delegator can have at one node: `NodeDelegation.MAX_UNDELEGATIONS`. */
const MAX_UNDELEGATIONS = 32;

/** Sentence that says why nobody joins the pool of a node before a time in Unix seconds. */
export function pardonSentence(nodeIndex: number, until: number | bigint): string {
  return `Nobody can join the pool of node ${nodeIndex} before ${formatTime(until)}: until then a slash can be given back to those who suffered it.`;
}

/** Sentence that says why nobody can join a pool now; undefined when anybody can. */
export function joinProblem({ nodeIndex, pardonableUntil }: Omit<PoolView, "earned">): string | undefined {
  return pardonableUntil === undefined ? undefined : pardonSentence(nodeIndex, pardonableUntil);
}

/** Sentence that says what who withdraws before a time in Unix seconds gives up. */
export function withdrawalWarning(nodeIndex: number, until: number): string {
  return `A slash of node ${nodeIndex} can be given back until ${formatTime(until)}: what is withdrawn before then gets nothing of it.`;
}

/** Sentence that says why a delegation would revert; undefined when it is allowed. */
export function delegationProblem(amount: bigint, balance: bigint): string | undefined {
  if (amount < MIN_DELEGATION) return `The smallest delegation is ${formatMeshExact(MIN_DELEGATION)} MESH.`;
  return balanceProblem(amount, balance);
}

/** Sentence that says why an undelegation would revert; undefined when it is allowed. */
export function undelegationProblem(amount: bigint, worth: bigint, unbondings: number): string | undefined {
  if (amount > worth) return `Your delegation is worth only ${formatMeshExact(worth)} MESH.`;
  if (unbondings < MAX_UNDELEGATIONS) return undefined;
  return `You have ${unbondings} unbondings at this node, as many as are allowed. Withdraw or cancel one first.`;
}
