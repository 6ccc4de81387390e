import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex, type Hex, hexToBytes } from "viem";

/** Root hash of a log without entries: SHA-256 of nothing. */
export const EMPTY_LOG_ROOT: Hex = bytesToHex(sha256(new Uint8Array(0)));

/** Size and root hash of a log. */
export interface LogHead {
  size: number;
  root: Hex;
}

/** Leaf hash of an entry: SHA-256 of 0x00 and its bytes (RFC 9162 section 2.1.1). */
export function logLeafHash(entry: Uint8Array): Hex {
  const bytes = new Uint8Array(1 + entry.length);
  bytes.set(entry, 1);
  return bytesToHex(sha256(bytes));
}

/**
 * An append-only Merkle tree (RFC 9162 section 2.1, SHA-256) that keeps every node, for heads and proofs of every size it had;
 * the library `MerkleLog` in Solidity keeps only what it needs to go on.
 */
export class MerkleLog {
  /** Roots of the perfect subtrees of 2^level leaves, from the left. */
  readonly #levels: Uint8Array[][] = [[]];

  /** @param leaves Leaf hashes ({@link logLeafHash}). */
  constructor(leaves: Iterable<Hex> = []) {
    for (const leaf of leaves) this.append(leaf);
  }

  get size(): number {
    return this.#levels[0]!.length;
  }

  /** Appends a leaf hash; returns its index. */
  append(leaf: Hex): number {
    let node = hexToBytes(leaf, { size: 32 });
    for (let height = 0; ; height++) {
      const level = (this.#levels[height] ??= []);
      level.push(node);
      if (level.length % 2 === 1) return this.size - 1;
      node = parent(level.at(-2)!, node);
    }
  }

  /** Takes back everything after the first `size` entries, as a reorg does. @throws RangeError when there are not so many. */
  truncate(size: number): void {
    this.#require("size", size, 0, this.size);
    for (const [height, level] of this.#levels.entries()) level.length = Math.floor(size / 2 ** height);
  }

  /** Leaf hash at an index. @throws RangeError when there is none. */
  leaf(index: number): Hex {
    this.#require("index", index, 0, this.size - 1);
    return bytesToHex(this.#levels[0]![index]!);
  }

  /** Root hash of the first `size` entries; of all unless given. @throws RangeError when the log was never so large. */
  root(size: number = this.size): Hex {
    this.#require("size", size, 0, this.size);
    return size === 0 ? EMPTY_LOG_ROOT : bytesToHex(this.#rootOf(0, size));
  }

  /** Proof that an entry is in the log of `size` entries (RFC 9162 section 2.1.3.1). @throws RangeError. */
  inclusionProof(index: number, size: number = this.size): Hex[] {
    this.#require("size", size, 1, this.size);
    this.#require("index", index, 0, size - 1);
    const proof: Uint8Array[] = [];
    let [from, to] = [0, size];
    while (to - from > 1) {
      const middle = from + split(to - from);
      proof.push(index < middle ? this.#rootOf(middle, to) : this.#rootOf(from, middle));
      [from, to] = index < middle ? [from, middle] : [middle, to];
    }
    return proof.reverse().map((node) => bytesToHex(node));
  }

  /**
   * Proof that the log of `newSize` entries continues the one of `oldSize` (RFC 9162 section 2.1.4.1); empty when they are equal
   * or the old one is empty.
   *
   * @throws RangeError.
   */
  consistencyProof(oldSize: number, newSize: number = this.size): Hex[] {
    this.#require("new size", newSize, 0, this.size);
    this.#require("old size", oldSize, 0, newSize);
    if (oldSize === 0) return [];
    const proof: Uint8Array[] = [];
    let [from, to] = [0, newSize];
    while (oldSize !== to) {
      const middle = from + split(to - from);
      proof.push(oldSize <= middle ? this.#rootOf(middle, to) : this.#rootOf(from, middle));
      [from, to] = oldSize <= middle ? [from, middle] : [middle, to];
    }
    if (from !== 0) proof.push(this.#rootOf(from, to));
    return proof.reverse().map((node) => bytesToHex(node));
  }

  #rootOf(from: number, to: number): Uint8Array {
    const count = to - from;
    const height = Math.log2(count);
    if (Number.isInteger(height) && from % count === 0) return this.#levels[height]![from / count]!;
    const middle = from + split(count);
    return parent(this.#rootOf(from, middle), this.#rootOf(middle, to));
  }

  #require(name: string, value: number, least: number, most: number): void {
    if (Number.isInteger(value) && value >= least && value <= most) return;
    throw new RangeError(`${name} is ${value}, the log has ${this.size} entries`);
  }
}

/** Tells whether a leaf hash is at `index` of the log with this head (RFC 9162 section 2.1.3.2). */
export function verifyLogInclusion(leaf: Hex, index: number, head: LogHead, proof: readonly Hex[]): boolean {
  if (!isSize(head.size) || !isSize(index) || index >= head.size) return false;
  const path = new EdgePath(index, head.size - 1);
  let node: Uint8Array = hexToBytes(leaf);
  for (const hash of proof) {
    if (path.isAtRoot) return false;
    const sibling = hexToBytes(hash);
    node = path.climb() ? parent(sibling, node) : parent(node, sibling);
  }
  return path.isAtRoot && bytesToHex(node) === head.root.toLowerCase();
}

/**
 * Tells whether one log continues another (RFC 9162 section 2.1.4.2). Logs of one size are consistent when their roots are equal,
 * and every log continues the empty one; the proof is empty then.
 */
export function verifyLogConsistency(older: LogHead, newer: LogHead, proof: readonly Hex[]): boolean {
  if (!isSize(older.size) || !isSize(newer.size) || older.size > newer.size) return false;
  const oldRoot = older.root.toLowerCase();
  if (older.size === newer.size) return proof.length === 0 && oldRoot === newer.root.toLowerCase();
  if (older.size === 0) return proof.length === 0 && oldRoot === EMPTY_LOG_ROOT;
  const path = new EdgePath(older.size - 1, newer.size - 1);
  path.skipPerfect();
  // A perfect subtree on the left edge is the old tree itself: its root is not in the proof.
  const [shared, ...rest] = path.isOnLeftEdge ? [older.root, ...proof] : proof;
  if (shared === undefined) return false;
  let [oldNode, newNode]: Uint8Array[] = [hexToBytes(shared), hexToBytes(shared)];
  for (const hash of rest) {
    if (path.isAtRoot) return false;
    const sibling = hexToBytes(hash);
    if (path.climb()) {
      [oldNode, newNode] = [parent(sibling, oldNode!), parent(sibling, newNode!)];
    } else {
      newNode = parent(newNode!, sibling);
    }
  }
  return path.isAtRoot && bytesToHex(oldNode!) === oldRoot && bytesToHex(newNode!) === newer.root.toLowerCase();
}

/** The way from a node up to the root, beside the last node of each level; beyond 32 bits, where shifts end. */
class EdgePath {
  #position: number;
  #last: number;

  constructor(position: number, last: number) {
    this.#position = position;
    this.#last = last;
  }

  get isAtRoot(): boolean {
    return this.#last === 0;
  }

  get isOnLeftEdge(): boolean {
    return this.#position === 0;
  }

  /** Goes up as long as the node ends a perfect subtree. */
  skipPerfect(): void {
    while (this.#position % 2 === 1) this.#up();
  }

  /** Goes up one level, from the right edge to where the node has a left sibling; tells whether the sibling is to the left. */
  climb(): boolean {
    if (this.#position === this.#last) while (this.#position % 2 === 0) this.#up();
    const isRight = this.#position % 2 === 1;
    this.#up();
    return isRight;
  }

  #up(): void {
    this.#position = Math.floor(this.#position / 2);
    this.#last = Math.floor(this.#last / 2);
  }
}

function isSize(value: number): boolean {
  return Number.isSafeInteger(value) && value >= 0;
}

/** The largest power of two below `count`. */
function split(count: number): number {
  let power = 1;
  while (power * 2 < count) power *= 2;
  return power;
}

/** Hash of an inner node: SHA-256 of 0x01 and its children. */
function parent(left: Uint8Array, right: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(65);
  bytes[0] = 1;
  bytes.set(left, 1);
  bytes.set(right, 33);
  return sha256(bytes);
}
