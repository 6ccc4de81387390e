import { createHash, randomBytes } from "node:crypto";

/** Deterministic source of bytes for fuzz tests: SHA-256 in counter mode over a printed seed. */
export interface Random {
  /** The seed as hex, to be printed so that a failing run can be repeated. */
  readonly seed: string;
  /** The next `length` bytes. */
  bytes(length: number): Uint8Array;
  /** An integer, 0 <= n < `limit` <= 2^32. */
  below(limit: number): number;
}

/** Creates a source; the seed is `PQC_SEED` when that is set, else random. */
export function createRandom(seed = process.env.PQC_SEED ?? randomBytes(16).toString("hex")): Random {
  let counter = 0;
  const bytes = (length: number): Uint8Array => {
    const blocks: Buffer[] = [];
    for (let size = 0; size < length; size += 32) {
      blocks.push(createHash("sha256").update(`${seed}:${counter++}`).digest());
    }
    return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
  };
  return { seed, bytes, below: (limit) => Buffer.from(bytes(6)).readUIntBE(0, 6) % limit };
}

/** A copy of `data` with one bit flipped, bit 0 being the lowest bit of the first byte. */
export function flipBit(data: Uint8Array, bit: number): Uint8Array {
  const copy = Uint8Array.from(data);
  copy[bit >> 3] = (copy[bit >> 3] ?? 0) ^ (1 << (bit & 7));
  return copy;
}

/** How many times larger than in a normal run the fuzz counts are. */
export const fuzzFactor = process.env.PQMESH_DEEP_TESTS === "1" ? 100 : 1;
