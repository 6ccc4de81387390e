import { type Hex, keccak256, size } from "viem";

/** Bytes of the longest public key that people are shown whole. */
const MAX_SHOWN_BYTES = 64;

/** A public key as people are told it: itself, or the hash by which the chain and `node show` name a long one. */
export function shownKey(publicKey: Hex): string {
  return size(publicKey) <= MAX_SHOWN_BYTES ? `public key ${publicKey}` : `key hash ${keccak256(publicKey)}`;
}

/** Rows about the public key of a keystore: {@link shownKey}, and how to get a long one whole. */
export function keyRows(publicKey: Hex, file: string): string[] {
  const bytes = size(publicKey);
  if (bytes <= MAX_SHOWN_BYTES) return [shownKey(publicKey)];
  const whole = `the public key has ${bytes.toLocaleString("en")} bytes: "pqmesh key show ${file} --json" prints it whole`;
  return [`${shownKey(publicKey)} (keccak-256)`, whole];
}
