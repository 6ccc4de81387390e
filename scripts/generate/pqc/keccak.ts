import { Kernel } from "./kernel.ts";
import type { KernelCode, Value } from "./kernel.ts";

/** FIPS 202 section 3.2.5: the round constants of Keccak-f[1600]. */
export const ROUND_CONSTANTS: readonly bigint[] = roundConstants();
/** FIPS 202 section 3.2.2: rotation of lane x + 5y, modulo 64. */
const ROTATIONS: readonly number[] = rotations();

/**
 * How a 256-bit word holds lanes of 64 bits.
 *
 * "interleaved": bit i of the lane of state s, of four, is bit 4i + s. A rotation by r is one of the whole word by 4r.
 *
 * "replicated": the lane of one state, four times over. A rotation by r is a mere shift left by r, which makes the r lowest
 * bits of the word wrong. In a round bits are moved by 63 places at most, 1 in theta and 62 in rho, so that after three
 * rounds at most the 189 lowest bits are wrong and the highest copy is right; then it is copied to the other places.
 */
export type Layout = "replicated" | "interleaved";

/** Rounds of a kernel. For "replicated" no more than three, see there. */
export const ROUNDS_AT_ONCE: Readonly<Record<Layout, number>> = { interleaved: 2, replicated: 3 };
/** Copies a lane to all four places of a word. */
export const FOURFOLD = 1n | (1n << 64n) | (1n << 128n) | (1n << 192n);

/**
 * Lanes that are kept complemented. With these six a round takes six NOTs instead of 25; a search over sets of lanes found
 * none that takes fewer.
 */
const COMPLEMENTED = new Set([1, 7, 8, 14, 17, 22]);
/** Whether lane x + 5y of a state is kept complemented. */
export const isComplemented = (lane: number): boolean => COMPLEMENTED.has(lane);

function roundConstants(): bigint[] {
  let register = 1;
  const step = (): bigint => {
    const bit = BigInt(register & 1);
    register = (register << 1) ^ (register & 0x80 ? 0x171 : 0);
    return bit;
  };
  return Array.from({ length: 24 }, () => {
    let constant = 0n;
    for (let j = 0n; j <= 6n; j++) constant |= step() << ((1n << j) - 1n);
    return constant;
  });
}

function rotations(): number[] {
  const result = Array<number>(25).fill(0);
  let [x, y] = [1, 0];
  for (let t = 0; t < 24; t++) {
    result[x + 5 * y] = (((t + 1) * (t + 2)) / 2) % 64;
    [x, y] = [y, (2 * x + 3 * y) % 5];
  }
  return result;
}

/** Where the state of a permutation lies, 25 words, and work space for as many words in each round of a kernel but one. */
export interface KeccakMemory {
  readonly state: number;
  readonly work: number;
}

/** Bytes of a state. */
export const STATE_BYTES = 25 * 32;

/**
 * Some rounds of Keccak-f[1600], from `state` by way of `work` back to `state`. Takes one word from the stack: the address
 * of the round constants, in the layout of the lanes.
 *
 * Rows of chi load their lanes in the order 4, 1, 0, 3, 2, in which each lane lies on top of the stack at its last use.
 */
export function keccakRounds(layout: Layout, memory: KeccakMemory): KernelCode {
  const k = new Kernel(1);
  const [constants] = k.inputs;
  const rounds = ROUNDS_AT_ONCE[layout];
  const place = (i: number): number => (i % rounds === 0 ? memory.state : memory.work + STATE_BYTES * (i - 1));
  for (let i = 0; i < rounds; i++) {
    const renew = layout === "replicated" && i === rounds - 1;
    round(k, { layout, from: place(i), to: place(i + 1), renew, constant: () => k.mload(constants, 32 * i) });
  }
  return k.compile();
}

interface Round {
  readonly layout: Layout;
  readonly from: number;
  readonly to: number;
  /** Whether the highest copy of each lane is copied to the other places. */
  readonly renew: boolean;
  constant(): Value;
}

const polarity = (lane: number): boolean => COMPLEMENTED.has(lane);
const FIVE = [0, 1, 2, 3, 4] as const;

function round(k: Kernel, r: Round): void {
  const lane = (i: number): Value => k.mload(undefined, r.from + 32 * i);
  const parity = FIVE.map((x) => k.keep([5, 10, 15, 20].reduce((sum, y) => k.xor(lane(x + y), sum), lane(x))));
  const parityPolarity = FIVE.map((x) => FIVE.reduce((sum, y) => sum !== polarity(x + 5 * y), false));
  const theta = FIVE.map((x) => k.keep(k.xor(rotate(k, r.layout, at(parity, x + 1), 1), at(parity, x + 4))));
  const thetaPolarity = FIVE.map((x) => at(parityPolarity, x + 4) !== at(parityPolarity, x + 1));
  for (const y of FIVE) {
    const lanes: Value[] = [];
    const complemented: boolean[] = [];
    for (const x of [4, 1, 0, 3, 2]) {
      const source = piSource(x, y);
      const mixed = k.xor(lane(source), at(theta, source % 5));
      lanes[x] = k.keep(rotate(k, r.layout, mixed, ROTATIONS[source] ?? 0));
      complemented[x] = polarity(source) !== at(thetaPolarity, source % 5);
    }
    for (const x of FIVE) {
      let out = chi(k, { lanes, complemented }, x, polarity(x + 5 * y));
      if (x === 0 && y === 0) out = k.xor(r.constant(), out);
      if (r.renew) out = k.mul(k.pool(FOURFOLD), k.shr(192, out));
      k.mstore(undefined, r.to + 32 * (x + 5 * y), out);
    }
  }
}

/** FIPS 202 sections 3.2.3: the lane that pi moves to (x, y). */
function piSource(x: number, y: number): number {
  return ((x + 3 * y) % 5) + 5 * x;
}

function rotate(k: Kernel, layout: Layout, value: Value, bits: number): Value {
  if (bits === 0) return value;
  if (layout === "replicated") return k.shl(bits, value);
  return k.or(k.shl(4 * bits, value), k.shr(256 - 4 * bits, value));
}

/** Five lanes of a row, and which of them are complemented. */
interface Row {
  readonly lanes: readonly Value[];
  readonly complemented: readonly boolean[];
}

/** FIPS 202 section 3.2.4, chi, for lanes that may be complemented: lane x of the row, complemented if `complement`. */
function chi(k: Kernel, row: Row, x: number, complement: boolean): Value {
  const [a, b] = [at(row.lanes, x + 1), at(row.lanes, x + 2)];
  const [notA, notB] = [at(row.complemented, x + 1), at(row.complemented, x + 2)];
  const flip = at(row.complemented, x) !== complement;
  const lane = at(row.lanes, x);
  // What is added to the lane is NOT a AND b. Of a and b as they lie there, that is either one AND, or the complement of one
  // OR, with NOTs where a is not complemented or b is.
  const inAnd = Number(!notA) + Number(notB) + Number(flip);
  const inOr = Number(notA) + Number(!notB) + Number(!flip);
  const useAnd = inAnd <= inOr;
  const mask = useAnd
    ? k.and(notA ? a : k.not(a), notB ? k.not(b) : b)
    : k.or(notA ? k.not(a) : a, notB ? b : k.not(b));
  const sum = k.xor(lane, mask);
  return flip === useAnd ? k.not(sum) : sum;
}

function at<T>(five: readonly T[], index: number): T {
  return five[index % 5] as T;
}
