import { createPublicKey } from "node:crypto";
import { isDegenerateMlDsaKey } from "@pqmesh/contracts/protocol/ml-dsa-key";

import { mlDsa65PublicKeyRaw } from "../keystore/ml-dsa-65.ts";
import { DER, der, derChildren, derInteger, derOid, readDer } from "./der.ts";
import {
  type DerSigner,
  fromPem,
  mlDsa65Algorithm,
  signDer,
  splitSignedDer,
  toPem,
  verifySignedDer,
} from "./signed-der.ts";

const PEM_LABEL = "CERTIFICATE REQUEST";
const COMMON_NAME_OID = "2.5.4.3";
const UTF8_STRING = 0x0c;
const SET = 0x31;
const ATTRIBUTES = 0xa0;

/**
 * Makes a certificate request (PKCS #10): the proof that the requester holds the key.
 * Its subject is only a label: the authority decides every name of the certificate.
 */
export async function createCertificateRequest(signer: DerSigner, commonName: string): Promise<string> {
  const name = der(DER.sequence, derOid(COMMON_NAME_OID), der(UTF8_STRING, Buffer.from(commonName, "utf8")));
  const content = der(
    DER.sequence,
    derInteger(0n),
    der(DER.sequence, der(SET, name)),
    mlDsa65PublicKeyInfo(signer.publicKey),
    der(ATTRIBUTES),
  );
  return toPem(PEM_LABEL, await signDer(content, signer));
}

/**
 * Verifies a certificate request and returns the raw ML-DSA-65 public key it asks to have certified.
 *
 * @throws Error when it is malformed, its key is not a sound ML-DSA-65 key, or its signature is wrong.
 */
export function readCertificateRequest(input: string | Uint8Array): Uint8Array {
  const signed = splitSignedDer(fromPem(PEM_LABEL, input));
  const keyInfo = derChildren(readDer(signed.toBeSigned))[2];
  if (!keyInfo) throw new Error("certificate request has no public key");
  const publicKey = createPublicKey({ key: keyInfo.raw, format: "der", type: "spki" });
  const raw = mlDsa65PublicKeyRaw(publicKey);
  if (isDegenerateMlDsaKey(raw)) throw new Error("certificate request has a degenerate ML-DSA-65 key");
  if (!verifySignedDer(signed, publicKey)) throw new Error("certificate request is not signed by its own key");
  return raw;
}

/** SubjectPublicKeyInfo of a raw ML-DSA-65 public key (RFC 9881 section 4). */
export function mlDsa65PublicKeyInfo(publicKeyRaw: Uint8Array): Buffer {
  return der(DER.sequence, mlDsa65Algorithm(), der(DER.bitString, Buffer.of(0), publicKeyRaw));
}
