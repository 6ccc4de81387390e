import type { Address, Hex } from "viem";
import type {
  AuthorityRecord,
  CertificateKind,
  CertificateRecord,
  CertificateRecords,
} from "../pki/certificate-records.ts";
import { certificateStatus, type CertificateStatus } from "../pki/certificate-status.ts";
import type { CertificateBook } from "./certificate-book.ts";
import type { ChainPlace } from "./dispute-records.ts";

/** What {@link FollowedCertificates} reads from. */
export interface CertificateSource {
  chainId: number;
  registry: Address;
  /** The newest state: another book after a deep reorg. */
  book(): CertificateBook;
  head(): { number: bigint; hash: Hex; timestamp: bigint };
  /** Chain time in milliseconds. */
  nowMs(): number;
}

/** Certificates and authorities as the view's newest block has them. */
export class FollowedCertificates implements CertificateRecords {
  readonly #source: CertificateSource;

  constructor(source: CertificateSource) {
    this.#source = source;
  }

  get chainId(): number {
    return this.#source.chainId;
  }

  get registry(): Address {
    return this.#source.registry;
  }

  head(): { number: bigint; hash: Hex; timestamp: bigint } {
    return this.#source.head();
  }

  /** @throws Error in a view with a scope, which does not keep the log. */
  logHead(): { size: bigint; root: Hex } {
    return this.#source.book().logHead();
  }

  authority(authorityId: number): AuthorityRecord | undefined {
    return this.#source.book().authority(authorityId);
  }

  authorities(): readonly AuthorityRecord[] {
    return this.#source.book().authorities();
  }

  certificate(serial: bigint): CertificateRecord | undefined {
    return this.#source.book().certificate(serial);
  }

  certificatesByHash(x509Hash: Hex): readonly CertificateRecord[] {
    return this.#source.book().certificatesByHash(x509Hash);
  }

  issuedBy(authorityId: number): Iterable<CertificateRecord> {
    return this.#source.book().issuedBy(authorityId);
  }

  issueIndex(serial: bigint): number | undefined {
    return this.#source.book().issueIndex(serial);
  }

  certificatesOf(kind: CertificateKind, subject: bigint): readonly CertificateRecord[] {
    return this.#source.book().certificatesOf(kind, subject);
  }

  /** Status at chain time. */
  statusNow(serial: bigint): CertificateStatus {
    return certificateStatus(this, serial, BigInt(Math.floor(this.#source.nowMs() / 1_000)));
  }

  /** Newest block in which something was revoked, tainted, held or released; 0 when there is none. */
  changedAt(): bigint {
    return this.#source.book().changedAt;
  }

  /** Where a certificate was recorded. */
  recordedAt(serial: bigint): ChainPlace | undefined {
    return this.#source.book().recordedAt(serial);
  }
}
