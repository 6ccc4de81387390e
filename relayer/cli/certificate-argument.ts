import { X509Certificate } from "node:crypto";
import { existsSync } from "node:fs";
import { type CertificateKind, certificateKindNumber } from "@pqmesh/contracts/protocol/certificate-kind";
import { type Address, numberToHex, zeroAddress } from "viem";
import { type CertifiedSubject, certifiedSubject } from "../src/pki/peer-identity.ts";
import { REVOCATION_REASONS, type RevocationReason } from "../src/pki/revocation-list.ts";
import { readTextFile } from "./arguments.ts";
import { CliError, usageError } from "./output.ts";

/** Certificates that one call takes at most: what fits into a transaction with room to spare. */
export const MOST_AT_ONCE = 50;
/** Greatest serial number that the chain records: 20 bytes. */
const MAX_SERIAL = (1n << 160n) - 1n;
/** Reasons that a revocation can have: a hold is a command of its own. */
const REASONS = (Object.keys(REVOCATION_REASONS) as RevocationReason[]).filter((name) => name !== "certificateHold");

/** A certificate as `ICertificateRegistry.Issuance` records it. */
export interface Issuance {
  serial: bigint;
  kind: number;
  subject: bigint;
  account: Address;
  notBefore: number;
  notAfter: number;
  x509Hash: `0x${string}`;
}

/** Reads a serial number in hex, as `cert show` prints it, or takes that of a PEM file. @throws CliError naming the field. */
export function serialArgument(name: string, text: string): bigint {
  if (existsSync(text)) return BigInt(`0x${readCertificateFile(text).serialNumber}`);
  const digits = text.replace(/^0x/i, "").replaceAll(":", "");
  const serial = /^[0-9a-fA-F]{1,48}$/.test(digits) ? BigInt(`0x${digits}`) : 0n;
  if (serial > 0n && serial <= MAX_SERIAL) return serial;
  throw usageError(
    `${name} is "${text.slice(0, 60)}", it must be a PEM file or a serial number: 1 to 20 bytes in hex, not zero`,
  );
}

/** @throws CliError when there are more than one call takes. @param name What is counted. */
export function requireFew(name: string, count: number): void {
  if (count <= MOST_AT_ONCE) return;
  throw usageError(`${name} is given ${count} times, ${MOST_AT_ONCE} is the most for one transaction`);
}

/** A number of certificates in words. */
export function countText(count: number): string {
  return `${count} ${count === 1 ? "certificate" : "certificates"}`;
}

/** Reads an RFC 5280 reason by its name; returns its code. @throws CliError naming those there are. */
export function reasonArgument(text: string): number {
  const name = REASONS.find((known) => known === text);
  if (name) return REVOCATION_REASONS[name];
  throw usageError(`--reason is "${text.slice(0, 40)}", it must be one of ${REASONS.join(", ")}`);
}

/** Name of an RFC 5280 reason. */
export function reasonText(code: number): string {
  return Object.entries(REVOCATION_REASONS).find(([, known]) => known === code)?.[0] ?? `reason ${code}`;
}

/** A serial number as certificates print it: whole bytes in lower-case hex. */
export function serialText(serial: bigint): string {
  const digits = serial.toString(16);
  return digits.length % 2 ? `0${digits}` : digits;
}

/** Whom a certificate is of: a relayer by its address, others by their number. */
export function subjectText(kind: CertificateKind, subject: bigint): string {
  return `${kind} ${kind === "relayer" ? numberToHex(subject, { size: 20 }) : subject}`;
}

/** Reads a PEM certificate. @throws CliError when the file holds none. */
export function readCertificateFile(file: string): X509Certificate {
  try {
    return new X509Certificate(readTextFile(file));
  } catch (cause) {
    throw cause instanceof CliError ? cause : usageError(`${file} is no PEM certificate`, cause);
  }
}

/** Whom a certificate file names. @throws CliError when it is no member's certificate. */
export function readSubject(file: string): CertifiedSubject {
  const certificate = readCertificateFile(file);
  try {
    return certifiedSubject(certificate);
  } catch (cause) {
    throw usageError(`${file}: ${(cause as Error).message}`, cause);
  }
}

/**
 * What the chain is to record of a certificate file.
 *
 * @param account Account that a voter votes with.
 * @throws CliError when it is no member's certificate, or a voter's without an account.
 */
export function issuanceOf(file: string, account?: Address): Issuance {
  const { serial, kind, subject, x509Hash } = readSubject(file);
  const { validFromDate, validToDate } = readCertificateFile(file);
  if ((kind === "voter") !== (account !== undefined)) {
    const rule = "--account names the account that a voter votes with";
    throw usageError(`${rule}: ${file} certifies a ${kind}, which ${kind === "voter" ? "needs one" : "has none"}`);
  }
  return {
    ...{ serial, kind: certificateKindNumber(kind), subject, account: account ?? zeroAddress, x509Hash },
    ...{ notBefore: validFromDate.getTime() / 1_000, notAfter: validToDate.getTime() / 1_000 },
  };
}
