import type { X509Certificate } from "node:crypto";
import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import { importMlDsa65PublicKey } from "../keystore/ml-dsa-65.ts";
import type { CertificateRecord } from "../pki/certificate-records.ts";
import { certifiedSubject } from "../pki/peer-identity.ts";

/** Whom certificates are for. */
export interface CertificateHolder {
  kind: CertificateKind;
  /** identityId, nodeIndex, nullifier, or the address as a number. */
  subject: bigint;
}

/** What a renewed certificate must fit. */
export interface Renewed {
  holder: CertificateHolder;
  /** ML-DSA-65 public key that was to be certified, raw. */
  publicKey: Uint8Array;
  /** What the chain records under its serial number, undefined when that is not known. */
  record: Pick<CertificateRecord, "kind" | "subject" | "x509Hash"> | undefined;
}

/**
 * Checks that a certificate which an authority sent is the one that was asked for. It does not verify its signature.
 *
 * @throws Error saying in what it differs from holder, key or record.
 */
export function requireRenewed(certificate: X509Certificate, { holder, publicKey, record }: Renewed): void {
  const { kind, subject, serial, x509Hash } = certifiedSubject(certificate);
  const name = `the new certificate ${serial.toString(16)}`;
  if (!isSame({ kind, subject }, holder))
    throw new Error(`${name} names ${kind} ${subject}, not ${holder.kind} ${holder.subject}`);
  if (!certificate.publicKey.equals(importMlDsa65PublicKey(publicKey)))
    throw new Error(`${name} belongs to another key`);
  if (!record) return;
  if (record.x509Hash !== x509Hash) throw new Error(`${name} is not the one that the chain records under its number`);
  if (!isSame(record, holder)) throw new Error(`${name} is recorded on chain for ${record.kind} ${record.subject}`);
}

function isSame(a: CertificateHolder, b: CertificateHolder): boolean {
  return a.kind === b.kind && a.subject === b.subject;
}
