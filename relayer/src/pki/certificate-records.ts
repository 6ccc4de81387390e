import type { CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";
import type { Address, Hex } from "viem";

export { CERTIFICATE_KINDS, type CertificateKind } from "@pqmesh/contracts/protocol/certificate-kind";

/** A certificate as the chain records it. Times are Unix seconds. */
export interface CertificateRecord {
  serial: bigint;
  authorityId: number;
  kind: CertificateKind;
  /** identityId, nodeIndex, nullifier, or the address as a number. */
  subject: bigint;
  /** Account that a voter votes with, undefined for other kinds. */
  account: Address | undefined;
  /** Time of the block that recorded it. */
  issuedAt: bigint;
  notBefore: bigint;
  notAfter: bigint;
  /** SHA-256 of the DER certificate. */
  x509Hash: Hex;
  /** Since when it is on hold, undefined when it is not. */
  heldAt: bigint | undefined;
  /** From when it is revoked, in the future during the overlap of a rotation; undefined when it is not. */
  revokedAt: bigint | undefined;
  /** RFC 5280 reason of the revocation; 0 when it is not revoked. */
  reason: number;
  /** Certificate that takes its place, once it was rotated. */
  replacedBy: bigint | undefined;
}

/** An authority as the chain records it. Times are Unix seconds. */
export interface AuthorityRecord {
  authorityId: number;
  /** Authority above, 0 for a root. */
  parent: number;
  /** 1 for a root. */
  depth: number;
  account: Address;
  /** keccak256 of the SPIFFE trust domain. */
  trustDomain: Hex;
  /** SHA-256 of its DER certificate. */
  x509Hash: Hex;
  /** Time of the block that admitted it. */
  notBefore: bigint;
  notAfter: bigint;
  /** What it issued from then on is not good; undefined when it is not tainted. */
  taintedFrom: bigint | undefined;
  /** Since when it is on hold, undefined when it is not. */
  heldAt: bigint | undefined;
  /** From when it is revoked, in the future until a taint's last day; undefined when it is not. */
  revokedAt: bigint | undefined;
  /** RFC 5280 reason of the revocation; 0 when it is not revoked. */
  reason: number;
}

/**
 * Everything that the CertificateRegistry recorded up to one block: the source of revocation lists, status answers and
 * DID documents. All answers are synchronous and of one moment: nobody awaits between two calls that must agree.
 */
export interface CertificateRecords {
  readonly chainId: number;
  /** The CertificateRegistry. */
  readonly registry: Address;
  /** Block that the answers are of; `timestamp` in Unix seconds. */
  head(): { number: bigint; hash: Hex; timestamp: bigint };
  /** The transparency log at that block: number of entries and root hash. */
  logHead(): { size: bigint; root: Hex };
  authority(authorityId: number): AuthorityRecord | undefined;
  /** All authorities, by number. */
  authorities(): readonly AuthorityRecord[];
  certificate(serial: bigint): CertificateRecord | undefined;
  /**
   * Certificates recorded with this SHA-256 hash of the DER (lower case), in the order of the log. The chain does not see
   * the DER: of several, only the one with the serial number of the X.509 certificate can be it.
   */
  certificatesByHash(x509Hash: Hex): readonly CertificateRecord[];
  /** Certificates that an authority issued, in the order of the log. */
  issuedBy(authorityId: number): Iterable<CertificateRecord>;
  /** Place of a certificate among those that its authority issued, from 0; undefined when it is unknown. */
  issueIndex(serial: bigint): number | undefined;
  /** Certificates of one subject, in the order of the log. */
  certificatesOf(kind: CertificateKind, subject: bigint): readonly CertificateRecord[];
}
