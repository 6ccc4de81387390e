import type { X509Certificate } from "node:crypto";
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";

import { DER, type DerElement, der, derChildren, derOid, readDer } from "../../../relayer/src/pki/der.ts";
import { type DerSigner, signDer, splitSignedDer, toPem } from "../../../relayer/src/pki/signed-der.ts";
import { keyPem } from "./test-authority.ts";

/** PEM of a certificate and of its key. */
export interface Credential {
  cert: string;
  key: string;
}

/** Key types that the network does not accept. */
export type WeakKeyType = "ec" | "rsa" | "ed25519";

const ECDSA_WITH_SHA256 = der(DER.sequence, derOid("1.2.840.10045.4.3.2"));
const AUTHORITY_KEY_OID = derOid("2.5.29.35");

/** Copies a certificate of the network with a weak public key in it, signed again by the same authority. */
export async function withWeakKey(
  template: X509Certificate,
  type: WeakKeyType,
  authority: DerSigner,
): Promise<Credential> {
  const { publicKey, privateKey } = weakKeyPair(type);
  const members = contentMembers(template).map(({ raw }) => raw);
  const content = der(DER.sequence, ...members.with(6, publicKey.export({ format: "der", type: "spki" })));
  return { cert: toPem("CERTIFICATE", await signDer(content, authority)), key: keyPem(privateKey) };
}

/** Copies a certificate of the network as if `issuer`, whose key is a P-256 one, had issued it. */
export function issuedByWeakKey(template: X509Certificate, issuer: X509Certificate, issuerKey: string): string {
  const subject = contentMembers(issuer)[5]?.raw ?? Buffer.alloc(0);
  const members = contentMembers(template);
  const extensions = derChildren(readDer(members.at(-1)?.content ?? Buffer.alloc(0)));
  const kept = extensions.map(({ raw }) => raw).filter((raw) => !raw.includes(AUTHORITY_KEY_OID));
  const copied = members.slice(0, -1).map(({ raw }) => raw);
  const signed = [...copied.with(2, ECDSA_WITH_SHA256).with(3, subject), der(0xa3, der(DER.sequence, ...kept))];
  const content = der(DER.sequence, ...signed);
  const signature = der(DER.bitString, Buffer.of(0), sign("sha256", content, issuerKey));
  return toPem("CERTIFICATE", der(DER.sequence, content, ECDSA_WITH_SHA256, signature));
}

function weakKeyPair(type: WeakKeyType): { publicKey: KeyObject; privateKey: KeyObject } {
  if (type === "ec") return generateKeyPairSync("ec", { namedCurve: "P-256" });
  return type === "rsa" ? generateKeyPairSync("rsa", { modulusLength: 2_048 }) : generateKeyPairSync("ed25519");
}

/** Version, serial, algorithm, issuer, validity, subject, key, extensions. */
function contentMembers(certificate: X509Certificate): DerElement[] {
  return derChildren(readDer(splitSignedDer(certificate.raw).toBeSigned));
}
