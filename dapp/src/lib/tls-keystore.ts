import { type KeystoreHeader, keystoreHeaderText } from "@pqmesh/contracts/protocol/keystore-header";
import { scryptAsync } from "@noble/hashes/scrypt.js";
import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import { bytesToHex } from "viem";
import { certificationRequest } from "./certification-request.ts";

/** scrypt's cost, as `pqmesh key create` takes it. */
const SCRYPT = { n: 2 ** 17, r: 8, p: 1 } as const;
const [SEED_BYTES, SALT_BYTES, NONCE_BYTES, KEY_BYTES, TAG_BYTES] = [32, 32, 12, 32, 16];

/** A key for TLS that was made here: its keystore as the services open it, and a request to have it certified. */
export interface MadeTlsKey {
  /** JSON; the key is in it under the password alone. */
  keystore: string;
  /** PKCS #10 request in PEM. */
  request: string;
}

/**
 * Makes an ML-DSA-65 key for TLS and forgets it: only the keystore has it then.
 *
 * @param label Name in the request, which no authority takes over.
 * @throws Error with a sentence when the page was not opened in a way that lets browsers encrypt.
 */
export async function makeTlsKey(password: string, label: string, cost: number = SCRYPT.n): Promise<MadeTlsKey> {
  // Browsers leave it away where the page came over plain HTTP from another machine.
  if (!("subtle" in crypto))
    throw new Error("Browsers encrypt only on pages that came over HTTPS or from this machine.");
  const seed = random(SEED_BYTES);
  const { publicKey, secretKey } = ml_dsa65.keygen(seed);
  try {
    const header: KeystoreHeader = {
      ...{ version: 1, kind: "ml-dsa-65", purpose: "tls", publicKey: hexOf(publicKey) },
      createdAt: new Date().toISOString(),
      kdf: { name: "scrypt", ...SCRYPT, n: cost, salt: hexOf(random(SALT_BYTES)) },
      cipher: { name: "aes-256-gcm", nonce: hexOf(random(NONCE_BYTES)) },
    };
    const locked = await lock(header, seed, password);
    return {
      keystore: `${JSON.stringify({ ...header, ...locked }, null, 2)}\n`,
      request: certificationRequest(label, publicKey, (content) => ml_dsa65.sign(content, secretKey)),
    };
  } finally {
    seed.fill(0);
    secretKey.fill(0);
  }
}

async function lock(
  header: KeystoreHeader,
  seed: Uint8Array<ArrayBuffer>,
  password: string,
): Promise<{ ciphertext: string; tag: string }> {
  const { n, r, p, salt } = header.kdf;
  const options = { N: n, r, p, dkLen: KEY_BYTES, maxmem: 256 * n * r };
  const raw = new Uint8Array(await scryptAsync(password.normalize("NFKC"), bytesOf(salt), options));
  const key = await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt"]);
  raw.fill(0);
  const additionalData = new TextEncoder().encode(keystoreHeaderText(header));
  const algorithm = { name: "AES-GCM", iv: bytesOf(header.cipher.nonce), additionalData, tagLength: 8 * TAG_BYTES };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(algorithm, key, seed));
  const end = sealed.length - TAG_BYTES;
  return { ciphertext: hexOf(sealed.subarray(0, end)), tag: hexOf(sealed.subarray(end)) };
}

function random(length: number): Uint8Array<ArrayBuffer> {
  return crypto.getRandomValues(new Uint8Array(length));
}

function hexOf(bytes: Uint8Array): string {
  return bytesToHex(bytes).slice(2);
}

function bytesOf(hex: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(hex.match(/../g) ?? [], (byte) => parseInt(byte, 16));
}
