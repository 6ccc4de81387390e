import { createCipheriv, createDecipheriv, randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import { fieldFlaw } from "@pqmesh/contracts/protocol/file-flaws";

import { ConfigError } from "../service/load-config.ts";
import { assertEntropyHealth, type EntropySource } from "./entropy-health.ts";
import { KEY_SCHEMES, type KeyKind, type KeyPurpose } from "./key-kinds.ts";
import {
  type Keystore,
  KEYSTORE_BYTES,
  type KeystoreHeader,
  keystoreHeaderBytes,
  keystoreSchema,
  SCRYPT_COST,
} from "./keystore-format.ts";
import { readPrivateFile, writePrivateFile } from "./private-file.ts";

/** What a new keystore holds and how it is locked. */
export interface CreateKeystoreOptions {
  kind: KeyKind;
  purpose: KeyPurpose;
  /** At least 8 characters. */
  password: string;
  /** An existing raw secret; default: a new key, made only if the random source passes its health tests. */
  secret?: Uint8Array;
  /** scrypt's N; default 2^17. A devnet may use 2^14. */
  scryptCost?: number;
  /** Source that the health tests sample; default: the operating system's. */
  entropySource?: EntropySource;
}

/** A keystore whose password was right. */
export interface OpenedKeystore {
  kind: KeyKind;
  purpose: KeyPurpose;
  /** Raw public key: 1,952 bytes, 32 bytes, or 33 bytes (compressed point). */
  publicKey: Uint8Array;
  /** Raw secret: 32-byte seed, 64-byte FIPS 205 key, or 32-byte scalar. */
  secret: Uint8Array;
}

const MIN_PASSWORD_LENGTH = 8;
const MAX_KEYSTORE_FILE_BYTES = 16_384;
const deriveKey = promisify<string, Buffer, number, { N: number; r: number; p: number; maxmem: number }, Buffer>(
  scrypt,
);

/**
 * Makes a keystore: the secret under AES-256-GCM with a key that scrypt derives from the password.
 *
 * @throws EntropyHealthError when the random source fails its tests; no key is made then.
 * @throws RangeError when the password is too short, the cost out of bounds, or the purpose does not fit the kind.
 */
export async function createKeystore(options: CreateKeystoreOptions): Promise<Keystore> {
  const { kind, purpose, password, scryptCost = SCRYPT_COST.default } = options;
  if (password.length < MIN_PASSWORD_LENGTH) {
    throw new RangeError(`keystore password has ${password.length} characters, fewer than ${MIN_PASSWORD_LENGTH}`);
  }
  assertEntropyHealth(options.entropySource);
  const scheme = KEY_SCHEMES[kind];
  const secret = options.secret ?? scheme.generate();
  const header: KeystoreHeader = {
    version: 1,
    kind,
    purpose,
    publicKey: Buffer.from(scheme.publicKeyOf(secret)).toString("hex"),
    createdAt: new Date().toISOString(),
    kdf: { name: "scrypt", n: scryptCost, r: 8, p: 1, salt: randomBytes(KEYSTORE_BYTES.salt).toString("hex") },
    cipher: { name: "aes-256-gcm", nonce: randomBytes(KEYSTORE_BYTES.nonce).toString("hex") },
  };
  const placeholder = { ciphertext: "00".repeat(scheme.secretBytes), tag: "00".repeat(KEYSTORE_BYTES.tag) };
  checkKeystore({ ...header, ...placeholder }, "new keystore");
  return { ...header, ...(await encrypt(header, secret, password)) };
}

/** Writes a keystore to a new file of mode 0600, durably. @throws Error when the file exists. */
export async function writeKeystore(path: string, keystore: Keystore): Promise<void> {
  await writePrivateFile(path, `${JSON.stringify(keystore, null, 2)}\n`);
}

/**
 * Reads a keystore file without its password.
 *
 * @throws ConfigError naming the first field that is wrong, or when the file is open to every user.
 */
export async function readKeystore(path: string): Promise<Keystore> {
  try {
    const text = (await readPrivateFile(path, "keystore", MAX_KEYSTORE_FILE_BYTES)).toString("utf8");
    return checkKeystore(parseJson(text, path), `keystore ${path}`);
  } catch (cause) {
    throw new ConfigError((cause as Error).message, { cause });
  }
}

/** Opens a keystore file. @throws Error when the password is wrong or any byte of the file was changed. */
export async function openKeystore(path: string, password: string): Promise<OpenedKeystore> {
  return decryptKeystore(await readKeystore(path), password, `keystore ${path}`);
}

/** Decrypts a keystore that was read. @param name How error messages call it. */
export async function decryptKeystore(keystore: Keystore, password: string, name: string): Promise<OpenedKeystore> {
  const { kind, purpose, cipher, ciphertext, tag } = keystore;
  const key = await keyOfPassword(keystore, password);
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(cipher.nonce, "hex"), {
    authTagLength: KEYSTORE_BYTES.tag,
  });
  decipher.setAAD(keystoreHeaderBytes(keystore)).setAuthTag(Buffer.from(tag, "hex"));
  const secret = decipher.update(Buffer.from(ciphertext, "hex"));
  try {
    decipher.final();
  } catch (cause) {
    throw new Error(`${name}: the password is wrong or the file was changed`, { cause });
  } finally {
    key.fill(0);
  }
  const publicKey = KEY_SCHEMES[kind].publicKeyOf(secret);
  return { kind, purpose, publicKey: new Uint8Array(publicKey), secret: new Uint8Array(secret) };
}

async function encrypt(
  header: KeystoreHeader,
  secret: Uint8Array,
  password: string,
): Promise<Pick<Keystore, "ciphertext" | "tag">> {
  const key = await keyOfPassword(header, password);
  const cipher = createCipheriv("aes-256-gcm", key, Buffer.from(header.cipher.nonce, "hex"), {
    authTagLength: KEYSTORE_BYTES.tag,
  });
  cipher.setAAD(keystoreHeaderBytes(header));
  const ciphertext = Buffer.concat([cipher.update(secret), cipher.final()]);
  key.fill(0);
  return { ciphertext: ciphertext.toString("hex"), tag: cipher.getAuthTag().toString("hex") };
}

function keyOfPassword({ kdf }: KeystoreHeader, password: string): Promise<Buffer> {
  const { n, r, p, salt } = kdf;
  const options = { N: n, r, p, maxmem: 256 * n * r };
  return deriveKey(password.normalize("NFKC"), Buffer.from(salt, "hex"), KEYSTORE_BYTES.key, options);
}

function checkKeystore(value: unknown, name: string): Keystore {
  const result = keystoreSchema.safeParse(value);
  if (result.success) return result.data;
  throw new RangeError(`${name}: ${result.error.issues.slice(0, 1).map(fieldFlaw).join("")}`);
}

/** What is wrong with a text that is not JSON. */
function describeText(text: string): string {
  if (text.trim() === "") return "is empty";
  return text.trimStart().startsWith("{")
    ? "is cut short or damaged: it is not whole JSON"
    : "is not JSON: it is another file";
}

function parseJson(text: string, path: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`keystore ${path} ${describeText(text)}`, { cause });
  }
}
