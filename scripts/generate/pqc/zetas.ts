/** FIPS 204 section 4: the modulus. */
export const Q = 8380417n;

/** FIPS 204 appendix B: powers of the 512th root of unity 1753, in bit-reversed order. */
export const ZETAS: readonly bigint[] = Array.from({ length: 256 }, (_, m) => power(1753n, reverseBits(m)));

/** The inverse of 256 modulo q, FIPS 204 Algorithm 42. */
export const INVERSE_OF_256 = power(256n, Number(Q - 2n));

function power(base: bigint, exponent: number): bigint {
  let [result, square] = [1n, base % Q];
  for (let e = exponent; e > 0; e = Math.floor(e / 2)) {
    if (e % 2 === 1) result = (result * square) % Q;
    square = (square * square) % Q;
  }
  return result;
}

function reverseBits(byte: number): number {
  let reversed = 0;
  for (let bit = 0; bit < 8; bit++) reversed |= ((byte >> bit) & 1) << (7 - bit);
  return reversed;
}
