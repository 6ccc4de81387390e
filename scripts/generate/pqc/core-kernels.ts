import { reverseFives } from "./bits.ts";
import { Kernel } from "./kernel.ts";
import type { KernelCode, Value } from "./kernel.ts";
import { convert, FIELD_BITS, FIELD_WORD_BYTES, fieldShift, LaneArithmetic, PACKED, replicate, WIDE } from "./lanes.ts";
import type { BoundedKernel } from "./ntt.ts";
import { Q } from "./zetas.ts";

const WORD = 32;
const FIELD_MAX = (1n << BigInt(FIELD_BITS)) - 1n;
/** Distance of the two groups of three polynomials in memory. */
const GROUP = 256 * WORD;
/** Bytes of one polynomial of the response z in a signature: 20 bits a coefficient. */
const Z_BYTES = 640;

/** FIPS 204 table 1, ML-DSA-65. */
export const GAMMA1 = 1n << 19n;
export const GAMMA2 = (Q - 1n) / 32n;
export const BETA = 196n;

/**
 * FIPS 204 Algorithm 19 (BitUnpack) on ten bytes, four coefficients, of each of `polynomials` polynomials, and the check
 * of Algorithm 8 step 13 on them. Inputs: where the ten bytes of the first polynomial lie in calldata, where the first of
 * four words goes, flags. Output: the flags, with bit 20 of a lane set if any coefficient's absolute value is
 * gamma1 - beta or more. Coefficients are stored as q + gamma1 - v, v being the 20 bits.
 *
 * |gamma1 - v| < gamma1 - beta means beta < v < 2 gamma1 - beta. As v < 2^20 = 2 gamma1, v + beta carries into bit 20
 * if and only if v is too large, and 2^20 + beta - v keeps bit 20 if and only if v is too small.
 */
export function decodeResponse(polynomials: number, beta = BETA): BoundedKernel {
  const k = new Kernel(3);
  const [source, target, flags] = k.inputs as [Value, Value, Value];
  const lanes = new LaneArithmetic(k, WIDE, 0);
  let word: Value | undefined;
  for (let i = 0; i < polynomials; i++) {
    const ten = k.shl(WIDE.stride * i, k.shr(176, k.calldataload(source, Z_BYTES * i)));
    word = word === undefined ? ten : k.or(ten, word);
  }
  const reversed = reverseFives(k, k.keep(word as Value));
  const each = (constant: bigint): Value => k.num(replicate(WIDE, constant, polynomials));
  let accumulated = flags;
  [40, 60, 0, 20].forEach((bit, i) => {
    const v = k.keep(lanes.field(lanes.lanes(reversed, (1n << 80n) - 1n), bit, 20).value);
    const coefficient = k.keep(k.sub(each(Q + GAMMA1), v));
    k.mstore(target, WORD * i, coefficient);
    const tooSmall = k.sub(coefficient, each(Q + GAMMA1 - (1n << 20n) - beta));
    accumulated = k.keep(k.or(k.or(k.add(each(beta), v), accumulated), tooSmall));
  });
  return { code: k.compile([accumulated]), max: Q + GAMMA1 };
}

/**
 * FIPS 204 Algorithm 8 step 9 in the NTT domain, one coefficient of all six rows: A z - c t1 2^d. Inputs: where z0|z1|z2
 * lies in memory, and z3|z4|c one group behind it; where in calldata the four 26-byte words of the key lie that hold, for
 * rows 0-2 and then for rows 3-5, columns 0, 1, 2 and columns 3, 4, -t1 2^d. The rows take the place of z.
 */
export function multiply(zMax: bigint): BoundedKernel {
  const k = new Kernel(2);
  const [z, key] = k.inputs as [Value, Value];
  const narrow = new LaneArithmetic(k, PACKED, 0);
  const wide = new LaneArithmetic(k, WIDE, 54);
  const scalars = [0, GROUP].flatMap((group) => {
    const word = k.keep(k.mload(z, group));
    const mask = k.num((1n << BigInt(WIDE.stride)) - 1n);
    return [k.keep(k.and(mask, word)), k.keep(k.and(mask, k.shr(85, word))), k.keep(k.shr(170, word))];
  });
  let max = 0n;
  for (const group of [0, 1]) {
    let sum: ReturnType<LaneArithmetic["scale"]> | undefined;
    for (const half of [0, 1]) {
      const word = k.keep(k.calldataload(key, FIELD_WORD_BYTES * (2 * group + half)));
      for (let i = 0; i < 3; i++) {
        const field = k.and(k.pool(replicate(PACKED, FIELD_MAX)), k.shr(fieldShift(i), word));
        const product = narrow.scale(narrow.lanes(field, FIELD_MAX), scalars[3 * half + i] as Value, zMax);
        sum = sum === undefined ? product : narrow.add(product, sum);
      }
    }
    if (sum === undefined) throw new Error("a row has no product");
    const row = wide.reduce(convert(k, sum, WIDE));
    k.mstore(z, GROUP * group, row.value);
    max = row.max;
  }
  return { code: k.compile(), max };
}

const ALPHA = 2n * GAMMA2;
/** floor(x / alpha) = floor(x * HIGH_FACTOR / 2^HIGH_SHIFT) for every x below 2^24. */
const HIGH_SHIFT = 44;
const HIGH_FACTOR = (1n << BigInt(HIGH_SHIFT)) / ALPHA + 1n;

/**
 * FIPS 204 Algorithm 37 (HighBits) and Algorithm 28 (w1Encode) of 16 coefficients of three rows, without hints. Inputs:
 * where the 16 words lie, and where the lane of the first row goes; the next rows' lanes go 16 words further each.
 *
 * The high bits of r are ceil((r - gamma2) / alpha) = floor((r + gamma2 - 1) / alpha) modulo 16, where 16 takes the place
 * of the special case r - r0 = q - 1. The same holds for q in the place of 0.
 */
export function highBits(max: bigint): KernelCode {
  if (max + GAMMA2 >= 1n << 24n) throw new Error("the division by alpha is not exact for these coefficients");
  const k = new Kernel(2);
  const [rows, target] = k.inputs as [Value, Value];
  const lanes = new LaneArithmetic(k, WIDE, 0);
  let encoded: Value | undefined;
  for (let i = 0; i < 16; i++) {
    const raised = lanes.addConstant(lanes.lanes(k.mload(rows, WORD * i), max), GAMMA2 - 1n);
    const high = lanes.field(lanes.scale(raised, k.num(HIGH_FACTOR), HIGH_FACTOR), HIGH_SHIFT, 4);
    const nibble = k.shl(4 * i, high.value);
    encoded = encoded === undefined ? k.keep(nibble) : k.keep(k.or(nibble, encoded));
  }
  for (let row = 0; row < 3; row++) {
    const lane = k.and(k.num((1n << 64n) - 1n), k.shr(WIDE.stride * row, encoded as Value));
    k.mstore(target, 16 * WORD * row, lane);
  }
  return k.compile();
}
