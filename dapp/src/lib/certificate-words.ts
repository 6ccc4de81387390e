import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import { reasonWords } from "@pqmesh/contracts/protocol/revocation-reason";
import type { LogAction } from "@pqmesh/contracts/protocol/log-entry";
import { numberToHex } from "viem";
import { shorten } from "./format.ts";

/** Answers about a certificate, in the order of `ICertificateRegistry.Status`. */
export const CERTIFICATE_STATUSES = [
  "Unknown",
  "Good",
  "NotYetValid",
  "Expired",
  "Held",
  "Revoked",
  "Tainted",
  "AuthorityNotGood",
] as const;

/** Answer about a certificate now; only Good is good. */
export type CertificateStatus = (typeof CERTIFICATE_STATUSES)[number];

/** What a status is called. */
export const STATUS_WORDS: Readonly<Record<CertificateStatus, string>> = {
  Unknown: "Unknown",
  Good: "Good",
  NotYetValid: "Not yet valid",
  Expired: "Expired",
  Held: "On hold",
  Revoked: "Revoked",
  Tainted: "Tainted",
  AuthorityNotGood: "Authority not good",
};

/** What a status means for whoever relies on the certificate. */
export const STATUS_SENTENCES: Readonly<Record<CertificateStatus, string>> = {
  Unknown: "No authority of this network ever recorded it. Do not trust it.",
  Good: "It is recorded, within its time, and neither it nor an authority above it is revoked, on hold or expired.",
  NotYetValid: "Its first moment has not come yet.",
  Expired: "Its last moment is past.",
  Held: "It is on hold: refused until it is released, or revoked.",
  Revoked: "It is revoked, which is for ever.",
  Tainted: "It was issued after an authority above it was tainted, so it may be forged.",
  AuthorityNotGood: "An authority above it is revoked, on hold or expired.",
};

/** Reasons for a revocation, with words. */
export type ReasonChoices = readonly (readonly [code: number, words: string])[];

const reasons = (...codes: number[]): ReasonChoices => codes.map((code) => [code, reasonWords(code)]);

/** Reasons that an operator may give for its own certificates. */
export const OWN_REASONS = reasons(0, 1, 3, 4, 5);

/** Reasons that an authority may give for a certificate. */
export const ISSUER_REASONS = reasons(0, 1, 2, 3, 4, 5, 9, 10);

/** Reasons for which an authority is revoked. */
export const AUTHORITY_REASONS = reasons(0, 2, 4, 5, 9);

/** Whom a certificate is of. */
export function subjectWords(kind: CertificateKind, subject: bigint): string {
  if (kind === "relayer") return `relayer ${numberToHex(subject, { size: 20 })}`;
  return `${kind} ${kind === "voter" ? shorten(numberToHex(subject)) : subject}`;
}

/** A serial number in hex, as tools for X.509 show it. */
export function serialHex(serial: bigint): string {
  const hex = serial.toString(16);
  return `0x${hex.length % 2 === 1 ? "0" : ""}${hex}`;
}

/** First and last characters of a serial number in hex, which has no checksum as addresses do. */
export function shortSerial(serial: bigint): string {
  const hex = serialHex(serial);
  return hex.length <= 19 ? hex : `${hex.slice(0, 10)}…${hex.slice(-6)}`;
}

/** What a log entry records. */
export const ACTION_WORDS: Readonly<Record<LogAction, string>> = {
  "admit-authority": "Authority admitted",
  "taint-authority": "Authority tainted",
  "revoke-authority": "Authority revoked",
  "hold-authority": "Authority put on hold",
  "release-authority": "Authority released",
  issue: "Issued",
  rotate: "Rotated",
  revoke: "Revoked",
  hold: "Put on hold",
  release: "Released",
};
