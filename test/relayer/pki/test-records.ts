import type { X509Certificate } from "node:crypto";
import { type Address, type Hex, keccak256, toHex } from "viem";

import type {
  AuthorityRecord,
  CertificateKind,
  CertificateRecord,
  CertificateRecords,
} from "../../../relayer/src/pki/certificate-records.ts";
import { certificateHash } from "../../../relayer/src/pki/peer-identity.ts";
import { TRUST_DOMAIN } from "../transport/test-authority.ts";

const CERTIFICATE_REGISTRY: Address = "0x00000000000000000000000000000000000000c8";

const DAY = 86_400n;

/** Records of a made-up chain: tests set what the chain would say. */
export class TestRecords implements CertificateRecords {
  readonly chainId = 31_337;
  readonly registry = CERTIFICATE_REGISTRY;
  now: bigint;
  block = 100n;
  logRoot: Hex = keccak256("0x01");
  readonly #authorities: AuthorityRecord[] = [];
  readonly #certificates = new Map<bigint, CertificateRecord>();

  /** @param now Unix seconds of the head. */
  constructor(now: bigint) {
    this.now = now;
  }

  addAuthority(certificate: X509Certificate, changes: Partial<AuthorityRecord> = {}): AuthorityRecord {
    const record: AuthorityRecord = {
      authorityId: this.#authorities.length + 1,
      parent: 0,
      depth: 1,
      account: "0x00000000000000000000000000000000000000ca",
      trustDomain: keccak256(toHex(TRUST_DOMAIN)),
      x509Hash: certificateHash(certificate),
      notBefore: this.now - 30n * DAY,
      notAfter: this.now + 3_000n * DAY,
      ...{ taintedFrom: undefined, heldAt: undefined, revokedAt: undefined, reason: 0 },
      ...changes,
    };
    this.#authorities.push(record);
    return record;
  }

  /** Records a certificate that exists on the made-up chain only. */
  add(serial: bigint, changes: Partial<CertificateRecord> = {}): CertificateRecord {
    const record: CertificateRecord = {
      serial,
      authorityId: 1,
      kind: "node",
      subject: 7n,
      account: undefined,
      issuedAt: this.now - DAY,
      notBefore: this.now - DAY,
      notAfter: this.now + 46n * DAY,
      x509Hash: keccak256(toHex(serial)),
      ...{ heldAt: undefined, revokedAt: undefined, reason: 0, replacedBy: undefined },
      ...changes,
    };
    this.#certificates.set(serial, record);
    return record;
  }

  head() {
    return { number: this.block, hash: keccak256(toHex(this.block)), timestamp: this.now };
  }

  logHead() {
    return { size: BigInt(this.#certificates.size), root: this.logRoot };
  }

  authority(authorityId: number): AuthorityRecord | undefined {
    return this.#authorities[authorityId - 1];
  }

  authorities(): readonly AuthorityRecord[] {
    return this.#authorities;
  }

  certificate(serial: bigint): CertificateRecord | undefined {
    return this.#certificates.get(serial);
  }

  certificatesByHash(x509Hash: Hex): CertificateRecord[] {
    return [...this.#certificates.values()].filter((record) => record.x509Hash === x509Hash);
  }

  issueIndex(serial: bigint): number | undefined {
    const record = this.#certificates.get(serial);
    return record && [...this.issuedBy(record.authorityId)].indexOf(record);
  }

  *issuedBy(authorityId: number): Iterable<CertificateRecord> {
    for (const record of this.#certificates.values()) if (record.authorityId === authorityId) yield record;
  }

  certificatesOf(kind: CertificateKind, subject: bigint): readonly CertificateRecord[] {
    return [...this.#certificates.values()].filter((record) => record.kind === kind && record.subject === subject);
  }
}
