import { Kernel } from "./kernel.ts";
import type { KernelCode, Value } from "./kernel.ts";
import { LaneArithmetic, WIDE } from "./lanes.ts";
import type { Lanes } from "./lanes.ts";
import { INVERSE_OF_256, Q, ZETAS } from "./zetas.ts";

/** A kernel, and the largest value its lanes can have afterwards. */
export interface BoundedKernel {
  readonly code: KernelCode;
  readonly max: bigint;
}

/** The words of a polynomial lie 32 bytes apart. */
const WORD = 32;
const BLOCKS = 8;

/** How a kernel computes: the K of its reductions, and the multiple of q that keeps differences from going below zero. */
interface Settings {
  readonly shift: number;
  readonly offset: bigint;
}

const FORWARD: Settings = { shift: 57, offset: 2n };
const INVERSE_BOTTOM: Settings = { shift: 55, offset: 3n };
const INVERSE_MIDDLE: Settings = { shift: 55, offset: 23n };
const INVERSE_TOP: Settings = { shift: 55, offset: 18n };

/** A twiddle factor: a constant, or a word on the stack. */
type Factor = (index: number) => bigint | Value;

/**
 * Bound for sums on the way back: larger ones are reduced. With it the last products are of words below 2^K / q, for the
 * K of `scaleModQ`, and then a product is wrong by at most the choice between q and 0: every lane ends in [0, q].
 */
const SUM_LIMIT = 15n * Q;

/** The table of twiddle factors for the layers of length 2 and 1: entry g holds zetas 64 + g, 128 + 2g and 129 + 2g. */
export function zetaTable(): string {
  const word = (g: number): bigint => zeta(64 + g) | (zeta(128 + 2 * g) << 24n) | (zeta(129 + 2 * g) << 48n);
  return Array.from({ length: 64 }, (_, g) => word(g).toString(16).padStart(64, "0")).join("");
}

/** FIPS 204 Algorithm 41, layers 128, 64, 32 of the eight words at distance 32 from input 0. */
export function forwardTop(max: bigint): BoundedKernel {
  const t = new Transform(1, FORWARD);
  const words = t.load(0, 32, 8, max);
  t.forward(words, (i) => zeta(i));
  return t.finish(words, 0, 32);
}

/** FIPS 204 Algorithm 41, layers 16, 8, 4 of the words at distance 4 from input 0, in each of the eight blocks of 32. */
export function forwardMiddle(max: bigint): BoundedKernel {
  const t = new Transform(1, FORWARD);
  let end = max;
  for (let block = 0; block < BLOCKS; block++) {
    const words = t.load(block * 32, 4, 8, max);
    const index = (i: number): number =>
      i === 1 ? 8 + block : i < 4 ? 16 + 2 * block + i - 2 : 32 + 4 * block + i - 4;
    t.forward(words, (i) => zeta(index(i)));
    end = t.save(words, block * 32, 4);
  }
  return { code: t.k.compile(), max: end };
}

/** FIPS 204 Algorithm 41, layers 2 and 1 of four words at input 0, with the table entry at input 1, for each `distance`. */
export function forwardBottom(max: bigint, polynomials: number): BoundedKernel {
  const t = new Transform(2, FORWARD);
  const factor = t.tableFactors();
  let end = max;
  for (let p = 0; p < polynomials; p++) {
    const words = t.load(256 * p, 1, 4, max);
    t.forward(words, factor);
    end = t.save(words, 256 * p, 1);
  }
  return { code: t.k.compile(), max: end };
}

/** FIPS 204 Algorithm 42, layers 1 and 2 of four words at input 0, with the table entry at input 1. */
export function inverseBottom(max: bigint, polynomials: number): BoundedKernel {
  const t = new Transform(2, INVERSE_BOTTOM);
  const factor = t.tableFactors();
  let end = max;
  for (let p = 0; p < polynomials; p++) {
    const words = t.load(256 * p, 1, 4, max);
    t.inverse(words, (i) => factor(i === 1 ? 1 : 5 - i));
    end = t.save(words, 256 * p, 1);
  }
  return { code: t.k.compile(), max: end };
}

/** FIPS 204 Algorithm 42, layers 4, 8, 16 of the words at distance 4 from input 0, in each of the eight blocks of 32. */
export function inverseMiddle(max: bigint): BoundedKernel {
  const t = new Transform(1, INVERSE_MIDDLE);
  let end = max;
  for (let block = 0; block < BLOCKS; block++) {
    const words = t.load(block * 32, 4, 8, max);
    const index = (i: number): number =>
      i === 1 ? 15 - block : i < 4 ? 31 - 2 * block - (i - 2) : 63 - 4 * block - (i - 4);
    t.inverse(words, (i) => zeta(index(i)));
    end = t.save(words, block * 32, 4);
  }
  return { code: t.k.compile(), max: end };
}

/** FIPS 204 Algorithm 42, layers 32, 64, 128 of the eight words at distance 32 from input 0, and the division by 256. */
export function inverseTop(max: bigint): BoundedKernel {
  const t = new Transform(1, INVERSE_TOP);
  const words = t.load(0, 32, 8, max);
  const index = (i: number): number => (i === 1 ? 1 : i < 4 ? 3 - (i - 2) : 7 - (i - 4));
  t.inverse(words, (i) => (i === 1 ? (zeta(1) * INVERSE_OF_256) % Q : zeta(index(i))), INVERSE_OF_256);
  return t.finish(words, 0, 32);
}

function zeta(index: number): bigint {
  const value = ZETAS[index];
  if (value === undefined) throw new Error(`there is no zeta ${index}`);
  return value;
}

/** Butterflies on words that hold three polynomials side by side. */
class Transform {
  readonly k: Kernel;
  private readonly lanes: LaneArithmetic;
  private readonly offset: bigint;

  constructor(inputs: number, { shift, offset }: Settings) {
    this.k = new Kernel(inputs);
    this.offset = offset;
    this.lanes = new LaneArithmetic(this.k, WIDE, shift);
  }

  load(first: number, distance: number, count: number, max: bigint): Lanes[] {
    const [base] = this.k.inputs;
    return Array.from({ length: count }, (_, i) => {
      return this.lanes.keep(this.lanes.lanes(this.k.mload(base, WORD * (first + distance * i)), max));
    });
  }

  save(words: readonly Lanes[], first: number, distance: number): bigint {
    const [base] = this.k.inputs;
    words.forEach((w, i) => this.k.mstore(base, WORD * (first + distance * i), w.value));
    return words.reduce((max, w) => (w.max > max ? w.max : max), 0n);
  }

  finish(words: readonly Lanes[], first: number, distance: number): BoundedKernel {
    const max = this.save(words, first, distance);
    return { code: this.k.compile(), max };
  }

  /** The factors of a table entry: 1 for the layer of length 2, 2 and 3 for the layer of length 1. */
  tableFactors(): Factor {
    const entry = this.k.keep(this.k.mload(this.k.inputs[1], 0));
    const mask = this.k.num(0xffffffn);
    const factors = [
      this.k.keep(this.k.and(mask, entry)),
      this.k.keep(this.k.and(mask, this.k.shr(24, entry))),
      this.k.keep(this.k.shr(48, entry)),
    ];
    return (i) => {
      const factor = factors[i - 1];
      if (factor === undefined) throw new Error(`a table entry has no factor ${i}`);
      return factor;
    };
  }

  /** All layers of 2^n words, in place; factor i belongs to node i of the binary tree of blocks, 1 being the root. */
  forward(words: Lanes[], factor: Factor): void {
    for (let length = words.length / 2, node = 1; length >= 1; length /= 2) {
      for (let start = 0; start < words.length; start += 2 * length, node++) {
        for (let j = start; j < start + length; j++) {
          const [u, v] = [word(words, j), word(words, j + length)];
          const t = this.lanes.keep(this.product(v, factor(node)));
          words[j + length] = this.lanes.keep(this.lanes.subModQ(u, t, this.offset));
          words[j] = this.lanes.keep(this.lanes.add(u, t));
        }
      }
    }
  }

  /**
   * All layers of 2^n words in reverse order, in place. The standard multiplies u - v by -zeta, here v - u by zeta. With
   * `scale`, the sums of the last layer are multiplied by it.
   */
  inverse(words: Lanes[], factor: Factor, scale?: bigint): void {
    for (let length = 1; length < words.length; length *= 2) {
      const last = 2 * length === words.length;
      let node = words.length / (2 * length);
      for (let start = 0; start < words.length; start += 2 * length, node++) {
        for (let j = start; j < start + length; j++) {
          const [u, v] = [word(words, j), word(words, j + length)];
          const exact = last && scale !== undefined;
          words[j + length] = this.lanes.keep(this.product(this.lanes.subModQ(v, u, this.offset), factor(node), exact));
          const sum = this.lanes.add(u, v);
          words[j] = this.lanes.keep(last ? this.finishSum(sum, scale) : sum);
        }
      }
    }
  }

  private finishSum(sum: Lanes, scale: bigint | undefined): Lanes {
    if (scale !== undefined) return this.product(sum, scale, true);
    return sum.max > SUM_LIMIT ? this.lanes.reduce(sum) : sum;
  }

  private product(a: Lanes, factor: bigint | Value, exact = false): Lanes {
    if (typeof factor !== "bigint") return this.lanes.reduce(this.lanes.scale(a, factor, Q - 1n));
    return exact ? this.lanes.scaleModQ(a, factor) : this.lanes.reduce(this.lanes.scale(a, this.k.num(factor), factor));
  }
}

function word(words: readonly Lanes[], index: number): Lanes {
  const value = words[index];
  if (value === undefined) throw new Error(`there is no word ${index}`);
  return value;
}
