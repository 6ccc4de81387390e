import type { X509Certificate } from "node:crypto";

import {
  DER,
  type DerElement,
  der,
  derChildren,
  derInteger,
  derTime,
  derUnsigned,
  readDer,
  readDerTime,
} from "./der.ts";
import { normalizeSerial } from "./peer-identity.ts";
import {
  encodeAuthorityKey,
  encodeDistributionPoint,
  encodeInvalidityDate,
  encodeListedState,
  encodeListNumber,
  encodeReason,
  extensionValue,
  type ListedState,
  readDistributionPoint,
  readEntryExtensions,
  readListedState,
  readListNumber,
} from "./revocation-extensions.ts";
import {
  type DerSigner,
  type SignedDer,
  fromPem,
  mlDsa65Algorithm,
  signDer,
  splitSignedDer,
  toPem,
  verifySignedDer,
} from "./signed-der.ts";

/** Reasons of RFC 5280 section 5.3.1 that a full list may carry; 0 (unspecified) is expressed by no reason at all. */
export const REVOCATION_REASONS = {
  unspecified: 0,
  keyCompromise: 1,
  caCompromise: 2,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  certificateHold: 6,
  privilegeWithdrawn: 9,
  aaCompromise: 10,
} as const;

/** Why a certificate was revoked. */
export type RevocationReason = keyof typeof REVOCATION_REASONS;

/** One revoked certificate. */
export interface RevocationEntry {
  /** Hexadecimal. */
  serialNumber: string;
  revokedAt: Date;
  reason?: RevocationReason;
  /** Since when it was not to be trusted, where that is known (RFC 5280 section 5.3.2). */
  invalidFrom?: Date;
}

/** What a revocation list is made from. The result is a function of these, the signature excepted. */
export interface RevocationListContent {
  /** Certificate of the authority that issued the revoked certificates. */
  issuer: X509Certificate;
  /** Grows with every list of an authority (RFC 5280 section 5.2.3). */
  number: bigint;
  entries: readonly RevocationEntry[];
  thisUpdate: Date;
  /** After this instant TLS stacks refuse every certificate of the authority. */
  nextUpdate: Date;
  /** For a shard: URI that its certificates carry as their distribution point. Absent for the complete list. */
  distributionPoint?: string;
  /** Chain state that the entries follow from. */
  state?: ListedState;
}

/** An encoded revocation list, as a TLS context takes it (`pem`) or as it is published (`der`). */
export interface EncodedRevocationList {
  der: Uint8Array;
  pem: string;
}

/** A revocation list that was read. */
export interface RevocationList extends EncodedRevocationList {
  number: bigint;
  thisUpdate: Date;
  nextUpdate: Date;
  /** Serial numbers, each in the spelling of `normalizeSerial`. */
  revoked: ReadonlySet<string>;
  /** URI of the shard, undefined for a complete list. */
  distributionPoint: string | undefined;
  /** Chain state that it says it was made from. */
  state: ListedState | undefined;
  /** The entries in full, by serial number. */
  entries(): RevocationEntry[];
  /** Tells whether this authority issued and signed the list. */
  isSignedBy(issuer: X509Certificate): boolean;
}

const REASON_NAMES: ReadonlyMap<number, RevocationReason> = new Map(
  Object.entries(REVOCATION_REASONS).map(([name, code]) => [code, name as RevocationReason]),
);
/** The extension of each reason, empty for none. */
const ENCODED_REASONS = Object.fromEntries(
  Object.entries(REVOCATION_REASONS).map(([name, code]) => [name, code === 0 ? Buffer.alloc(0) : encodeReason(code)]),
) as Record<RevocationReason, Buffer>;
const PEM_LABEL = "X509 CRL";
const SUBJECT_KEY_OID = "2.5.29.14";
const EXTENSIONS_TAG = 0xa0;
const CERTIFICATE_EXTENSIONS_TAG = 0xa3;

/**
 * Builds and signs a revocation list with crlNumber and authority key identifier; entries are sorted by serial.
 *
 * @throws Error when a serial number occurs twice or the times are in the wrong order.
 */
export async function buildRevocationList(
  content: RevocationListContent,
  signer: DerSigner,
): Promise<EncodedRevocationList> {
  const bytes = await signDer(encodeRevocationList(content), signer);
  return { der: bytes, pem: toPem(PEM_LABEL, bytes) };
}

/**
 * Encodes what the authority signs of a revocation list (tbsCertList). Equal content gives equal bytes.
 *
 * @throws Error when a serial number occurs twice or the times are in the wrong order.
 */
export function encodeRevocationList(content: RevocationListContent): Buffer {
  if (content.nextUpdate <= content.thisUpdate) throw new Error("revocation list: nextUpdate must be after thisUpdate");
  return der(
    DER.sequence,
    derInteger(1n),
    mlDsa65Algorithm(),
    certificateParts(content.issuer).subject.raw,
    derTime(content.thisUpdate),
    derTime(content.nextUpdate),
    ...encodeEntries(content.entries),
    encodeExtensions(content),
  );
}

/**
 * Reads a revocation list in DER or PEM (label `X509 CRL`) once one of the authorities has signed it: of any other nothing
 * but its outer form is looked at.
 *
 * @returns The list, and those of the authorities that it is of: several certificates may have one name and key.
 * @throws Error when none of them signed it, and as {@link readRevocationList}.
 */
export function verifiedRevocationList(
  input: string | Uint8Array,
  authorities: readonly X509Certificate[],
): { list: RevocationList; issuers: X509Certificate[] } {
  const bytes = fromPem(PEM_LABEL, input);
  const signed = splitSignedDer(bytes);
  if (authorities.some((authority) => authority.ca && verifySignedDer(signed, authority.publicKey))) {
    const list = readSigned(bytes, signed);
    const issuers = authorities.filter((authority) => list.isSignedBy(authority));
    if (issuers.length > 0) return { list, issuers };
  }
  throw new Error("revocation list is not signed by an accepted authority");
}

/**
 * Reads a revocation list in DER or PEM (label `X509 CRL`); its signature is not verified, see `isSignedBy`.
 *
 * @throws Error when it is malformed, has no crlNumber or no nextUpdate.
 */
export function readRevocationList(input: string | Uint8Array): RevocationList {
  const bytes = fromPem(PEM_LABEL, input);
  return readSigned(bytes, splitSignedDer(bytes));
}

function readSigned(bytes: Uint8Array, signed: SignedDer): RevocationList {
  const members = derChildren(readDer(signed.toBeSigned));
  const [, , issuer, thisUpdate, nextUpdate] = members;
  if (!issuer || !thisUpdate || !nextUpdate || !isTime(nextUpdate)) {
    throw new Error("revocation list has no version, issuer, thisUpdate and nextUpdate");
  }
  const listed = members.slice(5).find((member) => member.tag === DER.sequence);
  const entries = listed ? derChildren(listed) : [];
  const extensions = members.find((member) => member.tag === EXTENSIONS_TAG);
  return {
    der: bytes,
    pem: toPem(PEM_LABEL, bytes),
    number: readListNumber(extensions),
    thisUpdate: readDerTime(thisUpdate),
    nextUpdate: readDerTime(nextUpdate),
    revoked: new Set(entries.map(readSerial)),
    distributionPoint: readDistributionPoint(extensions),
    state: readListedState(extensions),
    entries: () => entries.map(readEntry),
    isSignedBy: (authority) =>
      authority.ca &&
      issuer.raw.equals(certificateParts(authority).subject.raw) &&
      verifySignedDer(signed, authority.publicKey),
  };
}

/** Subject key identifier of a certificate, or `undefined` when it carries none. */
function subjectKeyIdentifier(certificate: X509Certificate): Uint8Array | undefined {
  const { extensions } = certificateParts(certificate);
  const value = extensionValue(extensions, SUBJECT_KEY_OID);
  return value && readDer(value).content;
}

function encodeEntries(entries: readonly RevocationEntry[]): Buffer[] {
  if (entries.length === 0) return [];
  const bySerial = new Map(entries.map((entry) => [normalizeSerial(entry.serialNumber), entry]));
  if (bySerial.size !== entries.length) throw new Error("revocation list: a serial number occurs twice");
  const sorted = [...bySerial].sort(([a], [b]) => a.length - b.length || (a < b ? -1 : 1));
  return [der(DER.sequence, Buffer.concat(sorted.map(([serial, entry]) => encodeEntry(serial, entry))))];
}

function encodeEntry(serial: string, { revokedAt, reason = "unspecified", invalidFrom }: RevocationEntry): Buffer {
  const code = ENCODED_REASONS[reason];
  const dates = invalidFrom ? [encodeInvalidityDate(invalidFrom)] : [];
  const extensions = code.length + dates.length === 0 ? [] : [der(DER.sequence, code, ...dates)];
  return der(DER.sequence, derUnsigned(Buffer.from(serial, "hex")), derTime(revokedAt), ...extensions);
}

function encodeExtensions({ issuer, number, distributionPoint, state }: RevocationListContent): Buffer {
  const keyIdentifier = subjectKeyIdentifier(issuer);
  if (!keyIdentifier) throw new Error("revocation list: the authority's certificate has no subject key identifier");
  const extensions = [
    encodeAuthorityKey(keyIdentifier),
    encodeListNumber(number),
    ...(distributionPoint === undefined ? [] : [encodeDistributionPoint(distributionPoint)]),
    ...(state ? [encodeListedState(state)] : []),
  ];
  return der(EXTENSIONS_TAG, der(DER.sequence, ...extensions));
}

function readSerial(entry: DerElement): string {
  return normalizeSerial(readDer(entry.content).content.toString("hex"));
}

function readEntry(entry: DerElement): RevocationEntry {
  const [, revokedAt, extensions] = derChildren(entry);
  if (!revokedAt) throw new Error(`revocation list: entry ${readSerial(entry)} has no date`);
  const { reason: code, invalidFrom } = readEntryExtensions(extensions);
  const reason = REASON_NAMES.get(code);
  if (!reason)
    throw new Error(`revocation list: entry ${readSerial(entry)} has reason ${code}, which no list may carry`);
  return {
    serialNumber: readSerial(entry),
    revokedAt: readDerTime(revokedAt),
    reason,
    ...(invalidFrom && { invalidFrom: readDerTime(invalidFrom) }),
  };
}

/** Members of a version 3 certificate: version, serial, algorithm, issuer, validity, subject, key, …, extensions. */
function certificateParts(certificate: X509Certificate): { subject: DerElement; extensions: DerElement | undefined } {
  const members = derChildren(readDer(splitSignedDer(certificate.raw).toBeSigned));
  const subject = members[5];
  if (!subject) throw new Error("certificate has no subject");
  return { subject, extensions: members.find((member) => member.tag === CERTIFICATE_EXTENSIONS_TAG) };
}

function isTime(element: DerElement): boolean {
  return element.tag === DER.utcTime || element.tag === DER.generalizedTime;
}
