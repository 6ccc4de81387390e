import type { Kernel, Value } from "./kernel.ts";
import { Q } from "./zetas.ts";

/** How polynomials lie side by side in a word: `count` lanes, `stride` bits apart. */
export interface LaneFormat {
  readonly stride: number;
  readonly count: number;
}

/** Three polynomials in a word, with room for a 23-bit coefficient times a constant of Barrett reduction. */
export const WIDE: LaneFormat = { stride: 85, count: 3 };
/** Three polynomials in the 26 bytes in which an expanded key stores nine coefficients of 23 bits. */
export const PACKED: LaneFormat = { stride: 69, count: 3 };
/** Bits of a coefficient in an expanded key, and bytes of the nine that share a word. */
export const FIELD_BITS = 23;
export const FIELD_WORD_BYTES = 26;
/** Where coefficient `column` of the first row begins in a word that is loaded from such 26 bytes. */
export const fieldShift = (column: number): number => 256 - 8 * FIELD_WORD_BYTES + FIELD_BITS * column;

/** A word of lanes, with the largest value any lane can have. Every operation proves that no lane can overflow. */
export interface Lanes {
  readonly value: Value;
  readonly format: LaneFormat;
  readonly max: bigint;
}

/** The word that has `constant` in each of the first `count` lanes. */
export function replicate(format: LaneFormat, constant: bigint, count = format.count): bigint {
  let word = 0n;
  for (let lane = 0; lane < count; lane++) word |= constant << BigInt(lane * format.stride);
  return word;
}

/** Arithmetic on lanes in a kernel. */
export class LaneArithmetic {
  private readonly k: Kernel;
  private readonly format: LaneFormat;
  private readonly shift: number;

  /** @param shift the K of reductions: the higher, the closer to q their results; too high, and products overflow */
  constructor(k: Kernel, format: LaneFormat, shift: number) {
    this.k = k;
    this.format = format;
    this.shift = shift;
  }

  /** Declares that no lane of `value` exceeds `max`. */
  lanes(value: Value, max: bigint): Lanes {
    if (max >= 1n << BigInt(this.format.stride))
      throw new Error(`lanes of up to ${max} overflow ${this.format.stride} bits`);
    return { value, format: this.format, max };
  }

  keep(a: Lanes): Lanes {
    this.k.keep(a.value);
    return a;
  }

  add(a: Lanes, b: Lanes): Lanes {
    return this.lanes(this.k.add(a.value, b.value), a.max + b.max);
  }

  addConstant(a: Lanes, constant: bigint): Lanes {
    return this.lanes(this.k.add(a.value, this.k.num(replicate(this.format, constant))), a.max + constant);
  }

  /** a - b + `multiple` q, which must keep every lane from going below zero. */
  subModQ(a: Lanes, b: Lanes, multiple: bigint): Lanes {
    const raised = this.k.add(this.offset(b, multiple), a.value);
    return this.lanes(this.k.sub(raised, b.value), a.max + multiple * Q);
  }

  /** -a + `multiple` q, which must keep every lane from going below zero. */
  negate(a: Lanes, multiple: bigint): Lanes {
    return this.lanes(this.k.sub(this.offset(a, multiple), a.value), multiple * Q);
  }

  private offset(subtrahend: Lanes, multiple: bigint): Value {
    if (subtrahend.max > multiple * Q) throw new Error(`a lane can fall below zero: ${subtrahend.max} > ${multiple} q`);
    return this.k.pool(replicate(this.format, multiple * Q));
  }

  /** Every lane times one factor of at most `maxFactor`. */
  scale(a: Lanes, factor: Value, maxFactor: bigint): Lanes {
    return this.lanes(this.k.mul(factor, a.value), a.max * maxFactor);
  }

  /** Lanes shifted right by `bits` and cut to `width` bits. */
  field(a: Lanes, bits: number, width: number): Lanes {
    if (bits + width > this.format.stride) throw new Error(`a field ends beyond ${this.format.stride} bits`);
    const mask = replicate(this.format, (1n << BigInt(width)) - 1n);
    return this.lanes(this.k.and(this.k.pool(mask), this.k.shr(bits, a.value)), (1n << BigInt(width)) - 1n);
  }

  /**
   * Every lane times a constant, reduced by Shoup's method: a * c - floor(a * floor(c * 2^K / q) / 2^K) * q, where no
   * product may overflow. The estimate of the quotient falls short of a * c / q by less than
   * 1 + a / 2^K, so the result is below q + q * a / 2^K.
   */
  scaleModQ(a: Lanes, constant: bigint): Lanes {
    const { k, shift } = this;
    const factor = (constant << BigInt(shift)) / Q;
    k.keep(a.value);
    const quotient = this.field(this.scale(a, k.num(factor), factor), shift, this.format.stride - shift);
    const remainder = k.sub(this.scale(a, k.num(constant), constant).value, k.mul(k.num(Q), quotient.value));
    return this.lanes(remainder, Q + (Q * a.max) / (1n << BigInt(shift)));
  }

  /**
   * Barrett reduction: a - floor(a * floor(2^K / q) / 2^K) * q, where the product must fit a lane. The estimate of the quotient never exceeds a / q and falls short of it by less than 1 + a * d / 2^K, where d < 1 is
   * the fraction that the inner floor cuts off; so the result is below q * (1 + a * d / 2^K).
   */
  reduce(a: Lanes): Lanes {
    const { k, shift } = this;
    const inverse = (1n << BigInt(shift)) / Q;
    k.keep(a.value);
    const quotient = this.field(
      this.lanes(k.mul(k.num(inverse), a.value), inverse * a.max),
      shift,
      this.format.stride - shift,
    );
    const remainder = k.sub(a.value, k.mul(k.num(Q), quotient.value));
    const cut = (1n << BigInt(shift)) % Q;
    return this.lanes(remainder, Q + (a.max * cut) / (1n << BigInt(shift)));
  }
}

/** Moves the lanes of a word apart or together; anything above the last lane is cut off. */
export function convert(k: Kernel, a: Lanes, to: LaneFormat, pooled = false): Lanes {
  const from = a.format;
  k.keep(a.value);
  let word: Value | undefined;
  for (let lane = 0; lane < from.count; lane++) {
    const start = BigInt(lane * from.stride);
    const width = BigInt(Math.min(from.stride, to.stride));
    const mask = ((1n << width) - 1n) << start;
    const part = k.and(pooled ? k.pool(mask) : k.num(mask), a.value);
    const distance = lane * (to.stride - from.stride);
    const moved = distance < 0 ? k.shr(-distance, part) : k.shl(distance, part);
    word = word === undefined ? moved : k.or(moved, word);
  }
  if (word === undefined) throw new Error("a lane format needs a lane");
  if (a.max >= 1n << BigInt(to.stride)) throw new Error(`lanes of up to ${a.max} overflow ${to.stride} bits`);
  return { value: word, format: to, max: a.max };
}
