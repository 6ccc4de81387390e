import type { AuthorityRecord, CertificateRecord, CertificateRecords } from "./certificate-records.ts";

/** Answers of `ICertificateRegistry.statusOf`, in the order of its numbers. Only `good` is good. */
export const CERTIFICATE_STATUSES = [
  "unknown",
  "good",
  "not-yet-valid",
  "expired",
  "held",
  "revoked",
  "tainted",
  "authority-not-good",
] as const;

/** What a certificate's record says of it at a moment. */
export type CertificateStatus = (typeof CERTIFICATE_STATUSES)[number];

/**
 * Answers as `ICertificateRegistry.statusOf` would in a block of time `now` with these records.
 *
 * @param now Unix seconds.
 */
export function certificateStatus(records: CertificateRecords, serial: bigint, now: bigint): CertificateStatus {
  const record = records.certificate(serial);
  if (!record) return "unknown";
  if (isRevoked(record, now)) return "revoked";
  const above = authoritiesAbove(records, record.authorityId);
  if (above.some((authority) => !isGoodAuthority(authority, now))) return "authority-not-good";
  if (above.some((authority) => isTainted(record, authority))) return "tainted";
  if (record.heldAt !== undefined) return "held";
  if (now < record.notBefore) return "not-yet-valid";
  return now > record.notAfter ? "expired" : "good";
}

/** An authority and those above it, nearest first. */
export function authoritiesAbove(records: CertificateRecords, authorityId: number): AuthorityRecord[] {
  const authority = records.authority(authorityId);
  return authority ? [authority, ...authoritiesAbove(records, authority.parent)] : [];
}

/** Tells whether a certificate or an authority is revoked at `now` (Unix seconds). */
export function isRevoked({ revokedAt }: Pick<CertificateRecord, "revokedAt">, now: bigint): boolean {
  return revokedAt !== undefined && revokedAt <= now;
}

/** Tells whether a certificate was issued at or after the taint of an authority above it. */
export function isTainted({ issuedAt }: CertificateRecord, { taintedFrom }: AuthorityRecord): boolean {
  return taintedFrom !== undefined && issuedAt >= taintedFrom;
}

function isGoodAuthority(authority: AuthorityRecord, now: bigint): boolean {
  return !isRevoked(authority, now) && authority.heldAt === undefined && now <= authority.notAfter;
}
