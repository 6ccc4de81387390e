import { shake128, shake256 } from "@noble/hashes/sha3.js";

/**
 * A plain model of FIPS 204 for ML-DSA-65, written for tests: it makes signatures that no honest signer makes. Under a key
 * whose t1 is zero or tiny anyone can sign with any response z and any hints, so each check of verification can be put to
 * the test alone.
 */

export const Q = 8380417;
export const GAMMA1 = 1 << 19;
export const GAMMA2 = (Q - 1) / 32;
export const BETA = 196;
const OMEGA = 55;
const [ROWS, COLUMNS, DEGREE, TAU] = [6, 5, 256, 49];

export type Polynomial = number[];

/** What a signature says, before it is encoded. */
export interface Response {
  /** Five polynomials with coefficients in (-gamma1, gamma1]. */
  readonly z: readonly Polynomial[];
  /** For each row, positions with a hint. */
  readonly hints: readonly (readonly number[])[];
  /** The 61 bytes of the hints, where they are not to be those of the standard. */
  readonly encodedHints?: Uint8Array;
}

export const zeroPolynomial = (): Polynomial => Array<number>(DEGREE).fill(0);
export const zeroResponse = (): Polynomial[] => Array.from({ length: COLUMNS }, zeroPolynomial);
export const noHints = (): number[][] => Array.from({ length: ROWS }, () => []);

/** FIPS 204 Algorithm 22 (pkEncode). */
export function encodePublicKey(rho: Uint8Array, t1: readonly Polynomial[]): Uint8Array {
  return Uint8Array.from(Buffer.concat([rho, ...t1.map((p) => packBits(p, 10))]));
}

/** Signs M' with `response`, by computing what the verifier will: right if c t1 2^d is zero. */
export function signPrefixed(publicKey: Uint8Array, message: Uint8Array, response: Response): Uint8Array {
  const w = product(publicKey, response.z);
  const high = w.map((row, i) => row.map((r, n) => useHint(response.hints[i]?.includes(n) ?? false, r)));
  const challenge = challengeHash(publicKey, message, high);
  const z = response.z.map((p) =>
    packBits(
      p.map((v) => GAMMA1 - v),
      20,
    ),
  );
  const hints = response.encodedHints ?? encodeHints(response.hints);
  return Uint8Array.from(Buffer.concat([challenge, ...z, hints]));
}

/** FIPS 204 Algorithm 20 (HintBitPack), for any positions, sorted or not. */
export function encodeHints(hints: readonly (readonly number[])[]): Uint8Array {
  const bytes = new Uint8Array(OMEGA + ROWS);
  let index = 0;
  hints.forEach((row, i) => {
    for (const position of row) bytes[index++] = position;
    bytes[OMEGA + i] = index;
  });
  return bytes;
}

/** FIPS 204 Algorithm 29 (SampleInBall). */
export function sampleInBall(challenge: Uint8Array): Polynomial {
  const stream = shake256(challenge, { dkLen: 1024 });
  const c = zeroPolynomial();
  let next = 8;
  for (let i = DEGREE - TAU; i < DEGREE; i++) {
    while (byteAt(stream, next) > i) next++;
    const j = byteAt(stream, next++);
    const bit = i + TAU - DEGREE;
    c[i] = at(c, j);
    c[j] = (byteAt(stream, bit >> 3) >> (bit & 7)) & 1 ? -1 : 1;
  }
  return c;
}

/** FIPS 204 Algorithm 36 (Decompose). */
function decompose(r: number): [high: number, low: number] {
  const alpha = 2 * GAMMA2;
  let low = r % alpha;
  if (low > GAMMA2) low -= alpha;
  return r - low === Q - 1 ? [0, low - 1] : [(r - low) / alpha, low];
}

/** FIPS 204 Algorithm 40 (UseHint). */
export function useHint(hint: boolean, r: number): number {
  const [high, low] = decompose(r);
  if (!hint) return high;
  return (high + (low > 0 ? 1 : 15)) % 16;
}

/** A z for the matrix of a key, FIPS 204 Algorithms 32 and 41, row by row. */
export function product(publicKey: Uint8Array, z: readonly Polynomial[]): Polynomial[] {
  const transformed = z.map((p) => transform(p.map(mod)));
  return Array.from({ length: ROWS }, (_, row) => {
    const sum = zeroPolynomial();
    transformed.forEach((p, column) => {
      const entry = rejectionSample(publicKey.subarray(0, 32), column, row);
      p.forEach((v, n) => (sum[n] = (at(sum, n) + multiplyMod(v, at(entry, n))) % Q));
    });
    return transformBack(sum);
  });
}

/** A and -NTT(t1 2^d) by row and column, the latter as column 5: FIPS 204 Algorithms 23 (pkDecode), 32 and 41. */
export function expandKey(publicKey: Uint8Array): Polynomial[][] {
  return Array.from({ length: ROWS }, (_, row) => {
    const t1 = unpackBits(publicKey.subarray(32 + 320 * row, 352 + 320 * row), 10);
    const matrix = Array.from({ length: COLUMNS }, (_c, column) =>
      rejectionSample(publicKey.subarray(0, 32), column, row),
    );
    return [...matrix, transform(t1.map((v) => v << 13)).map((v) => mod(-v))];
  });
}

/** c~ for M' and the high bits of w, FIPS 204 Algorithm 8 steps 6, 7 and 12. */
export function challengeHash(publicKey: Uint8Array, message: Uint8Array, high: readonly Polynomial[]): Uint8Array {
  const tr = shake256(publicKey, { dkLen: 64 });
  const mu = shake256(Buffer.concat([tr, message]), { dkLen: 64 });
  return shake256(Buffer.concat([mu, ...high.map((row) => packBits(row, 4))]), { dkLen: 48 });
}

function rejectionSample(rho: Uint8Array, column: number, row: number): Polynomial {
  const stream = shake128(Buffer.concat([rho, Buffer.from([column, row])]), { dkLen: 1680 });
  const result: Polynomial = [];
  for (let i = 0; result.length < DEGREE; i += 3) {
    const candidate = byteAt(stream, i) | (byteAt(stream, i + 1) << 8) | ((byteAt(stream, i + 2) & 0x7f) << 16);
    if (candidate < Q) result.push(candidate);
  }
  return result;
}

const ZETAS = Array.from({ length: DEGREE }, (_, i) => {
  let [exponent, result] = [0, 1];
  for (let bit = 0; bit < 8; bit++) exponent |= ((i >> bit) & 1) << (7 - bit);
  for (let n = 0; n < exponent; n++) result = multiplyMod(result, 1753);
  return result;
});

function unpackBits(bytes: Uint8Array, width: number): number[] {
  return Array.from({ length: (bytes.length * 8) / width }, (_, i) => {
    let value = 0;
    for (let bit = 0; bit < width; bit++) {
      const place = i * width + bit;
      value |= ((byteAt(bytes, place >> 3) >> (place & 7)) & 1) << bit;
    }
    return value;
  });
}

export function transform(p: Polynomial): Polynomial {
  const w = [...p];
  for (let length = 128, m = 1; length >= 1; length /= 2) {
    for (let start = 0; start < DEGREE; start += 2 * length, m++) {
      for (let j = start; j < start + length; j++) {
        const t = multiplyMod(at(ZETAS, m), at(w, j + length));
        w[j + length] = mod(at(w, j) - t);
        w[j] = (at(w, j) + t) % Q;
      }
    }
  }
  return w;
}

export function transformBack(p: Polynomial): Polynomial {
  const w = [...p];
  for (let length = 1, m = 255; length < DEGREE; length *= 2) {
    for (let start = 0; start < DEGREE; start += 2 * length, m--) {
      for (let j = start; j < start + length; j++) {
        const u = at(w, j);
        w[j] = (u + at(w, j + length)) % Q;
        w[j + length] = multiplyMod(Q - at(ZETAS, m), mod(u - at(w, j + length)));
      }
    }
  }
  return w.map((v) => multiplyMod(v, 8347681));
}

function packBits(values: readonly number[], width: number): Uint8Array {
  const bytes = new Uint8Array((values.length * width) / 8);
  values.forEach((value, i) => {
    for (let bit = 0; bit < width; bit++) {
      const place = i * width + bit;
      bytes[place >> 3] = byteAt(bytes, place >> 3) | (((value >> bit) & 1) << (place & 7));
    }
  });
  return bytes;
}

function mod(v: number): number {
  return ((v % Q) + Q) % Q;
}

function multiplyMod(a: number, b: number): number {
  return Number((BigInt(a) * BigInt(b)) % BigInt(Q));
}

function byteAt(bytes: Uint8Array, index: number): number {
  return bytes[index] ?? 0;
}

function at(p: Polynomial, index: number): number {
  const value = p[index];
  if (value === undefined) throw new RangeError(`a polynomial has no coefficient ${index}`);
  return value;
}
