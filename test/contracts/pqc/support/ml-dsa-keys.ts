import { createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";

import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";

/** DER of a SubjectPublicKeyInfo for id-ml-dsa-65, up to the key. */
const SPKI_PREFIX = Buffer.from("308207b2300b0609608648016503040312038207a100", "hex");

export const PUBLIC_KEY_BYTES = 1952;
export const SIGNATURE_BYTES = 3309;

/** One signed statement, or an attempt at one. */
export interface MlDsaCase {
  publicKey: Uint8Array;
  message: Uint8Array;
  context: Uint8Array;
  signature: Uint8Array;
}

/** An ML-DSA-65 key pair of Node's OpenSSL, with the public key as the 1,952 bytes FIPS 204 defines. */
export interface MlDsaKeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: Uint8Array;
}

/** Generates a key pair with OpenSSL. */
export function generateMlDsaKeyPair(): MlDsaKeyPair {
  const pair = generateKeyPairSync("ml-dsa-65");
  const spki = pair.publicKey.export({ format: "der", type: "spki" });
  return { privateKey: pair.privateKey, publicKey: new Uint8Array(spki.subarray(-PUBLIC_KEY_BYTES)) };
}

/** Signs with OpenSSL, pure mode. */
export function signMlDsa(pair: MlDsaKeyPair, message: Uint8Array, context: Uint8Array): MlDsaCase {
  const signature = sign(null, message, { key: pair.privateKey, context });
  return { publicKey: pair.publicKey, message, context, signature: new Uint8Array(signature) };
}

/** Verifies with OpenSSL, pure mode; input of a wrong length is invalid. */
export function verifyWithOpenSsl(c: MlDsaCase): boolean {
  if (c.publicKey.length !== PUBLIC_KEY_BYTES || c.context.length > 255) return false;
  const key = createPublicKey({ key: Buffer.concat([SPKI_PREFIX, c.publicKey]), format: "der", type: "spki" });
  return verify(null, c.message, { key, context: c.context }, c.signature);
}

/** Verifies with noble, pure mode; input of a wrong length is invalid. */
export function verifyWithNoble(c: MlDsaCase): boolean {
  try {
    return ml_dsa65.verify(c.signature, c.message, c.publicKey, { context: c.context });
  } catch {
    return false;
  }
}
