import { deinterleave, gather, reverseFives, reverseLaneBytes, spread, spreadConstant } from "./bits.ts";
import { isComplemented } from "./keccak.ts";
import type { KeccakMemory } from "./keccak.ts";
import { Kernel } from "./kernel.ts";
import type { KernelCode, Value } from "./kernel.ts";
import { convert, FIELD_BITS, FIELD_WORD_BYTES, fieldShift, LaneArithmetic, PACKED, replicate, WIDE } from "./lanes.ts";
import type { Lanes } from "./lanes.ts";
import type { BoundedKernel } from "./ntt.ts";
import { SHAKE256_LANES } from "./sponge.ts";
import { Q } from "./zetas.ts";

const WORD = 32;
const POLYNOMIAL = 256 * WORD;
/** Bytes of one polynomial of t1 in a public key: 10 bits a coefficient. */
const T1_BYTES = 320;
const LANE = (1n << 64n) - 1n;
/** Lanes in a block of SHAKE128, FIPS 202 section 6.2: 1344 bits. */
export const SHAKE128_LANES = 21;
/** The places of the first of four interleaved lanes; times 7 those of three, times 8 those of the fourth. */
const FIRST = spreadConstant(LANE);
const THREE = FIRST * 7n;
const FOURTH = FIRST * 8n;
/** Bytes from one coefficient of an expanded key to the next. */
const KEY_STRIDE = 4 * FIELD_WORD_BYTES;
/** Coefficients that a run of `packColumns` or `packWithT1` puts into the key. */
const PACKED_AT_ONCE = 4;

/** Spreads the four lanes of rho, at input 0, for absorption: to input 1. */
export function spreadSeed(): KernelCode {
  const k = new Kernel(2);
  const [source, target] = k.inputs as [Value, Value];
  const word = reverseLaneBytes(k, k.mload(source, 0));
  for (let i = 0; i < 4; i++) {
    k.mstore(target, WORD * i, spread(k, k.and(k.num(LANE), k.shr(192 - 64 * i, word))));
  }
  return k.compile();
}

/**
 * Starts three or four SHAKE128 streams of FIPS 204 Algorithm 30 (RejNTTPoly): absorbs rho and, as input 1, the
 * interleaved lanes of their two index bytes and the padding. Input 0 is where the spread seed lies. Three streams leave
 * the state's fourth instance alone.
 */
export function startStreams(memory: KeccakMemory, streams: 3 | 4): KernelCode {
  const k = new Kernel(2);
  const [seed, indices] = k.inputs as [Value, Value];
  const places = streams === 3 ? THREE : FIRST * 15n;
  const ending = spreadConstant(1n << 63n) * (streams === 3 ? 7n : 15n);
  for (let i = 0; i < 25; i++) {
    const ones = isComplemented(i) ? places : 0n;
    let lane: Value;
    if (i < 4) {
      const absorbed = k.mul(k.num(streams === 3 ? 7n : 15n), k.mload(seed, WORD * i));
      lane = ones === 0n ? absorbed : k.xor(k.num(ones), absorbed);
    } else {
      lane = i === 4 ? indices : k.num(i === SHAKE128_LANES - 1 ? ones ^ ending : ones);
    }
    const address = memory.state + WORD * i;
    const kept = k.and(k.pool(FOURTH), k.mload(undefined, address));
    k.mstore(undefined, address, streams === 3 ? k.or(lane, kept) : lane);
  }
  return k.compile();
}

/** The lane of the two index bytes and the padding, interleaved for four streams: FIPS 204 Algorithm 32 steps 3 and 4. */
export function streamIndices(entries: readonly { row: number; column: number }[]): bigint {
  return entries.reduce((word, { row, column }, s) => {
    return word | (spreadConstant(BigInt(column | (row << 8) | (0x1f << 16))) << BigInt(s));
  }, 0n);
}

/** Absorbs the block of 136 bytes at input 0 into the fourth instance, SHAKE256. */
export function absorbFourth(memory: KeccakMemory): KernelCode {
  const k = new Kernel(1);
  const [source] = k.inputs;
  for (let i = 0; i < SHAKE256_LANES; i += 4) {
    const word = reverseLaneBytes(k, k.mload(source, 8 * i), true);
    for (let j = 0; j < 4 && i + j < SHAKE256_LANES; j++) {
      const lane = k.shr(192 - 64 * j, word);
      const bits = k.shl(3, spread(k, j === 0 ? lane : k.and(k.num(LANE), lane)));
      const address = memory.state + WORD * (i + j);
      k.mstore(undefined, address, k.xor(k.mload(undefined, address), bits));
    }
  }
  return k.compile();
}

/** Squeezes 64 bytes from the fourth instance to input 0. */
export function squeezeFourth(memory: KeccakMemory): KernelCode {
  const k = new Kernel(1);
  const [target] = k.inputs;
  for (let half = 0; half < 2; half++) {
    let word: Value | undefined;
    for (let j = 0; j < 4; j++) {
      const i = 4 * half + j;
      const stored = k.mload(undefined, memory.state + WORD * i);
      const places = k.and(k.num(FIRST), k.shr(3, isComplemented(i) ? k.not(stored) : stored));
      const lane = k.shl(192 - 64 * j, gather(k, places));
      word = k.keep(word === undefined ? lane : k.or(lane, word));
    }
    k.mstore(target, WORD * half, reverseLaneBytes(k, word as Value));
  }
  return k.compile();
}

/**
 * Squeezes a block of three streams, 21 words of three lanes in the packed format, to input 0. With `fourth` the block of
 * the fourth instance is added, as lane number input 2 / 69, to the 21 words at input 1.
 */
export function squeezeStreams(memory: KeccakMemory, fourth: boolean): KernelCode {
  const k = new Kernel(fourth ? 3 : 1);
  const [target, other, shift] = k.inputs as [Value, Value, Value];
  const lanes = new LaneArithmetic(k, { stride: 64, count: 3 }, 0);
  for (let i = 0; i < SHAKE128_LANES; i++) {
    const stored = k.mload(undefined, memory.state + WORD * i);
    const word = k.keep(deinterleave(k, isComplemented(i) ? k.not(stored) : stored));
    k.mstore(target, WORD * i, convert(k, lanes.lanes(word, LANE), PACKED, true).value);
    if (fourth) {
      const lane = k.shiftLeft(shift, k.shr(192, word));
      k.mstore(other, WORD * i, k.or(k.mload(other, WORD * i), lane));
    }
  }
  return k.compile();
}

/**
 * FIPS 204 Algorithm 14 (CoeffFromThreeBytes) on eight candidates of three streams: the three words at input 0, to input
 * 1. Output: flags, with bit 23 of a lane set if any of its candidates is q or more. As 2^23 - q = 8191, adding that
 * carries into bit 23 if and only if a candidate is to be rejected.
 */
export function sampleEight(): KernelCode {
  const k = new Kernel(2);
  const [source, target] = k.inputs as [Value, Value];
  const lanes = new LaneArithmetic(k, PACKED, 0);
  const [a, b, c] = [0, 1, 2].map((i) => lanes.lanes(k.keep(k.mload(source, WORD * i)), LANE)) as [Lanes, Lanes, Lanes];
  const cut = (word: Lanes, bits: number, width: number): Value => {
    return k.and(k.num(replicate(PACKED, (1n << BigInt(width)) - 1n)), k.shr(bits, word.value));
  };
  const candidates = [
    (): Value => lanes.field(a, 0, 23).value,
    (): Value => lanes.field(a, 24, 23).value,
    (): Value => k.or(k.shl(16, cut(b, 0, 7)), cut(a, 48, 16)),
    (): Value => lanes.field(b, 8, 23).value,
    (): Value => lanes.field(b, 32, 23).value,
    (): Value => k.or(k.shl(8, cut(c, 0, 15)), cut(b, 56, 8)),
    (): Value => lanes.field(c, 16, 23).value,
    (): Value => lanes.field(c, 40, 23).value,
  ];
  let flags: Value | undefined;
  candidates.forEach((candidate, i) => {
    const value = k.keep(candidate());
    k.mstore(target, WORD * i, value);
    const carry = k.add(k.pool(replicate(PACKED, (1n << 23n) - Q)), value);
    flags = k.keep(flags === undefined ? carry : k.or(carry, flags));
  });
  return k.compile([flags as Value]);
}

/** Moves one stream, whose 64 places in a word input 1 masks, down by the 24 bits of a candidate, in four words at input 0. */
export function dropCandidate(): KernelCode {
  const k = new Kernel(2);
  const [words, mask] = k.inputs as [Value, Value];
  let next = k.keep(k.mload(words, 0));
  for (let i = 0; i < 4; i++) {
    const word = next;
    next = k.keep(k.mload(words, WORD * (i + 1)));
    const lane = k.or(k.shl(40, k.and(mask, next)), k.shr(24, k.and(mask, word)));
    k.mstore(words, WORD * i, k.xor(word, k.and(mask, k.xor(lane, word))));
  }
  return k.compile();
}

/**
 * FIPS 204 Algorithm 18 (SimpleBitUnpack) on ten bytes, eight coefficients, of each of three polynomials of t1, and the
 * shift by d = 13. Inputs: where the ten bytes of the first polynomial lie in memory, where the first word goes.
 */
export function decodeT1(): BoundedKernel {
  const k = new Kernel(2);
  const [source, target] = k.inputs as [Value, Value];
  let word: Value | undefined;
  for (let i = 0; i < 3; i++) {
    const ten = k.shl(WIDE.stride * i, k.shr(176, k.mload(source, T1_BYTES * i)));
    word = word === undefined ? ten : k.or(ten, word);
  }
  const lanes = new LaneArithmetic(k, WIDE, 0);
  const reversed = lanes.lanes(reverseFives(k, word as Value), (1n << 80n) - 1n);
  [40, 50, 60, 70, 0, 10, 20, 30].forEach((bit, i) => {
    k.mstore(target, WORD * i, k.shl(13, lanes.field(reversed, bit, 10).value));
  });
  return { code: k.compile(), max: 1023n << 13n };
}

/** Puts four coefficients of three columns, one polynomial apart from input 0 on, into the key at input 1. */
export function packColumns(): KernelCode {
  const k = new Kernel(2);
  const [columns, key] = k.inputs as [Value, Value];
  for (let i = 0; i < PACKED_AT_ONCE; i++) {
    const word = [0, 1, 2].map((c) => k.shl(fieldShift(c), k.mload(columns, WORD * i + POLYNOMIAL * c)));
    k.mstore(
      key,
      KEY_STRIDE * i,
      word.reduce((sum, field) => k.or(field, sum)),
    );
  }
  return k.compile();
}

/**
 * Adds four coefficients of two columns, one polynomial apart from input 0 on, and of -t1 2^d to the key at input 2. The
 * latter come from the NTT, at input 1, and are stored in [1, q], q being another 0.
 */
export function packWithT1(max: bigint): KernelCode {
  const k = new Kernel(3);
  const [columns, t1, key] = k.inputs as [Value, Value, Value];
  const lanes = new LaneArithmetic(k, WIDE, 57);
  for (let i = 0; i < PACKED_AT_ONCE; i++) {
    const negative = lanes.negate(lanes.lanes(k.mload(t1, WORD * i), max), max / Q + 1n);
    const reduced = lanes.reduce(negative);
    if (reduced.max >= 1n << BigInt(FIELD_BITS))
      throw new Error(`a coefficient of t1 needs more than ${FIELD_BITS} bits`);
    const fields = [0, 1].map((c) => k.shl(fieldShift(c), k.mload(columns, WORD * i + POLYNOMIAL * c)));
    const word = [k.shl(fieldShift(2), convert(k, reduced, PACKED).value), ...fields].reduce((sum, field) =>
      k.or(field, sum),
    );
    k.mstore(key, KEY_STRIDE * i, k.or(k.mload(key, KEY_STRIDE * i), word));
  }
  return k.compile();
}
