import { createPublicKey, generateKeyPairSync, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";

const SPKI_PREFIX = Buffer.from("3030300b0609608648016503040314032100", "hex");

/** A SLH-DSA-SHA2-128s key pair of Node's OpenSSL, with the public key as the 32 bytes FIPS 205 defines. */
export interface SlhDsaKeyPair {
  readonly privateKey: KeyObject;
  readonly publicKey: Uint8Array;
}

/** Generates a key pair with OpenSSL. */
export function generateSlhDsaKeyPair(): SlhDsaKeyPair {
  const pair = generateKeyPairSync("slh-dsa-sha2-128s");
  const spki = pair.publicKey.export({ format: "der", type: "spki" });
  return { privateKey: pair.privateKey, publicKey: new Uint8Array(spki.subarray(-32)) };
}

/** Signs with OpenSSL, pure mode. */
export function signWithOpenSsl(key: KeyObject, message: Uint8Array, context: Uint8Array): Uint8Array {
  return new Uint8Array(sign(null, message, contextual(key, context)));
}

/** Verifies with OpenSSL, pure mode; input of a wrong length is invalid. */
export function verifyWithOpenSsl(
  publicKey: Uint8Array,
  message: Uint8Array,
  context: Uint8Array,
  signature: Uint8Array,
): boolean {
  const spki = Buffer.concat([SPKI_PREFIX, publicKey]);
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  return verify(null, message, contextual(key, context), signature);
}

function contextual(key: KeyObject, context: Uint8Array): { key: KeyObject; context: Uint8Array } {
  return { key, context };
}
