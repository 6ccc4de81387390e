import type { X509Certificate } from "node:crypto";

import type { AuthorityRecord, CertificateRecord, CertificateRecords } from "./certificate-records.ts";
import { authoritiesAbove, isRevoked, isTainted } from "./certificate-status.ts";
import { type ListShard, shardOfSerial } from "./distribution-point.ts";
import { certificateHash, normalizeSerial } from "./peer-identity.ts";
import {
  REVOCATION_REASONS,
  type RevocationEntry,
  type RevocationListContent,
  type RevocationReason,
} from "./revocation-list.ts";

/** How long a list is accepted after its block. */
export const LIST_LIFE_SECONDS = 7n * 86_400n;

/** How long before its block a list is valid, so that clocks behind the chain's accept it. */
const BACKDATE_SECONDS = 300n;

/** Which list of which authority. */
export interface ListRequest {
  authorityId: number;
  /** X.509 certificates of authorities: its own, and those directly below it that are revoked or on hold. */
  authorities: readonly X509Certificate[];
  /** Absent: the complete list. `uri` is the distribution point of the shard's certificates. */
  shard?: ListShard & { uri: string };
}

/** What a list says, and what it cannot say. */
export interface ChainRevocationList extends RevocationListContent {
  /**
   * Authorities directly below that are revoked or on hold and not listed, ascending: the chain has no serial number of
   * them, and no X.509 certificate of their own that this authority issued is at hand.
   */
  unlisted: readonly number[];
}

/**
 * What the revocation list of an authority says: a function of the chain's state at one block, so anybody who reads the
 * chain gets the same content, byte for byte, with the X.509 certificates of the same authorities.
 *
 * - crlNumber is the block's number; thisUpdate is five minutes before the block's time and nextUpdate seven days after it.
 * - It lists what is revoked, what was issued after a taint of an authority above it (from its issue on, invalid since
 *   the taint), what is on hold (reason 6), and authorities directly below that are revoked or on hold. A root that is
 *   revoked or on hold is on its own list: TLS stacks then refuse everything below it.
 * - An authority below chooses which X.509 certificate its successor is recorded with, so that stops no list and puts
 *   nobody else on it: one that is unknown, of another issuer, or recorded before with an authority that is good is left
 *   out, and its authority is named in `unlisted`.
 * - A certificate leaves the list seven days after its last moment (RFC 5280 section 3.3); a release takes it off at once.
 *
 * @throws Error when the authority is unknown, or its X.509 certificate is missing or differs from its record.
 */
export function chainRevocationList(records: CertificateRecords, request: ListRequest): ChainRevocationList {
  const { authorityId, authorities, shard } = request;
  const authority = records.authority(authorityId);
  if (!authority) throw new Error(`authority ${authorityId} is not recorded on chain`);
  const { number, hash, timestamp } = records.head();
  const { size, root } = records.logHead();
  const isListed = (serial: bigint): boolean => !shard || shardOfSerial(serial, shard.count) === shard.index;
  const issuer = issuerCertificate(authority, authorities);
  const { entries, unlisted } = revokedAuthorities(records, request, issuer);
  return {
    issuer,
    number,
    thisUpdate: dateOf(timestamp - BACKDATE_SECONDS),
    nextUpdate: dateOf(timestamp + LIST_LIFE_SECONDS),
    entries: onceEach([
      ...entries.filter(({ serialNumber }) => isListed(BigInt(`0x${serialNumber}`))),
      ...revokedCertificates(records, authorityId, isListed),
    ]),
    unlisted,
    ...(shard && { distributionPoint: shard.uri }),
    state: {
      chainId: records.chainId,
      registry: records.registry,
      authorityId,
      blockHash: hash,
      treeSize: size,
      treeRoot: root,
    },
  };
}

/** The first entry of each serial number. */
function onceEach(entries: readonly RevocationEntry[]): RevocationEntry[] {
  return [...new Map(entries.toReversed().map((entry) => [entry.serialNumber, entry])).values()].reverse();
}

function revokedCertificates(
  records: CertificateRecords,
  authorityId: number,
  isListed: (serial: bigint) => boolean,
): RevocationEntry[] {
  const now = records.head().timestamp;
  const above = authoritiesAbove(records, authorityId);
  const entries: RevocationEntry[] = [];
  for (const record of records.issuedBy(authorityId)) {
    if (now > record.notAfter + LIST_LIFE_SECONDS || !isListed(record.serial)) continue;
    const revocation = revocationOf(record, now) ?? taintOf(record, above) ?? holdOf(record);
    if (revocation) entries.push({ serialNumber: normalizeSerial(record.serial.toString(16)), ...revocation });
  }
  return entries;
}

/** Authorities directly below; a root counts as below itself. */
function revokedAuthorities(
  records: CertificateRecords,
  { authorityId, authorities: known }: ListRequest,
  issuer: X509Certificate,
): { entries: RevocationEntry[]; unlisted: number[] } {
  const now = records.head().timestamp;
  const recordedFirst = new Map(
    records
      .authorities()
      .toReversed()
      .map((each) => [each.x509Hash, each]),
  );
  const byHash = new Map<string, RevocationEntry>();
  const unlisted: number[] = [];
  for (const authority of records.authorities()) {
    const isRoot = authority.parent === 0;
    if ((isRoot ? authority.authorityId : authority.parent) !== authorityId) continue;
    if (now > authority.notAfter + LIST_LIFE_SECONDS || byHash.has(authority.x509Hash)) continue;
    const revocation = revocationOf(authority, now) ?? holdOf(authority);
    if (!revocation) continue;
    const isOwn = isRoot || recordedFirst.get(authority.x509Hash) === authority;
    const certificate = isOwn ? certificateOf(authority, known) : undefined;
    if (certificate?.checkIssued(issuer) && certificate.verify(issuer.publicKey)) {
      byHash.set(authority.x509Hash, { serialNumber: normalizeSerial(certificate.serialNumber), ...revocation });
    } else {
      unlisted.push(authority.authorityId);
    }
  }
  return { entries: [...byHash.values()], unlisted };
}

type Revocation = Omit<RevocationEntry, "serialNumber">;

function revocationOf(record: Pick<CertificateRecord, "revokedAt" | "reason">, now: bigint): Revocation | undefined {
  if (record.revokedAt === undefined || !isRevoked(record, now)) return undefined;
  return { revokedAt: dateOf(record.revokedAt), reason: reasonOf(record.reason) };
}

function taintOf(record: CertificateRecord, above: readonly AuthorityRecord[]): Revocation | undefined {
  const tainted = above.find((authority) => isTainted(record, authority));
  if (tainted?.taintedFrom === undefined) return undefined;
  return { revokedAt: dateOf(record.issuedAt), invalidFrom: dateOf(tainted.taintedFrom) };
}

function holdOf({ heldAt }: Pick<CertificateRecord, "heldAt">): Revocation | undefined {
  return heldAt === undefined ? undefined : { revokedAt: dateOf(heldAt), reason: "certificateHold" };
}

function reasonOf(code: number): RevocationReason {
  const known = Object.entries(REVOCATION_REASONS).find(([, each]) => each === code);
  if (!known) throw new Error(`the chain records reason ${code}, which no revocation list may carry`);
  return known[0] as RevocationReason;
}

function certificateOf({ x509Hash }: AuthorityRecord, known: readonly X509Certificate[]): X509Certificate | undefined {
  return known.find((each) => certificateHash(each) === x509Hash.toLowerCase());
}

function issuerCertificate(authority: AuthorityRecord, known: readonly X509Certificate[]): X509Certificate {
  const certificate = certificateOf(authority, known);
  if (certificate) return certificate;
  const { authorityId, x509Hash } = authority;
  throw new Error(`the X.509 certificate of authority ${authorityId} with SHA-256 ${x509Hash} is not at hand`);
}

function dateOf(seconds: bigint): Date {
  return new Date(Number(seconds) * 1_000);
}
