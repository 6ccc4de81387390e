/** Shares of a pool that nobody holds (`SharePools.OFFSET`): a price counts them, and one wei that nobody owns. */
const OFFSET_SHARES = 1_000n;
const OFFSET_WEI = 1n;
const FULL_BP = 10_000n;

/** How much worse than expected the price of shares may be unless somebody says otherwise, basis points: half a percent. */
export const DEFAULT_SLIPPAGE_BP = 50;

/** What a delegation pool holds: MESH wei, and the shares that delegators have. */
export interface SharePool {
  assets: bigint;
  shares: bigint;
}

/** MESH wei that a number of shares is worth, rounded down as the contract does. */
export function worthOf(count: bigint, { assets, shares }: SharePool): bigint {
  return (count * (assets + OFFSET_WEI)) / (shares + OFFSET_SHARES);
}

/** Shares that an amount (MESH wei) buys, rounded down as the contract does. */
export function sharesForDown(amount: bigint, { assets, shares }: SharePool): bigint {
  return (amount * (shares + OFFSET_SHARES)) / (assets + OFFSET_WEI);
}

/** Fewest shares that are worth at least an amount (MESH wei): rounded up. */
export function sharesForUp(amount: bigint, { assets, shares }: SharePool): bigint {
  const price = assets + OFFSET_WEI;
  return (amount * (shares + OFFSET_SHARES) + price - 1n) / price;
}

/**
 * Least that is accepted of an expected number, of shares or of wei: rewards and slashes between preview and block may
 * shrink it. Rounded up; `slippageBp` is at most 10,000 basis points.
 */
export function atLeast(expected: bigint, slippageBp: number = DEFAULT_SLIPPAGE_BP): bigint {
  return expected - (expected * BigInt(slippageBp)) / FULL_BP;
}
