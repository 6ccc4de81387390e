import { verify, type KeyObject } from "node:crypto";

import { DER, der, derChildren, derOid, readDer } from "./der.ts";

/** Object identifier of ML-DSA-65 keys and signatures (RFC 9881). */
export const ML_DSA_65_OID = "2.16.840.1.101.3.4.3.18";

/** Makes ML-DSA-65 signatures for an authority or a certificate request; the key may live elsewhere. */
export interface DerSigner {
  /** Raw public key, 1,952 bytes. */
  readonly publicKey: Uint8Array;
  /** Signs with pure ML-DSA-65 and an empty context. */
  sign(toBeSigned: Uint8Array): Uint8Array | Promise<Uint8Array>;
}

/** The three members that certificates, certificate requests and revocation lists share. */
export interface SignedDer {
  toBeSigned: Buffer;
  algorithm: Buffer;
  signature: Buffer;
}

/** Wraps a to-be-signed structure with its ML-DSA-65 signature. */
export async function signDer(toBeSigned: Uint8Array, signer: DerSigner): Promise<Buffer> {
  const signature = await signer.sign(toBeSigned);
  return der(DER.sequence, toBeSigned, mlDsa65Algorithm(), der(DER.bitString, Buffer.of(0), signature));
}

/**
 * Takes a signed structure apart.
 *
 * @throws RangeError when it is not exactly one sequence of three members.
 */
export function splitSignedDer(bytes: Uint8Array): SignedDer {
  const outer = readDer(bytes);
  const [toBeSigned, algorithm, signature, ...rest] = derChildren(outer);
  if (!toBeSigned || !algorithm || signature?.tag !== DER.bitString || rest.length > 0) {
    throw new RangeError("signed structure does not consist of content, algorithm and signature");
  }
  if (outer.raw.length !== bytes.length) throw new RangeError("signed structure is followed by other bytes");
  return { toBeSigned: toBeSigned.raw, algorithm: algorithm.raw, signature: signature.content.subarray(1) };
}

/** Tells whether a signed structure carries a valid ML-DSA-65 signature of `publicKey`. */
export function verifySignedDer(signed: SignedDer, publicKey: KeyObject): boolean {
  if (publicKey.asymmetricKeyType !== "ml-dsa-65" || !signed.algorithm.equals(mlDsa65Algorithm())) return false;
  return verify(null, signed.toBeSigned, publicKey, signed.signature);
}

/** AlgorithmIdentifier of ML-DSA-65: the object identifier alone, no parameters (RFC 9881 section 2). */
export function mlDsa65Algorithm(): Buffer {
  return der(DER.sequence, derOid(ML_DSA_65_OID));
}

/** Encodes bytes as PEM with the given label. */
export function toPem(label: string, bytes: Uint8Array): string {
  const lines =
    Buffer.from(bytes)
      .toString("base64")
      .match(/.{1,64}/g) ?? [];
  return [`-----BEGIN ${label}-----`, ...lines, `-----END ${label}-----`, ""].join("\n");
}

/**
 * Reads DER, or the first PEM block, to DER.
 *
 * @throws Error when a text holds no PEM block with that label.
 */
export function fromPem(label: string, input: string | Uint8Array): Uint8Array {
  if (typeof input !== "string" && input[0] === DER.sequence) return input;
  const text = typeof input === "string" ? input : Buffer.from(input).toString("latin1");
  const body = new RegExp(`-----BEGIN ${label}-----([A-Za-z0-9+/=\\s]+)-----END ${label}-----`).exec(text)?.[1];
  if (!body) throw new Error(`text holds no PEM block "${label}"`);
  return Buffer.from(body, "base64");
}
