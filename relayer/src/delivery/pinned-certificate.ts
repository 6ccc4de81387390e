import { createHash, type X509Certificate } from "node:crypto";
import type { Hex } from "viem";
import { mlDsa65PublicKeyInfo } from "../pki/certificate-request.ts";
import { DER, der, derInteger, derOid, derTime } from "../pki/der.ts";
import { mlDsa65Algorithm, signDer, toPem } from "../pki/signed-der.ts";
import type { CertificateKey } from "../pki/tls-key.ts";

const COMMON_NAME_OID = "2.5.4.3";
const UTF8_STRING = 0x0c;
const SET = 0x31;
const VERSION_TAG = 0xa0;
const X509_V3 = 2n;
const SUBJECT = "PQMesh lease";
const NOT_BEFORE = new Date("2020-01-01T00:00:00Z");
/** "No well-defined expiration date" (RFC 5280 section 4.1.2.5): the lease says how long the key is good. */
const NOT_AFTER = new Date("9999-12-31T23:59:59Z");

/** Makes the self-signed certificate, PEM, of one end of a lease. Its key alone counts: the other end knows the key's hash. */
export async function selfSignedCertificate(key: CertificateKey): Promise<string> {
  const name = der(
    DER.sequence,
    der(SET, der(DER.sequence, derOid(COMMON_NAME_OID), der(UTF8_STRING, Buffer.from(SUBJECT, "utf8")))),
  );
  const content = der(
    DER.sequence,
    der(VERSION_TAG, derInteger(X509_V3)),
    derInteger(1n),
    mlDsa65Algorithm(),
    name,
    der(DER.sequence, derTime(NOT_BEFORE), derTime(NOT_AFTER)),
    name,
    mlDsa65PublicKeyInfo(key.publicKey),
  );
  return toPem("CERTIFICATE", await signDer(content, key));
}

/** SHA-256 of a raw ML-DSA-65 public key as SubjectPublicKeyInfo: what the ends of a lease know each other by. */
export function publicKeyHash(publicKey: Uint8Array): Hex {
  return sha256(mlDsa65PublicKeyInfo(publicKey));
}

/** The same of the key in a certificate. */
export function certificateKeyHash(certificate: X509Certificate): Hex {
  return sha256(certificate.publicKey.export({ type: "spki", format: "der" }));
}

function sha256(bytes: Uint8Array): Hex {
  return `0x${createHash("sha256").update(bytes).digest("hex")}`;
}
