import type { Address } from "viem";
import { isAddressEqual } from "viem/utils";
import type { CertificateRecord, CertificateRecords } from "../pki/certificate-records.ts";
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
  /** Account of the authority that is asked. */
  account: Address;
}

/**
 * Decides whether a subject may have another certificate without a person's look at it, by its newest one and by the newest
 * of the authority that is asked: what was revoked or put on hold for a reason is not healed by asking again.
 *
 * @param now Unix seconds.
 * @returns The good certificate whose place the new one takes, undefined when there is none.
 * @throws Problem 403 saying why not.
 */
export function replacedCertificate(
  records: CertificateRecords,
  applicant: Applicant,
  now: bigint,
): CertificateRecord | undefined {
  const { kind, subject } = applicant;
  const objection = reissueObjection(records, applicant, now);
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
  { kind, subject, asker, account }: Applicant,
  now: bigint,
): string | undefined {
  const all = records.certificatesOf(kind, subject);
  const newest = all.at(-1);
  if (!newest) {
    if (asker === "wallet") return undefined;
    return `${kind} ${subject} has no certificate yet: a wallet of its operator asks for the first one`;
  }
  const own = all.findLast((record) => isIssuedBy(records, record, account)) ?? newest;
  const unhealed = unhealedObjection(records, own, now) ?? unhealedObjection(records, newest, now);
  if (unhealed !== undefined || asker === "wallet") return unhealed;
  const isRevoked = certificateStatus(records, newest.serial, now) === "revoked";
  return isRevoked ? `${nameOf(newest)} was revoked: a wallet of its operator asks for the next one` : undefined;
}

/** Whether a certificate is of an authority that an account issues for. */
export function isIssuedBy(records: CertificateRecords, { authorityId }: CertificateRecord, account: Address): boolean {
  const issuer = records.authority(authorityId);
  return issuer !== undefined && isAddressEqual(issuer.account, account);
}

/** Why a certificate keeps its subject from the next one whoever asks, undefined when it does not. */
function unhealedObjection(records: CertificateRecords, record: CertificateRecord, now: bigint): string | undefined {
  const status = certificateStatus(records, record.serial, now);
  if (status === "held") return `${nameOf(record)} is on hold`;
  if (status !== "revoked") return undefined;
  const staff = "only the authority's staff issues the next one";
  if (record.heldAt !== undefined) return `${nameOf(record)} was revoked while on hold: ${staff}`;
  if (HEALED_BY_NEW_KEY.includes(record.reason)) return undefined;
  return `${nameOf(record)} was revoked with reason ${record.reason}: ${staff}`;
}

function nameOf({ serial, kind, subject }: CertificateRecord): string {
  return `certificate ${serial.toString(16)} of ${kind} ${subject}`;
}
