import type { Rows } from "./bitmap.ts";
import { wordsFor } from "./bitmap.ts";

/** Rows from which on an order keeps bitmaps of its beginnings. */
const LARGE = 65_536;
/** Parts of a large order; at the end of each there is a bitmap of everything before it. */
const PARTS = 64;
/** Rows up to which comparing is cheaper than counting. */
const SMALL = 4_096;
/** Share of the rows that may change before it is cheaper to sort anew. */
const FEW = 1 / 16;

/** What an order sorts by. */
export interface OrderKey {
  /** Negative when row `a` comes before row `b`; never 0 for different rows. */
  compare(a: number, b: number): number;
  /** Small whole numbers that a row is compared by, the last one first; equal rows are in ascending order. */
  readonly digits: readonly Digit[];
}

/** A whole number from 0 to before `count`. */
interface Digit {
  readonly count: number;
  of(row: number): number;
}

/** All rows in the order of a key, which is brought up to date when it is asked for. */
export class ListingOrder {
  readonly #key: OrderKey;
  #rows = new Uint32Array(0);
  /** Rows whose key changed; undefined when everything may have. */
  #changed: Set<number> | undefined;
  #beginnings: Rows[] | undefined;

  constructor(key: OrderKey) {
    this.#key = key;
  }

  /** Notes that the key of a row changed, or that it is new. */
  touch(row: number): void {
    this.#changed?.add(row);
  }

  /** Notes that any key may have changed. */
  touchAll(): void {
    this.#changed = undefined;
  }

  /** Rows `0` to `count - 1` in order. */
  rows(count: number): Uint32Array {
    const changed = this.#changed;
    if (changed?.size === 0 && this.#rows.length === count) return this.#rows;
    this.#rows = changed === undefined || changed.size > count * FEW ? this.#sort(count) : this.#merge(changed, count);
    this.#changed = new Set();
    this.#beginnings = undefined;
    return this.#rows;
  }

  /** First position whose row does not come before: `comesBefore` is true for a beginning of the order and false after it. */
  position(count: number, comesBefore: (row: number) => boolean): number {
    const rows = this.rows(count);
    let [low, high] = [0, rows.length];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comesBefore(rows[middle]!)) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** Leaves those rows of a set that lie at positions from `from` to before `until`. */
  narrow(set: Rows, count: number, { from, until }: { from: number; until: number }): void {
    const inside = this.#beginning(set.length, count, until);
    const before = this.#beginning(set.length, count, Math.min(from, until));
    for (let i = 0; i < set.length; i++) set[i]! &= inside[i]! & ~before[i]!;
  }

  /** Bitmap of the rows before a position. */
  #beginning(words: number, count: number, position: number): Rows {
    const rows = this.rows(count);
    if (count < LARGE) return addRows(new Uint32Array(words), rows, { from: 0, until: position });
    const size = Math.ceil(count / PARTS);
    const part = Math.floor(position / size);
    this.#beginnings ??= beginningsOf(rows, words, size);
    return addRows(this.#beginnings[part]!.slice(), rows, { from: part * size, until: position });
  }

  #sort(count: number): Uint32Array<ArrayBuffer> {
    const rows = new Uint32Array(count);
    for (let row = 0; row < count; row++) rows[row] = row;
    if (count <= SMALL) return rows.sort(this.#key.compare);
    return this.#key.digits.reduce(sortByDigit, rows);
  }

  /** Takes changed rows out, and puts them in again where they belong. */
  #merge(changed: ReadonlySet<number>, count: number): Uint32Array<ArrayBuffer> {
    for (let row = this.#rows.length; row < count; row++) this.touch(row);
    const { compare } = this.#key;
    const moved = Uint32Array.from([...changed].filter((row) => row < count)).sort(compare);
    const merged = new Uint32Array(count);
    let [next, at] = [0, 0];
    for (const row of this.#rows) {
      if (row >= count || changed.has(row)) continue;
      while (next < moved.length && compare(moved[next]!, row) < 0) merged[at++] = moved[next++]!;
      merged[at++] = row;
    }
    while (next < moved.length) merged[at++] = moved[next++]!;
    return merged;
  }
}

/** Rows by one digit; rows that are equal in it stay in their order. */
function sortByDigit(rows: Uint32Array<ArrayBuffer>, { of, count }: Digit): Uint32Array<ArrayBuffer> {
  const starts = new Uint32Array(count + 1);
  for (const row of rows) starts[of(row) + 1]!++;
  if (rows.length > 0 && starts[of(rows[0]!) + 1] === rows.length) return rows;
  for (let i = 1; i <= count; i++) starts[i]! += starts[i - 1]!;
  const sorted = new Uint32Array(rows.length);
  for (const row of rows) sorted[starts[of(row)]!++] = row;
  return sorted;
}

function beginningsOf(rows: Uint32Array, words: number, size: number): Rows[] {
  const beginnings: Rows[] = [new Uint32Array(Math.max(words, wordsFor(rows.length)))];
  for (let part = 1; part <= PARTS; part++) {
    const from = (part - 1) * size;
    beginnings.push(addRows(beginnings[part - 1]!.slice(), rows, { from, until: Math.min(from + size, rows.length) }));
  }
  return beginnings;
}

function addRows(set: Rows, rows: Uint32Array, { from, until }: { from: number; until: number }): Rows {
  for (let i = from; i < until; i++) {
    const row = rows[i]!;
    set[row >>> 5]! |= 1 << (row & 31);
  }
  return set;
}
