import type { Hex } from "viem";

/** A root key that was read, or the sentence that says why not. */
export type RootKeyReading = { rootKey: Hex } | { problem: string };

/** Reads an SLH-DSA-SHA2-128s public key: 32 bytes as 64 hex digits, not zero. */
export function readRootKey(text: string): RootKeyReading {
  const digits = text.trim().replace(/^0x/i, "").toLowerCase();
  if (!/^[0-9a-f]*$/.test(digits)) return { problem: "A root key is written in hex: digits 0-9 and letters a-f." };
  if (digits.length !== 64) return { problem: `A root key has 64 hex digits; this has ${digits.length}.` };
  if (/^0+$/.test(digits)) return { problem: "A root key of zeros belongs to nobody." };
  return { rootKey: `0x${digits}` };
}
