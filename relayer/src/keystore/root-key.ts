import { createPrivateKey, createPublicKey, sign, verify } from "node:crypto";

import type { OpenedKeystore } from "./keystore.ts";

/** Lengths in bytes that FIPS 205 fixes for SLH-DSA-SHA2-128s. */
const SLH_DSA_128S = { publicKeyBytes: 32, signatureBytes: 7_856 } as const;

const ALGORITHM = { kty: "AKP", alg: "SLH-DSA-SHA2-128s" } as const;

/**
 * Signs a 32-byte digest with an operator's root key (pure SLH-DSA-SHA2-128s, empty context); takes about a second.
 *
 * @returns The signature, 7,856 bytes.
 * @throws Error when the keystore holds another key or the digest is not 32 bytes.
 */
export function signWithRootKey(
  { kind, purpose, secret, publicKey }: Pick<OpenedKeystore, "kind" | "purpose" | "secret" | "publicKey">,
  digest: Uint8Array,
): Uint8Array {
  if (kind !== "slh-dsa-sha2-128s" || purpose !== "root") {
    throw new Error(`a ${kind} key for ${purpose} cannot sign for an operator: a root key is needed`);
  }
  if (digest.length !== 32) throw new RangeError(`digest to sign is ${digest.length} bytes, not 32`);
  const [priv, pub] = [base64url(secret), base64url(publicKey)];
  return new Uint8Array(sign(null, digest, createPrivateKey({ key: { ...ALGORITHM, priv, pub }, format: "jwk" })));
}

/** Verifies a root key's signature over a 32-byte digest, as the contract does. Wrong lengths are no valid signature. */
export function verifyRootSignature(publicKey: Uint8Array, digest: Uint8Array, signature: Uint8Array): boolean {
  const { publicKeyBytes, signatureBytes } = SLH_DSA_128S;
  if (publicKey.length !== publicKeyBytes || signature.length !== signatureBytes || digest.length !== 32) return false;
  const key = createPublicKey({ key: { ...ALGORITHM, pub: base64url(publicKey) }, format: "jwk" });
  return verify(null, digest, key, signature);
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString("base64url");
}
