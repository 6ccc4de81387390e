import { CERTIFICATE_KINDS } from "@pqmesh/contracts/protocol/certificate-kind";
import { CERTIFICATE_STATUSES } from "../src/pki/certificate-status.ts";
import { reasonText, serialText } from "./certificate-argument.ts";
import { isoTime } from "./iso-time.ts";

type Arguments = readonly unknown[];

const time = (value: unknown): string => isoTime(BigInt(value as bigint));
const text = (value: unknown): string => String(value);
const certificate = (serial: unknown): string => `certificate ${serialText(BigInt(serial as bigint))}`;
const kind = (value: unknown): string => CERTIFICATE_KINDS[Number(value) - 1] ?? "member";
const status = (value: unknown): string =>
  CERTIFICATE_STATUSES[Number(value)]?.replaceAll("-", " ") ?? "in another state";

/** Fields of an authority's terms whose limit is that of the authority above it, as people call them. */
const CONSTRAINTS: Readonly<Record<string, string>> = {
  trustDomain: "trust domain",
  notAfter: "last moment",
  pathLength: "path length",
  depth: "depth",
  kinds: "set of kinds",
  identity: "range of identities",
};

/** What each error of certificates and authorities means. */
export const CERTIFICATE_REFUSALS: Readonly<Record<string, (args: Arguments) => string>> = {
  CertificateRegistry_AccountTaken: ([account, identity]) =>
    `account ${text(account)} votes for identity ${text(identity)} already; an account has one`,
  CertificateRegistry_AlreadyRevoked: ([serial, at]) => `${certificate(serial)} is revoked since ${time(at)}`,
  CertificateRegistry_AuthorityAlreadyRevoked: ([id, at]) => `authority ${text(id)} is revoked since ${time(at)}`,
  CertificateRegistry_AuthorityHoldUnchanged: ([id, held]) =>
    `authority ${text(id)} is ${held === true ? "on hold already" : "not on hold"}`,
  CertificateRegistry_CannotIssue: ([id, state]) =>
    `authority ${text(id)} issues nothing: it, or one above it, is not good (${status(state)})`,
  CertificateRegistry_DeadlinePassed: ([deadline]) => `the signature was valid until ${time(deadline)}`,
  CertificateRegistry_EmptyField: ([field]) => `${text(field)} must not be empty`,
  CertificateRegistry_HeldFromAbove: ([serial, id]) =>
    `${serial === 0n ? `authority ${text(id)}` : certificate(serial)} was put on hold from above: only who did that, or stands higher, releases it`,
  CertificateRegistry_HoldUnchanged: ([serial, held]) =>
    `${certificate(serial)} is ${held === true ? "on hold already" : "not on hold"}`,
  CertificateRegistry_IdentityTaken: ([identity, serial]) =>
    `voter ${text(identity)} has ${certificate(serial)} of another authority: only that one, or one above it, gives it another account`,
  CertificateRegistry_InvalidAction: () => "the key that signed cannot order this",
  CertificateRegistry_InvalidNonce: ([nonce, expected]) =>
    `the order was signed as number ${text(nonce)}, the next one is ${text(expected)}`,
  CertificateRegistry_InvalidOverlap: ([until, , notAfter]) =>
    `both cannot be good until ${time(until)}: that must lie ahead, and not after the old one's end, ${time(notAfter)}`,
  CertificateRegistry_InvalidPeriod: ([from, until]) =>
    `the life from ${time(from)} to ${time(until)} ends before it begins, or is over`,
  CertificateRegistry_InvalidReason: ([code]) =>
    `${reasonText(Number(code))} is no reason that this wallet can give for a revocation`,
  CertificateRegistry_InvalidSerial: () => "the serial number is zero or takes more than 20 bytes",
  CertificateRegistry_InvalidSignature: () => "the key in force did not sign this order",
  CertificateRegistry_InvalidSigner: () => "an order is signed by an authority's or an operator's key, not by both",
  CertificateRegistry_InvalidSubject: ([which, subject]) => `there can be no ${kind(which)} ${text(subject)}`,
  CertificateRegistry_InvalidTaint: ([from, until]) =>
    `a taint from ${time(from)} with the last day ${time(until)} begins in the future, ends in the past, or moves a date later`,
  CertificateRegistry_LengthMismatch: ([first, second]) =>
    `the lists belong together, but have ${text(first)} and ${text(second)} entries`,
  CertificateRegistry_NotAuthorized: ([caller, id]) =>
    `wallet ${text(caller)} may not do this: only the account of authority ${text(id)} or of one above it, the DAO, or an operator with its own certificates and a reason of its own, may`,
  CertificateRegistry_NotDelegate: ([id]) => `who signed is no delegate of authority ${text(id)}`,
  CertificateRegistry_NotReplaceable: ([old, serial]) =>
    `${certificate(serial)} cannot take the place of ${serialText(BigInt(old as bigint))}: it has another kind or subject, or the old one is on hold`,
  CertificateRegistry_OutsideConstraint: ([field, value, limit]) =>
    `the ${CONSTRAINTS[text(field)] ?? text(field)} is ${text(value)}, beyond what the authority may give (${text(limit)})`,
  CertificateRegistry_OutsideOrder: ([serial, id, identity]) =>
    Number(id) === 0
      ? `${certificate(serial)} is none of operator ${text(identity)} or its nodes`
      : `${certificate(serial)} is not below authority ${text(id)}`,
  CertificateRegistry_SerialTaken: ([serial]) =>
    `${certificate(serial)} was recorded before: serial numbers are used once`,
  CertificateRegistry_UnexpectedAccount: ([account]) =>
    `account ${text(account)} is named, but only a voter's certificate has one`,
  CertificateRegistry_UnknownAuthority: ([id]) => `there is no authority ${text(id)}`,
  CertificateRegistry_UnknownCertificate: ([serial]) => `${certificate(serial)} was never recorded`,
};
