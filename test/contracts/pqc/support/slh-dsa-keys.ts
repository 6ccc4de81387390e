import { createPublicKey, generateKeyPair, generateKeyPairSync, sign, verify } from "node:crypto";
import type { KeyObject } from "node:crypto";
import { promisify } from "node:util";

import { slh_dsa_sha2_128s } from "@noble/post-quantum/slh-dsa.js";

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

/** One signed statement, or an attempt at one. */
export interface SlhDsaCase {
  readonly publicKey: Uint8Array;
  readonly message: Uint8Array;
  readonly context: Uint8Array;
  readonly signature: Uint8Array;
}

const generateInBackground = promisify(generateKeyPair);

/** Signs with OpenSSL under a new key, on a thread of OpenSSL's. */
export async function signSlhDsaCase(message: Uint8Array, context: Uint8Array): Promise<SlhDsaCase> {
  const { publicKey, privateKey } = await generateInBackground("slh-dsa-sha2-128s");
  const signature = await new Promise<Buffer>((resolve, reject) => {
    sign(null, message, contextual(privateKey, context), (error, made) => (error ? reject(error) : resolve(made)));
  });
  const spki = publicKey.export({ format: "der", type: "spki" });
  return { publicKey: new Uint8Array(spki.subarray(-32)), message, context, signature: new Uint8Array(signature) };
}

/** Verifies with OpenSSL, pure mode; input of a wrong length is invalid. */
export function verifyWithOpenSsl({ publicKey, message, context, signature }: SlhDsaCase): boolean {
  const spki = Buffer.concat([SPKI_PREFIX, publicKey]);
  const key = createPublicKey({ key: spki, format: "der", type: "spki" });
  return verify(null, message, contextual(key, context), signature);
}

/** Verifies with noble, pure mode; what noble does not take is invalid. */
export function verifyWithNoble({ publicKey, message, context, signature }: SlhDsaCase): boolean {
  try {
    return slh_dsa_sha2_128s.verify(signature, message, publicKey, { context });
  } catch {
    return false;
  }
}

function contextual(key: KeyObject, context: Uint8Array): { key: KeyObject; context: Uint8Array } {
  return { key, context };
}
