import { X509Certificate } from "node:crypto";
import { ML_DSA_65 } from "../keystore/ml-dsa-65.ts";
import { DER, der, derChildren, readDer } from "../pki/der.ts";
import { mlDsa65Algorithm } from "../pki/signed-der.ts";

/** Tag of the version that begins a certificate's content (RFC 5280 section 4.1). */
const CERTIFICATE_VERSION = 0xa0;

/**
 * Tells what a signer process is asked to sign: the content of a leaf certificate or of a revocation list.
 *
 * @throws Error for anything else. An authority's certificate is one of these: a signer that a stolen service may still
 * reach must not make authorities.
 */
export function signableContent(toBeSigned: Uint8Array): "certificate" | "revocation list" {
  const first = derChildren(readDer(toBeSigned))[0];
  if (first?.tag === DER.integer) return "revocation list";
  if (first?.tag !== CERTIFICATE_VERSION) throw new Error("content is neither a certificate nor a revocation list");
  const unsigned = der(DER.bitString, Buffer.of(0), new Uint8Array(ML_DSA_65.signatureBytes));
  const certificate = new X509Certificate(der(DER.sequence, toBeSigned, mlDsa65Algorithm(), unsigned));
  if (certificate.ca) throw new Error("content is the certificate of an authority: sign it with its keystore offline");
  return "certificate";
}
