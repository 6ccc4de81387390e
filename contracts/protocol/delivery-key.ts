import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { bytesToHex, type Hex, hexToBytes } from "viem";

/** Lengths in bytes that FIPS 203 fixes for ML-KEM-768; the seed is d, then z (section 7.1). */
export const ML_KEM_768 = { seedBytes: 64, publicKeyBytes: 1_184, ciphertextBytes: 1_088, secretBytes: 32 } as const;

const FORMAT = "pqmesh-delivery-key";
const VERSION = 1;
const KIND = "ml-kem-768";
const FIELDS = ["format", "version", "kind", "publicKey", "seed"];

/** Longest file that is read; a key file has less than 3,000 characters. */
const MAX_CHARACTERS = 16_384;

/** Key pair for which providers seal what they deliver: the seed stays with the client, the public key goes on chain. */
export interface DeliveryKey {
  /** 64 bytes, secret. */
  seed: Uint8Array;
  /** ML-KEM-768 encapsulation key, 1,184 bytes. */
  publicKey: Uint8Array;
}

/**
 * Makes a delivery key from fresh randomness, or expands the one of a given seed.
 *
 * @throws RangeError when the seed is not 64 bytes.
 */
export function deliveryKey(seed: Uint8Array = randomSeed()): DeliveryKey {
  if (seed.length !== ML_KEM_768.seedBytes) {
    throw new RangeError(`seed of a delivery key is ${seed.length} bytes, not ${ML_KEM_768.seedBytes}`);
  }
  const { publicKey, secretKey } = ml_kem768.keygen(seed);
  secretKey.fill(0);
  return { seed, publicKey };
}

/** Text of a key file: not encrypted, so whoever reads it opens every credential that was sealed for the key. */
export function formatDeliveryKey({ seed, publicKey }: DeliveryKey): string {
  const fields = {
    format: FORMAT,
    version: VERSION,
    kind: KIND,
    publicKey: bytesToHex(publicKey),
    seed: bytesToHex(seed),
  };
  return `${JSON.stringify(fields, null, 2)}\n`;
}

/**
 * Reads a key file: exactly the known fields, and a public key that belongs to the seed.
 *
 * @throws Error naming the first field that is wrong; nothing of the seed is repeated.
 */
export function parseDeliveryKey(text: string): DeliveryKey {
  const fields = fieldsOf(text);
  requireField(fields.format === FORMAT, "format", `"${FORMAT}"`);
  requireField(fields.version === VERSION, "version", String(VERSION));
  requireField(fields.kind === KIND, "kind", `"${KIND}"`);
  requireField(
    isHex(fields.publicKey, ML_KEM_768.publicKeyBytes),
    "publicKey",
    "1,184 bytes in lower-case hex with 0x",
  );
  requireField(isHex(fields.seed, ML_KEM_768.seedBytes), "seed", "64 bytes in lower-case hex with 0x");
  const unknown = Object.keys(fields).find((field) => !FIELDS.includes(field));
  if (unknown !== undefined) throw new Error(`${unknown.slice(0, 40)} is no field of a delivery key`);
  const key = deliveryKey(hexToBytes(fields.seed as Hex));
  if (bytesToHex(key.publicKey) !== fields.publicKey) throw new Error("publicKey does not belong to seed");
  return key;
}

function randomSeed(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(ML_KEM_768.seedBytes));
}

function fieldsOf(text: string): Record<string, unknown> {
  if (text.length > MAX_CHARACTERS) {
    throw new Error(`the file has ${text.length} characters, at most ${MAX_CHARACTERS} are read`);
  }
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Error("the file is not JSON: it is cut short or another file");
  }
  if (typeof content !== "object" || content === null || Array.isArray(content)) {
    throw new Error("the file must hold one JSON object");
  }
  return content as Record<string, unknown>;
}

function requireField(ok: boolean, field: string, expected: string): void {
  if (!ok) throw new Error(`${field} must be ${expected}`);
}

function isHex(value: unknown, bytes: number): boolean {
  return typeof value === "string" && new RegExp(`^0x[0-9a-f]{${2 * bytes}}$`).test(value);
}
