import { sign } from "node:crypto";
import type { OpenedKeystore } from "./keystore.ts";
import { mlDsa65KeyFromSeed } from "./ml-dsa-65.ts";

/**
 * Signs a 32-byte digest with the key of a post-quantum account (pure ML-DSA-65, empty context, hedged).
 *
 * @returns The signature, 3,309 bytes.
 * @throws Error when the keystore holds another key or the digest is not 32 bytes.
 */
export function signWithAccountKey(
  { kind, purpose, secret }: Pick<OpenedKeystore, "kind" | "purpose" | "secret">,
  digest: Uint8Array,
): Uint8Array {
  if (purpose !== "account") throw new Error(`a ${kind} key for ${purpose} cannot sign for an account`);
  if (digest.length !== 32) throw new RangeError(`digest to sign is ${digest.length} bytes, not 32`);
  return new Uint8Array(sign(null, digest, mlDsa65KeyFromSeed(secret)));
}
