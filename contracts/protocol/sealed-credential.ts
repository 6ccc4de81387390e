import { gcm } from "@noble/ciphers/aes.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { sha256 } from "@noble/hashes/sha2.js";
import { ml_kem768 } from "@noble/post-quantum/ml-kem.js";
import { type Address, bytesToHex, concatBytes, type Hex, hexToBytes, numberToBytes, stringToBytes } from "viem";
import { ML_KEM_768 } from "./delivery-key.ts";
import { splitEndpoint } from "./endpoint.ts";

/** Lease that a credential is for. All of it is authenticated: moved to another lease or chain, a credential does not open. */
export interface CredentialContext {
  chainId: number;
  /** Address of `LeaseEscrow`. */
  escrow: Address;
  leaseId: bigint;
  /** Wallet that opened the lease. */
  client: Address;
}

/** What a provider delivers: where the lease is served, how to know the server, and who the client is to it. */
export interface LeaseCredential {
  /** `host:port`; an IPv6 address stands in brackets. */
  endpoint: string;
  /** SHA-256 of the SubjectPublicKeyInfo (DER) of the server's certificate. */
  serverKeyHash: Hex;
  /** 32-byte ML-DSA-65 seed of the key that the client's self-signed certificate has. */
  clientSeed: Uint8Array;
}

const VERSION = 1;
const LABEL = stringToBytes("PQMesh sealed credential v1");
const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const SEED_BYTES = 32;
const HASH_BYTES = 32;
const MAX_ENDPOINT_BYTES = 261;

/**
 * Seals a credential for a client's delivery key. Wire form: 1-byte version ‖ ML-KEM-768 ciphertext ‖ AES-256-GCM ciphertext
 * and tag of (hash ‖ seed ‖ endpoint). Key and nonce are HKDF-SHA-256 of the shared secret, salted with the SHA-256 of
 * encapsulation key and ciphertext; the context is HKDF's info and the cipher's associated data. About 1,190 bytes.
 *
 * @param randomness 32 bytes that no other credential uses; default fresh ones.
 * @throws RangeError when a part of the credential has not its form or the delivery key is none (FIPS 203 section 7.2).
 */
export function sealCredential(
  context: CredentialContext,
  credential: LeaseCredential,
  deliveryKey: Uint8Array,
  randomness?: Uint8Array,
): Hex {
  const content = encodeContent(credential);
  const { cipherText, sharedSecret } = encapsulate(deliveryKey, randomness);
  const cipher = cipherOf(context, sharedSecret, { deliveryKey, cipherText });
  return bytesToHex(concatBytes([Uint8Array.of(VERSION), cipherText, cipher.encrypt(content)]));
}

/**
 * Opens a sealed credential with the seed of the client's delivery key.
 *
 * @throws Error when it is of another version, malformed, for another key or lease, or was changed.
 */
export function openCredential(context: CredentialContext, sealed: Hex, seed: Uint8Array): LeaseCredential {
  const bytes = hexToBytes(sealed);
  if (bytes[0] !== VERSION) throw new Error(`sealed credential has version ${bytes[0] ?? "none"}, not ${VERSION}`);
  const start = 1 + ML_KEM_768.ciphertextBytes;
  if (bytes.length <= start + TAG_BYTES + HASH_BYTES + SEED_BYTES) {
    throw new Error(`sealed credential is cut short: it has ${bytes.length} bytes`);
  }
  const { publicKey, secretKey } = ml_kem768.keygen(seed);
  const cipherText = bytes.subarray(1, start);
  const sharedSecret = ml_kem768.decapsulate(cipherText, secretKey);
  secretKey.fill(0);
  const cipher = cipherOf(context, sharedSecret, { deliveryKey: publicKey, cipherText });
  return decodeContent(decrypt(cipher, bytes.subarray(start)));
}

/** True when credentials can be sealed for a key: it has the length of an ML-KEM-768 one and passes FIPS 203 section 7.2. */
export function isDeliveryKey(key: Uint8Array): boolean {
  try {
    encapsulate(key);
    return true;
  } catch {
    return false;
  }
}

function encapsulate(deliveryKey: Uint8Array, randomness?: Uint8Array) {
  if (deliveryKey.length !== ML_KEM_768.publicKeyBytes) {
    throw new RangeError(`delivery key is ${deliveryKey.length} bytes, not ${ML_KEM_768.publicKeyBytes}`);
  }
  try {
    return ml_kem768.encapsulate(deliveryKey, randomness);
  } catch (cause) {
    throw new RangeError("delivery key is no ML-KEM-768 encapsulation key", { cause });
  }
}

function cipherOf(
  context: CredentialContext,
  sharedSecret: Uint8Array,
  { deliveryKey, cipherText }: { deliveryKey: Uint8Array; cipherText: Uint8Array },
) {
  const info = contextBytes(context);
  const salt = sha256(concatBytes([deliveryKey, cipherText]));
  const derived = hkdf(sha256, sharedSecret, salt, info, KEY_BYTES + NONCE_BYTES);
  sharedSecret.fill(0);
  return gcm(derived.subarray(0, KEY_BYTES), derived.subarray(KEY_BYTES), info);
}

function contextBytes({ chainId, escrow, leaseId, client }: CredentialContext): Uint8Array {
  const word = (value: number | bigint) => numberToBytes(value, { size: 32 });
  return concatBytes([LABEL, word(chainId), hexToBytes(escrow), word(leaseId), hexToBytes(client)]);
}

function encodeContent({ endpoint, serverKeyHash, clientSeed }: LeaseCredential): Uint8Array {
  splitEndpoint(endpoint);
  const hash = hexToBytes(serverKeyHash);
  if (hash.length !== HASH_BYTES) throw new RangeError(`server key hash is ${hash.length} bytes, not ${HASH_BYTES}`);
  if (clientSeed.length !== SEED_BYTES) {
    throw new RangeError(`client seed is ${clientSeed.length} bytes, not ${SEED_BYTES}`);
  }
  return concatBytes([hash, clientSeed, stringToBytes(endpoint)]);
}

function decrypt(cipher: ReturnType<typeof gcm>, ciphertext: Uint8Array): Uint8Array {
  try {
    return cipher.decrypt(ciphertext);
  } catch (cause) {
    throw new Error("sealed credential does not open: it is for another key or lease, or was changed", { cause });
  }
}

function decodeContent(content: Uint8Array): LeaseCredential {
  const text = content.subarray(HASH_BYTES + SEED_BYTES);
  if (text.length > MAX_ENDPOINT_BYTES)
    throw new Error(`endpoint has ${text.length} bytes, at most ${MAX_ENDPOINT_BYTES}`);
  const endpoint = String.fromCharCode(...text);
  splitEndpoint(endpoint);
  return {
    endpoint,
    serverKeyHash: bytesToHex(content.subarray(0, HASH_BYTES)),
    clientSeed: content.slice(HASH_BYTES, HASH_BYTES + SEED_BYTES),
  };
}
