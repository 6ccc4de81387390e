import { createPrivateKey, createPublicKey, generateKeyPairSync, randomBytes } from "node:crypto";
import { secp256k1 } from "@noble/curves/secp256k1.js";

import { ML_DSA_65, mlDsa65KeyFromSeed, mlDsa65PublicKeyRaw } from "./ml-dsa-65.ts";

/** Kinds of keys a keystore holds. */
export const KEY_KINDS = ["ml-dsa-65", "slh-dsa-sha2-128s", "secp256k1", "ml-kem-768"] as const;

/** One kind of key. */
export type KeyKind = (typeof KEY_KINDS)[number];

/** What a key may be used for; a key has one purpose for ever. */
export const KEY_PURPOSES = [
  "attestation",
  "report",
  "tls",
  "authority",
  "root",
  "wallet",
  "delivery",
  "account",
  "witness",
] as const;

/** One purpose of a key. */
export type KeyPurpose = (typeof KEY_PURPOSES)[number];

/** How to make and check the keys of one kind. Secrets and public keys are raw bytes. */
export interface KeyScheme {
  /** Length of the secret: ML-DSA-65 or ML-KEM-768 seed, FIPS 205 private key, or secp256k1 scalar. */
  secretBytes: number;
  publicKeyBytes: number;
  purposes: readonly KeyPurpose[];
  generate(): Uint8Array;
  /** @throws Error when the secret is none of this kind. */
  publicKeyOf(secret: Uint8Array): Uint8Array;
}

const SLH_DSA = { secretBytes: 64, publicKeyBytes: 32 } as const;
const ML_KEM = { secretBytes: 64, publicKeyBytes: 1_184 } as const;

/** PrivateKeyInfo of an ML-KEM-768 seed (RFC 9935), without the 64 bytes of the seed itself. */
const ML_KEM_PKCS8_PREFIX = Buffer.from("3054020100300b060960864801650304040204428040", "hex");

/** The scheme of every kind. */
export const KEY_SCHEMES: Readonly<Record<KeyKind, KeyScheme>> = {
  "ml-dsa-65": {
    secretBytes: ML_DSA_65.seedBytes,
    publicKeyBytes: ML_DSA_65.publicKeyBytes,
    purposes: ["attestation", "report", "tls", "authority", "account", "witness"],
    generate: () => randomBytes(ML_DSA_65.seedBytes),
    publicKeyOf: (seed) => mlDsa65PublicKeyRaw(mlDsa65KeyFromSeed(seed)),
  },
  "slh-dsa-sha2-128s": {
    ...SLH_DSA,
    purposes: ["root"],
    generate: generateSlhDsa,
    publicKeyOf: slhDsaPublicKey,
  },
  secp256k1: {
    secretBytes: 32,
    publicKeyBytes: 33,
    purposes: ["wallet"],
    generate: () => secp256k1.utils.randomSecretKey(),
    publicKeyOf: (secret) => secp256k1.getPublicKey(secret, true),
  },
  "ml-kem-768": {
    ...ML_KEM,
    purposes: ["delivery"],
    generate: () => randomBytes(ML_KEM.secretBytes),
    publicKeyOf: mlKemPublicKey,
  },
};

function generateSlhDsa(): Uint8Array {
  const { privateKey } = generateKeyPairSync("slh-dsa-sha2-128s");
  return Buffer.from(String(privateKey.export({ format: "jwk" }).priv), "base64url");
}

/** FIPS 205 private key: SK.seed, SK.prf, PK.seed, PK.root; OpenSSL refuses one whose halves do not belong together. */
function slhDsaPublicKey(secret: Uint8Array): Uint8Array {
  if (secret.length !== SLH_DSA.secretBytes) {
    throw new RangeError(`SLH-DSA-SHA2-128s private key is ${secret.length} bytes, not ${SLH_DSA.secretBytes}`);
  }
  const publicKey = secret.slice(SLH_DSA.secretBytes - SLH_DSA.publicKeyBytes);
  const [priv, pub] = [secret, publicKey].map((bytes) => Buffer.from(bytes).toString("base64url"));
  createPrivateKey({ key: { kty: "AKP", alg: "SLH-DSA-SHA2-128s", priv, pub }, format: "jwk" });
  return publicKey;
}

/** Expands d and z of FIPS 203; the raw key ends its SubjectPublicKeyInfo. */
function mlKemPublicKey(seed: Uint8Array): Uint8Array {
  if (seed.length !== ML_KEM.secretBytes) {
    throw new RangeError(`ML-KEM-768 seed is ${seed.length} bytes, not ${ML_KEM.secretBytes}`);
  }
  const key = Buffer.concat([ML_KEM_PKCS8_PREFIX, seed]);
  const publicKey = createPublicKey(createPrivateKey({ key, format: "der", type: "pkcs8" }));
  key.fill(0);
  return publicKey.export({ format: "der", type: "spki" }).subarray(-ML_KEM.publicKeyBytes);
}
