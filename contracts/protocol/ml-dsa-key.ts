/** Bytes of a raw ML-DSA-65 public key (FIPS 204): rho, then t1. */
const LENGTH = 1_952;
const RHO_LENGTH = 32;

/** Coefficients that must be large in a key that is not degenerate, of 1,536. */
const LARGE_COEFFICIENTS_MIN = 768;

/** Five bytes hold four coefficients of ten bits (FIPS 204 Algorithm 16, SimpleBitPack). */
const GROUP_BYTES = 5;
const GROUP_COEFFICIENTS = 4;
const COEFFICIENT_BITS = 10;

/** The four high bits of a coefficient near 0 are all 0, of one near 1,023 all 1. */
const LOW_BITS = 6;
const HIGH_ONES = 0xf;

/**
 * Tells whether t1 of a raw ML-DSA-65 public key is so small that anyone can sign under it, or the length is wrong: the
 * same answer as `MLDSA65Keys.isDegenerate` on chain, which explains the bound. Shared vectors hold both to it.
 */
export function isDegenerateMlDsaKey(publicKey: Uint8Array): boolean {
  if (publicKey.length !== LENGTH) return true;
  let large = 0;
  for (let offset = RHO_LENGTH; offset < LENGTH; offset += GROUP_BYTES) {
    large += largeInGroup(publicKey.subarray(offset, offset + GROUP_BYTES));
  }
  return large < LARGE_COEFFICIENTS_MIN;
}

/** Number of large coefficients in one group. */
function largeInGroup(group: Uint8Array): number {
  let large = 0;
  for (let i = 0; i < GROUP_COEFFICIENTS; i += 1) {
    const bit = i * COEFFICIENT_BITS + LOW_BITS;
    const pair = (group[bit >> 3] ?? 0) | ((group[(bit >> 3) + 1] ?? 0) << 8);
    const high = (pair >> (bit & 7)) & HIGH_ONES;
    if (high !== 0 && high !== HIGH_ONES) large += 1;
  }
  return large;
}
