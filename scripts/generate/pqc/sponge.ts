import { reverseLaneBytes } from "./bits.ts";
import { FOURFOLD, isComplemented } from "./keccak.ts";
import type { KeccakMemory } from "./keccak.ts";
import { Kernel } from "./kernel.ts";
import type { KernelCode, Value } from "./kernel.ts";

const WORD = 32;
const LANE = (1n << 64n) - 1n;
/** Lanes in a block of SHAKE256, FIPS 202 section 6.2: 1088 bits. */
export const SHAKE256_LANES = 17;

/** Turns the 136 bytes at input 0 into 17 lanes, one word each, at input 1. */
export function bytesToLanes(): KernelCode {
  const k = new Kernel(2);
  const [source, target] = k.inputs as [Value, Value];
  for (let i = 0; i < SHAKE256_LANES; i += 4) {
    const word = reverseLaneBytes(k, k.mload(source, 8 * i), true);
    for (let j = 0; j < 4 && i + j < SHAKE256_LANES; j++) {
      const lane = k.shr(192 - 64 * j, word);
      k.mstore(target, WORD * (i + j), j === 0 ? lane : k.and(k.num(LANE), lane));
    }
  }
  return k.compile();
}

/** Writes the first 17 lanes of a replicated state as 136 bytes at input 0; bytes behind them are overwritten. */
export function stateToBytes(memory: KeccakMemory): KernelCode {
  const k = new Kernel(1);
  const [target] = k.inputs;
  for (let i = 0; i < SHAKE256_LANES; i += 4) {
    let word: Value | undefined;
    for (let j = 0; j < 4 && i + j < SHAKE256_LANES; j++) {
      const stored = k.mload(undefined, memory.state + WORD * (i + j));
      const lane = k.and(k.num(LANE << BigInt(192 - 64 * j)), isComplemented(i + j) ? k.not(stored) : stored);
      word = word === undefined ? lane : k.or(lane, word);
    }
    k.mstore(target, 8 * i, reverseLaneBytes(k, word as Value, true));
  }
  return k.compile();
}

/** Adds the 17 lanes at input 0, one word each, to a replicated state. */
export function absorbLanes(memory: KeccakMemory): KernelCode {
  const k = new Kernel(1);
  const [source] = k.inputs;
  for (let i = 0; i < SHAKE256_LANES; i++) {
    const lane = k.mul(k.pool(FOURFOLD), k.mload(source, WORD * i));
    k.mstore(undefined, memory.state + WORD * i, k.xor(k.mload(undefined, memory.state + WORD * i), lane));
  }
  return k.compile();
}
