import { Address, BigInt, ethereum } from "@graphprotocol/graph-ts";
import {
  CertificateHeld,
  CertificateIssued,
  CertificateReleased,
  CertificateRevoked,
  CertificateRotated,
} from "../generated/CertificateRegistry/CertificateRegistry";
import { Authority, Certificate, CertificateChange, Node } from "../generated/schema";
import { eventId } from "./entities";
import { newLogEntry } from "./certificate-log";

const KINDS = ["None", "Operator", "Node", "Voter", "Relayer"];

export function handleCertificateIssued(event: CertificateIssued): void {
  const certificate = new Certificate(event.params.serial.toString());
  certificate.serial = event.params.serial;
  certificate.authority = event.params.authorityId.toString();
  certificate.kind = KINDS[event.params.kind];
  certificate.subject = event.params.subject;
  nameSubject(certificate, event);
  certificate.issuedAt = event.block.timestamp;
  certificate.notBefore = event.params.notBefore;
  certificate.notAfter = event.params.notAfter;
  certificate.x509Hash = event.params.x509Hash;
  certificate.isHeld = false;
  certificate.transaction = event.transaction.hash;
  certificate.save();
  changeOf(certificate, "Issued", event.params.logIndex, event).save();

  const authority = Authority.load(certificate.authority)!;
  authority.certificateCount += 1;
  authority.save();

  const entry = newLogEntry(event.params.logIndex, "Issue", certificate.authority, event);
  entry.certificate = certificate.id;
  entry.kind = certificate.kind;
  entry.subject = certificate.subject;
  entry.notBefore = certificate.notBefore;
  entry.notAfter = certificate.notAfter;
  entry.x509Hash = certificate.x509Hash;
  entry.save();
}

export function handleCertificateRotated(event: CertificateRotated): void {
  const replaced = mustLoadCertificate(event.params.replaced);
  const certificate = mustLoadCertificate(event.params.serial);
  certificate.replaces = replaced.id;
  certificate.save();
  replaced.replacedBy = certificate.id;
  replaced.save();
  changeOf(replaced, "Rotated", event.params.logIndex, event).save();

  const entry = newLogEntry(event.params.logIndex, "Rotate", certificate.authority, event);
  entry.certificate = certificate.id;
  entry.subject = replaced.serial;
  entry.save();
}

export function handleCertificateRevoked(event: CertificateRevoked): void {
  const certificate = mustLoadCertificate(event.params.serial);
  certificate.revokedAt = event.params.revokedAt;
  certificate.reason = event.params.reason;
  certificate.save();
  const change = changeOf(certificate, "Revoked", event.params.logIndex, event);
  change.sender = event.params.by;
  change.effectiveAt = certificate.revokedAt;
  change.reason = event.params.reason;
  change.save();

  const entry = newLogEntry(event.params.logIndex, "Revoke", certificate.authority, event);
  entry.certificate = certificate.id;
  entry.reason = event.params.reason;
  entry.effectiveAt = event.params.revokedAt;
  entry.save();
}

export function handleCertificateHeld(event: CertificateHeld): void {
  const certificate = setHeld(event.params.serial, true);
  const change = changeOf(certificate, "Held", event.params.logIndex, event);
  change.sender = event.params.by;
  change.save();

  const entry = newLogEntry(event.params.logIndex, "Hold", certificate.authority, event);
  entry.certificate = certificate.id;
  entry.save();
}

export function handleCertificateReleased(event: CertificateReleased): void {
  const certificate = setHeld(event.params.serial, false);
  const change = changeOf(certificate, "Released", event.params.logIndex, event);
  change.sender = event.params.by;
  change.save();

  const entry = newLogEntry(event.params.logIndex, "Release", certificate.authority, event);
  entry.certificate = certificate.id;
  entry.save();
}

/** Names the operator, node or account that a certificate is of. */
function nameSubject(certificate: Certificate, event: CertificateIssued): void {
  const subject = event.params.subject;
  if (certificate.kind == "Operator") certificate.operator = subject.toString();
  if (certificate.kind == "Node") {
    const node = Node.load(subject.toString())!;
    certificate.node = node.id;
    certificate.operator = node.operator;
  }
  if (certificate.kind == "Voter") certificate.account = event.params.account;
  if (certificate.kind == "Relayer") {
    certificate.account = Address.fromString("0x" + subject.toHexString().slice(2).padStart(40, "0"));
  }
}

function setHeld(serial: BigInt, isHeld: boolean): Certificate {
  const certificate = mustLoadCertificate(serial);
  certificate.isHeld = isHeld;
  certificate.save();
  return certificate;
}

function mustLoadCertificate(serial: BigInt): Certificate {
  return Certificate.load(serial.toString())!;
}

function changeOf(certificate: Certificate, kind: string, logIndex: BigInt, event: ethereum.Event): CertificateChange {
  const change = new CertificateChange(eventId(event));
  change.certificate = certificate.id;
  change.kind = kind;
  change.sender = event.transaction.from;
  change.logIndex = logIndex;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  return change;
}
