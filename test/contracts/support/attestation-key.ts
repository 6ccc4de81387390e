import { shake256 } from "@noble/hashes/sha3.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";

/** Length of a raw ML-DSA-65 public key. */
export const KEY_LENGTH = 1_952;

/** Bytes that look like a raw ML-DSA-65 public key, the same for the same name. The contracts never open them. */
export function attestationKey(name: string): Uint8Array {
  return shake256(utf8ToBytes(name), { dkLen: KEY_LENGTH });
}
