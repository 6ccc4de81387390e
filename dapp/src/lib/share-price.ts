/** Shares of a pool that nobody holds, and wei that nobody owns: `SharePools.OFFSET` and one. */
const OFFSET = 1_000n;

/** What a pool holds: MESH wei, and the shares that delegators have. */
export interface SharePool {
  assets: bigint;
  shares: bigint;
}

/** Shares that an amount (MESH wei) buys, rounded down as the contract does. */
export function sharesFor(amount: bigint, { assets, shares }: SharePool): bigint {
  return (amount * (shares + OFFSET)) / (assets + 1n);
}

/** MESH wei that shares are worth, rounded down as the contract does. */
export function worthOf(count: bigint, { assets, shares }: SharePool): bigint {
  return (count * (assets + 1n)) / (shares + OFFSET);
}

/** Fewest shares that are worth an amount (MESH wei). */
export function sharesWorth(amount: bigint, { assets, shares }: SharePool): bigint {
  const price = assets + 1n;
  return (amount * (shares + OFFSET) + price - 1n) / price;
}

/** What is accepted at least of an expected number: it may shrink by rewards and slashes between preview and block. */
export function atLeast(expected: bigint): bigint {
  return expected - expected / 200n;
}
