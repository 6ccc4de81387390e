import { formatTime } from "./format.ts";
import { CERTIFICATE_STATUSES, serialHex, STATUS_WORDS, subjectWords } from "./certificate-words.ts";
import { CERTIFICATE_KINDS } from "@pqmesh/contracts/protocol/certificate-kind";

type Sentence = string | ((args: readonly unknown[]) => string);

const time = (value: unknown): string => formatTime(value as bigint);
const text = (value: unknown): string => String(value);
const serial = (value: unknown): string => `The certificate ${serialHex(value as bigint)}`;
const status = (value: unknown): string => STATUS_WORDS[CERTIFICATE_STATUSES[Number(value)] ?? "Unknown"].toLowerCase();
const subject = (kind: unknown, value: unknown): string => {
  const known = CERTIFICATE_KINDS[Number(kind) - 1];
  return known && (value as bigint) < 2n ** 160n ? subjectWords(known, value as bigint) : text(value);
};

/** What each error about certificates means, and what to do about it. */
export const CERTIFICATE_SENTENCES: Readonly<Record<string, Sentence>> = {
  CertificateRegistry_AccountTaken: ([account, identity]) =>
    `${text(account)} votes for identity ${text(identity)} already; an account can vote for one.`,
  CertificateRegistry_AlreadyRevoked: ([number, revokedAt]) =>
    `${serial(number)} is revoked since ${time(revokedAt)}; that is for ever.`,
  CertificateRegistry_AuthorityAlreadyRevoked: ([authority, revokedAt]) =>
    `Authority ${text(authority)} is revoked since ${time(revokedAt)}; that is for ever.`,
  CertificateRegistry_AuthorityHoldUnchanged: ([authority, held]) =>
    `Authority ${text(authority)} is ${held === true ? "on hold already" : "not on hold"}.`,
  CertificateRegistry_CannotIssue: ([authority, state]) =>
    `Authority ${text(authority)} cannot issue or admit: ${status(state)}.`,
  CertificateRegistry_DeadlinePassed: ([deadline]) => `The order was valid until ${time(deadline)}. Sign a new one.`,
  CertificateRegistry_EmptyField: ([field]) => `This must be given: ${text(field)}.`,
  CertificateRegistry_HeldFromAbove: ([number, authority]) =>
    `${number === 0n ? `Authority ${text(authority)}` : serial(number)} was put on hold from above: only who did that, or stands higher, can release it.`,
  CertificateRegistry_HoldUnchanged: ([number, held]) =>
    `${serial(number)} is ${held === true ? "on hold already" : "not on hold"}.`,
  CertificateRegistry_IdentityTaken: ([identity, number]) =>
    `Voter ${text(identity)} has ${serial(number)} of another authority, which alone, or one above it, can give it another account.`,
  CertificateRegistry_InvalidAction: "The signer of this order cannot order this.",
  CertificateRegistry_InvalidNonce: ([nonce, expected]) =>
    `The order is number ${text(nonce)}, but number ${text(expected)} comes next: it was executed already, or another one is due.`,
  CertificateRegistry_InvalidOverlap: ([until, , notAfter]) =>
    `The replaced certificate would stay good until ${time(until)}; that must be in the future, and not after its own end at ${time(notAfter)}.`,
  CertificateRegistry_InvalidPeriod: ([notBefore, notAfter]) =>
    `It would be valid from ${time(notBefore)} to ${time(notAfter)}, which ends before it begins or is over.`,
  CertificateRegistry_InvalidReason: ([reason]) =>
    `Reason ${text(reason)} is none of RFC 5280 for this, or not one that this wallet may give.`,
  CertificateRegistry_InvalidSerial: ([number]) =>
    `${serialHex(number as bigint)} cannot be a serial number: it is zero or longer than 20 bytes.`,
  CertificateRegistry_InvalidSignature: "The signature does not verify: another key signed, or another order.",
  CertificateRegistry_InvalidSigner: "An emergency order names one signer: an authority, or an operator.",
  CertificateRegistry_InvalidSubject: ([kind, value]) => `There can be no certificate of ${subject(kind, value)}.`,
  CertificateRegistry_InvalidTaint: ([from, rotateBy]) =>
    `A taint from ${time(from)} until ${time(rotateBy)} begins in the future, ends in the past, or moves a date later.`,
  CertificateRegistry_LengthMismatch: ([first, second]) =>
    `The lists have ${text(first)} and ${text(second)} items; they must be equally long.`,
  CertificateRegistry_NotAuthorized: ([account, authority]) =>
    `${text(account)} may not do this below authority ${text(authority)}: only the authority's account, one above it, the DAO, or the subject's own operator for some reasons.`,
  CertificateRegistry_NotDelegate: ([authority]) => `The signer is no delegate of authority ${text(authority)}.`,
  CertificateRegistry_NotReplaceable: ([replaced]) =>
    `${serial(replaced)} can only be replaced by one of the same kind and subject, while it is neither revoked nor replaced.`,
  CertificateRegistry_OutsideConstraint: ([field, value, limit]) =>
    `The authority above allows no ${text(field)} of ${text(value)}; its limit is ${text(limit)}.`,
  CertificateRegistry_OutsideOrder: ([number]) =>
    number === 0n
      ? "The authority is not below the one that signs."
      : `${serial(number)} is not of the operator, or not below the authority, that signs.`,
  CertificateRegistry_SerialTaken: ([number]) => `${serial(number)} was issued before; each number counts once.`,
  CertificateRegistry_UnexpectedAccount: ([account]) =>
    `Only certificates of voters name the account that votes; this one names ${text(account)}.`,
  CertificateRegistry_UnknownAuthority: ([authority]) => `There is no authority ${text(authority)}.`,
  CertificateRegistry_UnknownCertificate: ([number]) => `${serial(number)} was never issued.`,
};
