/** EIP-1559 fees of a transaction, in wei per gas. */
export interface Fees {
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
}

/** Fees that outlive six full blocks of rising base fee. */
export function suggestFees(baseFeePerGas: bigint, maxPriorityFeePerGas: bigint): Fees {
  return { maxFeePerGas: 2n * baseFeePerGas + maxPriorityFeePerGas, maxPriorityFeePerGas };
}

/**
 * Fees of a replacement: at least 12.5 % above those of the transaction it replaces, in both fields, because nodes
 * refuse less (10 % in most of them); and at least what the market asks now.
 */
export function bumpFees(replaced: Fees, market: Fees): Fees {
  const maxFeePerGas = larger(raise(replaced.maxFeePerGas), market.maxFeePerGas);
  const maxPriorityFeePerGas = larger(raise(replaced.maxPriorityFeePerGas), market.maxPriorityFeePerGas);
  return { maxFeePerGas: larger(maxFeePerGas, maxPriorityFeePerGas), maxPriorityFeePerGas };
}

/** Limits fees to a ceiling on the fee per gas. */
export function capFees({ maxFeePerGas, maxPriorityFeePerGas }: Fees, ceiling: bigint): Fees {
  return { maxFeePerGas: smaller(maxFeePerGas, ceiling), maxPriorityFeePerGas: smaller(maxPriorityFeePerGas, ceiling) };
}

function raise(fee: bigint): bigint {
  return (fee * 1_125n + 999n) / 1_000n + 1n;
}

function larger(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}

function smaller(a: bigint, b: bigint): bigint {
  return a < b ? a : b;
}
