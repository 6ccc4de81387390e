import type { X509Certificate } from "node:crypto";
import type { Address } from "viem";
import { isAddressEqual, keccak256, stringToHex } from "viem/utils";
import type { AuthorityRecord, CertificateRecords } from "../pki/certificate-records.ts";
import { authoritiesAbove } from "../pki/certificate-status.ts";
import { certificateHash } from "../pki/peer-identity.ts";

/** The authority that a service issues for. */
export interface ServedAuthority {
  authorityId: number;
  /** Account that the service sends from. */
  account: Address;
  certificate: X509Certificate;
  trustDomain: string;
}

/**
 * Tells why an authority cannot issue now.
 *
 * @param now Unix seconds.
 * @returns One sentence, undefined when it can.
 */
export function authorityFlaw(records: CertificateRecords, served: ServedAuthority, now: bigint): string | undefined {
  const { authorityId, account, certificate, trustDomain } = served;
  const record = records.authority(authorityId);
  if (!record) return `authority ${authorityId} was not admitted on chain`;
  if (record.x509Hash !== certificateHash(certificate)) {
    return `authority ${authorityId} has another certificate on chain than ${certificateHash(certificate)}`;
  }
  if (record.trustDomain !== keccak256(stringToHex(trustDomain))) {
    return `authority ${authorityId} is of another trust domain on chain than ${trustDomain}`;
  }
  if (!isAddressEqual(record.account, account)) {
    return `authority ${authorityId} issues by account ${record.account} on chain, not by ${account}`;
  }
  const bad = authoritiesAbove(records, authorityId).find((authority) => endOf(authority, now) !== undefined);
  return bad && `authority ${bad.authorityId} ${endOf(bad, now)}`;
}

/**
 * Tells why an authority will never issue again.
 *
 * @param now Unix seconds.
 * @returns One sentence, undefined while it may.
 */
export function endedAuthority(records: CertificateRecords, authorityId: number, now: bigint): string | undefined {
  const ended = authoritiesAbove(records, authorityId).find((authority) => lastingEndOf(authority, now) !== undefined);
  return ended && `authority ${ended.authorityId} ${lastingEndOf(ended, now)}`;
}

/** Why an authority lets nothing be issued below it. */
function endOf(authority: AuthorityRecord, now: bigint): string | undefined {
  return lastingEndOf(authority, now) ?? (authority.heldAt === undefined ? undefined : "is on hold");
}

function lastingEndOf({ revokedAt, taintedFrom, notAfter }: AuthorityRecord, now: bigint): string | undefined {
  if (revokedAt !== undefined && revokedAt <= now) return "is revoked";
  if (taintedFrom !== undefined) return "is tainted";
  return now > notAfter ? "has expired" : undefined;
}
