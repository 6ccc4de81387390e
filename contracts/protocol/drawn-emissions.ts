/** Views of one block; amounts are MESH wei. */
export interface DrawnEmissions {
  /** `CaesarEmissions.released`: drawn by the rewards contract whenever it closes words. */
  released: bigint;
  /** MESH that the rewards contract holds. */
  held: bigint;
  /** `NodeRewards.recyclable`: returned from absent nodes, held until later words emit it again. */
  recyclable: bigint;
}

/**
 * Divides what was drawn into what claims paid, to operators and into pools, and what waits for claims, in MESH wei.
 * With `recyclable` they sum up to `released`. What rounding left over waits too. MESH that somebody sent to the rewards
 * contract cannot be told from it in views and counts as waiting; sums of `RewardsClaimed` do not have it.
 */
export function splitDrawn({ released, held, recyclable }: DrawnEmissions): { paid: bigint; unclaimed: bigint } {
  const kept = held < released ? held : released;
  return { paid: released - kept, unclaimed: kept - recyclable };
}
