import { type KeyObject, randomBytes, sign } from "node:crypto";

import { ML_DSA_65, mlDsa65KeyFromSeed, mlDsa65PublicKeyRaw } from "../keystore/ml-dsa-65.ts";
import type { DerSigner } from "./signed-der.ts";

/** An ML-DSA-65 key held in this process for certificates: of a TLS end or of an authority, never of attestations. */
export interface CertificateKey extends DerSigner {
  /** 32 bytes; what a keystore of kind `ml-dsa-65` keeps. */
  readonly seed: Uint8Array;
  readonly privateKey: KeyObject;
}

/** Makes a fresh key, or expands the one of a given 32-byte seed. */
export function certificateKey(seed: Uint8Array = randomBytes(ML_DSA_65.seedBytes)): CertificateKey {
  const privateKey = mlDsa65KeyFromSeed(seed);
  return {
    seed,
    privateKey,
    publicKey: mlDsa65PublicKeyRaw(privateKey),
    sign: (toBeSigned) => sign(null, toBeSigned, privateKey),
  };
}
