/** Words of a bitmap that can hold so many bits. */
export function wordsFor(bits: number): number {
  return (bits + 31) >>> 5;
}

/** A set of row numbers, one bit each; grows with the highest that it holds. */
export class Bitmap {
  words: Uint32Array;

  constructor(bits = 0) {
    this.words = new Uint32Array(wordsFor(bits));
  }

  set(row: number): void {
    const word = row >>> 5;
    if (word >= this.words.length) this.#grow(word + 1);
    this.words[word]! |= 1 << (row & 31);
  }

  clear(row: number): void {
    const word = row >>> 5;
    if (word < this.words.length) this.words[word]! &= ~(1 << (row & 31));
  }

  put(row: number, isIn: boolean): void {
    if (isIn) this.set(row);
    else this.clear(row);
  }

  has(row: number): boolean {
    const word = row >>> 5;
    return word < this.words.length && ((this.words[word]! >>> (row & 31)) & 1) === 1;
  }

  #grow(words: number): void {
    const next = new Uint32Array(Math.max(words, 2 * this.words.length));
    next.set(this.words);
    this.words = next;
  }
}

/** A set of rows that a search narrows down; `words` are a whole number of rows long. */
export type Rows = Uint32Array<ArrayBufferLike>;

/** Makes `rows` the set of all rows before `count`. */
export function fillRows(rows: Rows, count: number): void {
  rows.fill(0xffff_ffff);
  const rest = count & 31;
  if (rest !== 0) rows[rows.length - 1] = 2 ** rest - 1;
}

/** Leaves those of `rows` that are in a bitmap, too; or that are not in it. */
export function narrow(rows: Rows, { words }: Bitmap, isWanted = true): void {
  const common = Math.min(rows.length, words.length);
  if (isWanted) {
    for (let i = 0; i < common; i++) rows[i]! &= words[i]!;
    rows.fill(0, common);
  } else {
    for (let i = 0; i < common; i++) rows[i]! &= ~words[i]!;
  }
}

/** Leaves those of `rows` that are in any of several bitmaps. */
export function narrowToAny(rows: Rows, bitmaps: readonly Bitmap[]): void {
  for (let i = 0; i < rows.length; i++) {
    let any = 0;
    for (const { words } of bitmaps) any |= words[i] ?? 0;
    rows[i]! &= any;
  }
}

/** Number of rows in a set. */
export function countRows(rows: Rows): number {
  let count = 0;
  for (let i = 0; i < rows.length; i++) {
    let word = rows[i]!;
    word -= (word >>> 1) & 0x5555_5555;
    word = (word & 0x3333_3333) + ((word >>> 2) & 0x3333_3333);
    count += Math.imul((word + (word >>> 4)) & 0x0f0f_0f0f, 0x0101_0101) >>> 24;
  }
  return count;
}

/** The rows of a set in ascending order. */
export function listRows(rows: Rows): number[] {
  const found: number[] = [];
  for (let i = 0; i < rows.length; i++) {
    for (let word = rows[i]!; word !== 0; word &= word - 1) {
      found.push(32 * i + 31 - Math.clz32(word & -word));
    }
  }
  return found;
}
