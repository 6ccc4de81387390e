import type { CertificateRecords } from "../pki/certificate-records.ts";
import { authoritiesAbove } from "../pki/certificate-status.ts";

/** Share of its life after which a certificate is renewed at the latest: what is left bridges long outages. */
const RENEW_AT_SHARE = 2 / 3;
/** Share of the life over which renewals are spread, so that certificates of one day do not come back as one crowd. */
const SPREAD_SHARE = 0.1;
const SPREAD_STEPS = 10_000n;

/** What a schedule looks at. Times are Unix seconds. */
export interface CertificateLife {
  serial: bigint;
  notBefore: number;
  notAfter: number;
}

/** Unix seconds at which a certificate is due for renewal: after 57 to 67 % of its life, by its serial number. */
function renewalTime({ serial, notBefore, notAfter }: CertificateLife): number {
  const early = (SPREAD_SHARE * Number(serial % SPREAD_STEPS)) / Number(SPREAD_STEPS);
  return Math.floor(notBefore + (notAfter - notBefore) * (RENEW_AT_SHARE - early));
}

/**
 * Tells why a certificate must be renewed now.
 *
 * @param now Unix seconds.
 * @returns Half a sentence, undefined when it is not due.
 */
export function renewalReason(records: CertificateRecords, life: CertificateLife, now: number): string | undefined {
  if (now >= renewalTime(life)) return "two thirds of its life are over";
  const record = records.certificate(life.serial);
  if (!record) return undefined;
  const tainted = authoritiesAbove(records, record.authorityId).find(({ taintedFrom }) => taintedFrom !== undefined);
  if (tainted) return `authority ${tainted.authorityId} above it is tainted`;
  return record.replacedBy === undefined ? undefined : "another certificate takes its place";
}
