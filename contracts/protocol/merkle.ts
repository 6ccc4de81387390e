import { keccak_256 } from "@noble/hashes/sha3.js";
import { bytesToHex, type Hex, hexToBytes } from "viem";

/** Nodes in a shard: positions of a report tree. */
export const SHARD_SIZE = 512;
/** Depth of a report tree. */
export const TREE_DEPTH = 9;

type Hash = (bytes: Uint8Array) => Uint8Array;

/** Root of an empty tree of each height: the leaf that nobody has, and what hashing it with itself gives. */
const EMPTY_NODES: Uint8Array[] = [new Uint8Array(32)];
for (let height = 0; height < TREE_DEPTH; height++) {
  EMPTY_NODES.push(hashPair(EMPTY_NODES[height]!, EMPTY_NODES[height]!));
}

/** Leaf of a report tree: keccak256(abi.encode(nodeIndex, attestationHash, keccak256(signature))). */
export function attestationLeaf(nodeIndex: number, attestationHash: Hex, signature: Uint8Array): Hex {
  const words = new Uint8Array(96);
  new DataView(words.buffer).setUint32(28, nodeIndex);
  words.set(hexToBytes(attestationHash), 32);
  words.set(keccak_256(signature), 64);
  return bytesToHex(keccak_256(words));
}

/** The 512-position Merkle tree of a report; see `IAttestationBridge.verifyLeaf`. */
export class ReportTree {
  readonly #levels: Uint8Array[][];

  /** @param leaves Leaf by local index (nodeIndex mod 512). @throws RangeError for an index outside 0-511. */
  constructor(leaves: ReadonlyMap<number, Hex>) {
    const level: Uint8Array[] = new Array<Uint8Array>(SHARD_SIZE).fill(EMPTY_NODES[0]!);
    for (const [index, leaf] of leaves) {
      if (!Number.isInteger(index) || index < 0 || index >= SHARD_SIZE) {
        throw new RangeError(`leaf index is ${index}, it must be 0 to ${SHARD_SIZE - 1}`);
      }
      level[index] = hexToBytes(leaf);
    }
    this.#levels = [level];
    for (let height = 0; height < TREE_DEPTH; height++) this.#levels.push(sparseParents(this.#levels[height]!, height));
  }

  get root(): Hex {
    return bytesToHex(this.#levels[TREE_DEPTH]![0]!);
  }

  /** The nine siblings of a position, from the leaf up. */
  proof(index: number): Hex[] {
    return this.#levels.slice(0, TREE_DEPTH).map((level, depth) => bytesToHex(level[(index >> depth) ^ 1]!));
  }
}

/** True when `leaf` is at position `nodeIndex mod 512` of the tree with this root. */
export function verifyReportLeaf(root: Hex, nodeIndex: number, leaf: Hex, proof: readonly Hex[]): boolean {
  if (proof.length !== TREE_DEPTH) return false;
  const index = nodeIndex % SHARD_SIZE;
  return root.toLowerCase() === fold(hexToBytes(leaf), index, proof);
}

/** Binary Merkle tree over a batch of digests, odd nodes promoted: the tree of receipts. */
export class ReceiptTree {
  /** Every node as hexadecimal, since each is in the paths of many. */
  readonly #levels: Hex[][];

  /**
   * @param keccak Keccak-256; default: the library's.
   * @throws RangeError when there is no digest.
   */
  constructor(digests: readonly Uint8Array[], keccak: Hash = keccak_256) {
    if (digests.length === 0) throw new RangeError("a receipt needs at least one digest");
    this.#levels = [digests.map((digest) => bytesToHex(digest))];
    for (let level = digests; level.length > 1;) {
      level = parents(level, keccak);
      this.#levels.push(level.map((node) => bytesToHex(node)));
    }
  }

  get root(): Hex {
    return this.#levels.at(-1)![0]!;
  }

  get size(): number {
    return this.#levels[0]!.length;
  }

  /** Siblings of a position from the leaf up; levels at which the node is promoted are left out. */
  path(index: number): Hex[] {
    const path: Hex[] = [];
    for (let depth = 0; depth < this.#levels.length - 1; depth++) {
      const sibling = this.#levels[depth]![(index >> depth) ^ 1];
      if (sibling) path.push(sibling);
    }
    return path;
  }
}

/** True when `digest` is at `index` of a batch of `size` digests with this root. */
export function verifyReceiptPath(
  root: Hex,
  digest: Hex,
  { index, size, path }: { index: number; size: number; path: readonly Hex[] },
): boolean {
  if (index < 0 || index >= size) return false;
  let node = hexToBytes(digest);
  let used = 0;
  for (let width = size; width > 1; width = (width + 1) >> 1) {
    if ((index ^ 1) < width) {
      const sibling = path[used++];
      if (sibling === undefined) return false;
      node = parent(node, hexToBytes(sibling), index);
    }
    index >>= 1;
  }
  return used === path.length && bytesToHex(node) === root.toLowerCase();
}

/** Parents in a tree of which most may be empty: two empty nodes are not hashed again. */
function sparseParents(level: readonly Uint8Array[], height: number): Uint8Array[] {
  const empty = EMPTY_NODES[height]!;
  return Array.from({ length: level.length / 2 }, (_, i) => {
    const [left, right] = [level[2 * i]!, level[2 * i + 1]!];
    return left === empty && right === empty ? EMPTY_NODES[height + 1]! : hashPair(left, right);
  });
}

function parents(level: readonly Uint8Array[], keccak: Hash = keccak_256): Uint8Array[] {
  const up: Uint8Array[] = [];
  for (let i = 0; i < level.length; i += 2) {
    const right = level[i + 1];
    up.push(right ? hashPair(level[i]!, right, keccak) : level[i]!);
  }
  return up;
}

function fold(leaf: Uint8Array, index: number, siblings: readonly Hex[]): Hex {
  const node = siblings.reduce((at, sibling, depth) => parent(at, hexToBytes(sibling), index >> depth), leaf);
  return bytesToHex(node);
}

function parent(node: Uint8Array, sibling: Uint8Array, index: number): Uint8Array {
  return index % 2 === 0 ? hashPair(node, sibling) : hashPair(sibling, node);
}

function hashPair(left: Uint8Array, right: Uint8Array, keccak: Hash = keccak_256): Uint8Array {
  const pair = new Uint8Array(64);
  pair.set(left);
  pair.set(right, 32);
  return keccak(pair);
}
