import { keccak256 } from "viem/utils";

import { bytesOfHex } from "../values/hex.ts";
import type { LogFilter } from "./chain-types.ts";

const BLOOM_BYTES = 256;
const BLOOM_PATTERN = /^0x[0-9a-fA-F]{512}$/;

/**
 * Whether a block with this bloom filter can have logs that are wanted. "No" is certain; "yes" is at times wrong, the more
 * often the more logs of others the block has. A bloom that is absent or malformed says nothing, which counts as "no".
 */
export function bloomMatches(bloom: string | undefined, { addresses, topics }: LogFilter): boolean {
  if (bloom === undefined || !BLOOM_PATTERN.test(bloom)) return false;
  const bits = bytesOfHex(bloom);
  if (bits.every((byte) => byte === 0)) return false;
  const has = (item: string): boolean => contains(bits, bytesOfHex(item));
  return topics.some(has) && (addresses === undefined || addresses.some(has));
}

/** Three bits stand for an item: the low 11 bits of each of the first three pairs of bytes of its hash. */
function contains(bits: Uint8Array, item: Uint8Array): boolean {
  const hash = keccak256(item, "bytes");
  return [0, 2, 4].every((at) => {
    const bit = (((hash[at] ?? 0) << 8) | (hash[at + 1] ?? 0)) & 0x7ff;
    return ((bits[BLOOM_BYTES - 1 - (bit >> 3)] ?? 0) & (1 << (bit & 7))) !== 0;
  });
}
