import { type CertificateRecord, type CertificateRecords } from "../pki/certificate-records.ts";
import { certificateStatus } from "../pki/certificate-status.ts";
import { Problem } from "../service/problem.ts";
import type { Asker } from "./request-permission.ts";

/** RFC 5280 reasons after which a new key heals: keyCompromise and superseded. */
const HEALED_BY_NEW_KEY = [1, 4];

/** For whom a certificate is asked, and who asks. */
export interface Applicant {
  kind: CertificateRecord["kind"];
  subject: bigint;
  asker: Asker;
}

/**
 * Decides whether a subject may have another certificate without a person's look at it, by its newest one: what was revoked
 * or put on hold for a reason is not healed by asking again.
 *
 * @param now Unix seconds.
 * @returns The good certificate whose place the new one takes, undefined when there is none.
 * @throws Problem 403 saying why not.
 */
export function replacedCertificate(
  records: CertificateRecords,
  { kind, subject, asker }: Applicant,
  now: bigint,
): CertificateRecord | undefined {
  const objection = reissueObjection(records, { kind, subject, asker }, now);
  if (objection !== undefined) throw new Problem(403, "not-permitted", objection);
  const newest = records.certificatesOf(kind, subject).at(-1);
  const status = newest && certificateStatus(records, newest.serial, now);
  return status === "good" || status === "not-yet-valid" ? newest : undefined;
}

/**
 * Tells what is against another certificate for a subject.
 *
 * @param now Unix seconds.
 * @returns One sentence, undefined when nothing is.
 */
export function reissueObjection(
  records: CertificateRecords,
  { kind, subject, asker }: Applicant,
  now: bigint,
): string | undefined {
  const newest = records.certificatesOf(kind, subject).at(-1);
  if (!newest) {
    if (asker === "wallet") return undefined;
    return `${kind} ${subject} has no certificate yet: a wallet of its operator asks for the first one`;
  }
  const status = certificateStatus(records, newest.serial, now);
  const name = `certificate ${newest.serial.toString(16)} of ${kind} ${subject}`;
  if (status === "held") return `${name} is on hold`;
  if (status !== "revoked") return undefined;
  const staff = "only the authority's staff issues the next one";
  if (newest.heldAt !== undefined) return `${name} was revoked while on hold: ${staff}`;
  if (!HEALED_BY_NEW_KEY.includes(newest.reason)) return `${name} was revoked with reason ${newest.reason}: ${staff}`;
  return asker === "wallet" ? undefined : `${name} was revoked: a wallet of its operator asks for the next one`;
}
