import { createPrivateKey, createPublicKey, type KeyObject } from "node:crypto";
import { isDegenerateMlDsaKey } from "@pqmesh/contracts/protocol/ml-dsa-key";

/** Lengths in bytes that FIPS 204 fixes for ML-DSA-65. */
export const ML_DSA_65 = { seedBytes: 32, publicKeyBytes: 1_952, signatureBytes: 3_309 } as const;

/** RFC 9881 PrivateKeyInfo of an ML-DSA-65 seed, without the 32 bytes of the seed itself. */
const SEED_PKCS8_PREFIX = Buffer.from("3034020100300b0609608648016503040312042280" + "20", "hex");

/**
 * Expands a 32-byte ML-DSA-65 seed (xi of FIPS 204) to a native private key.
 *
 * @throws RangeError when the seed is not 32 bytes.
 */
export function mlDsa65KeyFromSeed(seed: Uint8Array): KeyObject {
  requireLength("ML-DSA-65 seed", seed, ML_DSA_65.seedBytes);
  const der = Buffer.concat([SEED_PKCS8_PREFIX, seed]);
  try {
    return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
  } finally {
    der.fill(0);
  }
}

/** Returns the raw 1,952-byte public key of an ML-DSA-65 private or public key object. */
export function mlDsa65PublicKeyRaw(key: KeyObject): Uint8Array {
  if (key.asymmetricKeyType !== "ml-dsa-65") throw new TypeError(`key is ${key.asymmetricKeyType}, not ml-dsa-65`);
  const publicKey = key.type === "private" ? createPublicKey(key) : key;
  return new Uint8Array(Buffer.from(String(publicKey.export({ format: "jwk" }).pub), "base64url"));
}

/**
 * Imports a raw ML-DSA-65 public key.
 *
 * @throws RangeError when the key is not 1,952 bytes or is degenerate.
 */
export function importMlDsa65PublicKey(raw: Uint8Array): KeyObject {
  requireLength("ML-DSA-65 public key", raw, ML_DSA_65.publicKeyBytes);
  if (isDegenerateMlDsaKey(raw)) throw new RangeError("ML-DSA-65 public key is degenerate: anyone could sign for it");
  const pub = Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength).toString("base64url");
  return createPublicKey({ key: { kty: "AKP", alg: "ML-DSA-65", pub }, format: "jwk" });
}

function requireLength(name: string, bytes: Uint8Array, expected: number): void {
  if (bytes.length !== expected) throw new RangeError(`${name} is ${bytes.length} bytes, not ${expected}`);
}
