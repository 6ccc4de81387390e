import type { Kernel, Value } from "./kernel.ts";
import { replicate, WIDE } from "./lanes.ts";

/** Exchanges the bits of `word` under `mask` with those `distance` bits higher. */
function deltaSwap(k: Kernel, word: Value, distance: number, mask: Value): Value {
  k.keep(word);
  const difference = k.and(mask, k.xor(k.shr(distance, word), word));
  return k.xor(k.mul(k.num((1n << BigInt(distance)) + 1n), difference), word);
}

/** Reverses the bytes of each of the two groups of five in a lane of ten bytes, in the wide format. */
export function reverseFives(k: Kernel, word: Value): Value {
  const outer = deltaSwap(k, word, 32, k.num(replicate(WIDE, 0xffn | (0xffn << 40n))));
  return k.keep(deltaSwap(k, outer, 16, k.num(replicate(WIDE, 0xff00n | (0xff00n << 40n)))));
}

/** Reverses the bytes of each 64-bit lane of a word: Keccak's lanes are little-endian. */
export function reverseLaneBytes(k: Kernel, word: Value, pooled = false): Value {
  let value = word;
  for (const bits of [8, 16, 32]) {
    let mask = 0n;
    for (let at = 0; at < 256; at += 2 * bits) mask |= ((1n << BigInt(bits)) - 1n) << BigInt(at);
    const half = pooled ? k.pool(mask) : k.num(mask);
    k.keep(value);
    const low = k.shl(bits, k.and(half, value));
    value = k.or(low, k.and(half, k.shr(bits, value)));
  }
  return k.keep(value);
}

/** The bit positions p < 256 for which `holds(p)`. */
function positions(holds: (p: number) => boolean): bigint {
  let mask = 0n;
  for (let p = 0; p < 256; p++) if (holds(p)) mask |= 1n << BigInt(p);
  return mask;
}

/**
 * Takes apart four interleaved lanes: bit i of lane s moves from 4i + s to 64s + i. The number of a bit's place, seen as
 * eight bits, is rotated right by two, which is two cycles of four and so six exchanges of two of its bits.
 */
export function deinterleave(k: Kernel, word: Value): Value {
  let value = word;
  for (const [a, b] of [
    [0, 2],
    [2, 4],
    [4, 6],
    [1, 3],
    [3, 5],
    [5, 7],
  ] as const) {
    const mask = positions((p) => ((p >> a) & 1) === 1 && ((p >> b) & 1) === 0);
    value = deltaSwap(k, value, (1 << b) - (1 << a), k.pool(mask));
  }
  return value;
}

/** Spreads the 64 bits of a lane to the places of lane 0 among four: bit i moves to 4i. */
export function spread(k: Kernel, lane: Value): Value {
  let value = lane;
  for (let block = 32; block >= 1; block /= 2) {
    const mask = positions((p) => p % (4 * block) < block);
    value = k.and(k.pool(mask), k.mul(k.num((1n << BigInt(3 * block)) + 1n), value));
  }
  return value;
}

/** The reverse of `spread`; the places of the other three lanes must be clear. */
export function gather(k: Kernel, word: Value): Value {
  let value = word;
  for (let block = 1; block <= 32; block *= 2) {
    k.keep(value);
    const mask = positions((p) => p % (8 * block) < 2 * block);
    value = k.and(k.pool(mask), k.or(k.shr(3 * block, value), value));
  }
  return value;
}

/** The constant of `spread`, for a lane known beforehand. */
export function spreadConstant(lane: bigint): bigint {
  let word = 0n;
  for (let i = 0n; i < 64n; i++) if ((lane >> i) & 1n) word |= 1n << (4n * i);
  return word;
}
