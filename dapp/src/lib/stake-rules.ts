import { formatMeshExact } from "./format.ts";

/** What the contract checks an unbonding against; amounts are MESH wei. */
export interface UnbondLimits {
  stake: bigint;
  minimum: bigint;
  /** Unbondings of the node now, and how many are allowed. */
  unbondings: number;
  maxUnbondings: number;
}

/** Sentence that says why an unbonding would revert; undefined when it is allowed. */
export function unbondProblem(amount: bigint, limits: UnbondLimits): string | undefined {
  const { stake, minimum, unbondings, maxUnbondings } = limits;
  const rest = stake - amount;
  if (stake === 0n) return "Nothing is bonded.";
  if (rest < 0n) return `Only ${formatMeshExact(stake)} MESH are bonded.`;
  if (unbondings >= maxUnbondings) {
    return `The node has ${unbondings} unbondings, as many as are allowed. Withdraw or cancel one first.`;
  }
  if (rest > 0n && rest < minimum) {
    const most = stake - minimum;
    const less = most > 0n ? `at most ${formatMeshExact(most)} MESH, or ` : "";
    return `${formatMeshExact(rest)} MESH would stay, less than the minimum of ${formatMeshExact(minimum)}. Unbond ${less}everything.`;
  }
  return undefined;
}

/** Sentence that says what a stake does not reach; undefined when the node will be active. */
export function stakeShortfall(stakeAfter: bigint, minimum: bigint): string | undefined {
  if (stakeAfter >= minimum) return undefined;
  return `The node stays inactive: it needs ${formatMeshExact(minimum - stakeAfter)} MESH more to reach the minimum.`;
}

/** Sentence that says that a wallet holds too little; undefined when it holds enough. Amounts are MESH wei. */
export function balanceProblem(amount: bigint, balance: bigint): string | undefined {
  return amount > balance ? `This wallet holds only ${formatMeshExact(balance)} MESH.` : undefined;
}
