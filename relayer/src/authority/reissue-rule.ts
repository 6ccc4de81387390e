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
  const newest = records.certificatesOf(kind, subject).at(-1);
  if (!newest) {
    if (asker === "wallet") return undefined;
    throw refused(`${kind} ${subject} has no certificate yet: a wallet of its operator asks for the first one`);
  }
  const status = certificateStatus(records, newest.serial, now);
  if (status === "held") throw refused(`certificate ${newest.serial.toString(16)} of ${kind} ${subject} is on hold`);
  if (status === "revoked") requireHealed(newest, asker);
  return status === "good" || status === "not-yet-valid" ? newest : undefined;
}

function requireHealed({ kind, subject, serial, reason, heldAt }: CertificateRecord, asker: Asker): void {
  const name = `certificate ${serial.toString(16)} of ${kind} ${subject}`;
  if (heldAt !== undefined) {
    throw refused(`${name} was revoked while on hold: only the authority's staff issues the next one`);
  }
  if (!HEALED_BY_NEW_KEY.includes(reason)) {
    throw refused(`${name} was revoked with reason ${reason}: only the authority's staff issues the next one`);
  }
  if (asker === "wallet") return;
  throw refused(`${name} was revoked: a wallet of its operator asks for the next one`);
}

function refused(detail: string): Problem {
  return new Problem(403, "not-permitted", detail);
}
