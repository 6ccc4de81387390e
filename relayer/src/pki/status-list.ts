import { gzipSync } from "node:zlib";

import type { AuthorityRecord, CertificateRecord, CertificateRecords } from "./certificate-records.ts";
import { authoritiesAbove, isRevoked, isTainted } from "./certificate-status.ts";
import { LIST_LIFE_SECONDS } from "./chain-revocation-list.ts";

/** What a bit of a status list says. */
export const STATUS_PURPOSES = ["revocation", "suspension"] as const;

/** Revocation is for ever; suspension is a hold that may be released. */
export type StatusPurpose = (typeof STATUS_PURPOSES)[number];

/** Fewest entries of a list, so that a look-up hides among many (W3C Bitstring Status List, section 6.1). */
const LEAST_ENTRIES = 131_072;

/**
 * Status list of an authority as a W3C Bitstring Status List 1.0 credential: one bit for each certificate, at its
 * `issueIndex`. A function of the chain's state at one block. It carries no proof: whoever does not trust its
 * server makes it again from the chain, or uses the signed revocation list.
 *
 * @param url Address under which it is served.
 */
export function statusList(
  records: CertificateRecords,
  { authorityId, purpose, url }: { authorityId: number; purpose: StatusPurpose; url: string },
): object {
  const { timestamp } = records.head();
  return {
    "@context": ["https://www.w3.org/ns/credentials/v2"],
    id: url,
    type: ["VerifiableCredential", "BitstringStatusListCredential"],
    issuer: `did:pkh:eip155:${records.chainId}:${records.registry.toLowerCase()}`,
    validFrom: isoTime(timestamp),
    validUntil: isoTime(timestamp + LIST_LIFE_SECONDS),
    credentialSubject: {
      id: `${url}#list`,
      type: "BitstringStatusList",
      statusPurpose: purpose,
      encodedList: encodedList(records, authorityId, purpose),
    },
  };
}

/** Seconds of the chain as an ISO 8601 instant. */
export function isoTime(seconds: bigint): string {
  return new Date(Number(seconds) * 1_000).toISOString().replace(".000Z", "Z");
}

/** Multibase base64url of the compressed bits, the first bit the most significant. */
function encodedList(records: CertificateRecords, authorityId: number, purpose: StatusPurpose): string {
  const above = authoritiesAbove(records, authorityId);
  const { timestamp } = records.head();
  const set = [...records.issuedBy(authorityId)].map((record) => isSet(record, { above, purpose, now: timestamp }));
  const bytes = Buffer.alloc(Math.ceil(Math.max(set.length, LEAST_ENTRIES) / 8));
  set.forEach((bit, i) => {
    if (bit) bytes[i >> 3]! |= 0x80 >> (i & 7);
  });
  return `u${gzipSync(bytes).toString("base64url")}`;
}

/** What holds for an authority above holds for the certificate. Expiry is neither. */
function isSet(
  record: CertificateRecord,
  { above, purpose, now }: { above: readonly AuthorityRecord[]; purpose: StatusPurpose; now: bigint },
): boolean {
  if (purpose === "suspension") return [record, ...above].some(({ heldAt }) => heldAt !== undefined);
  return [record, ...above].some((each) => isRevoked(each, now)) || above.some((each) => isTainted(record, each));
}
