import { randomBytes } from "node:crypto";
import { bytesToHex, zeroAddress, zeroHash } from "viem";
import type { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import type {
  AuthorityRecord,
  CertificateRecord,
  CertificateRecords,
} from "../../../relayer/src/pki/certificate-records.ts";
import { certificateHash } from "../../../relayer/src/pki/peer-identity.ts";

const DAY = 86_400n;
const BLOCK = 1_000_000n;

/** Records of one authority with any number of certificates, as a relayer holds them in memory. */
export class ManyRecords implements CertificateRecords {
  readonly chainId = 31_337;
  readonly registry = zeroAddress;
  readonly now = BigInt(Math.floor(Date.now() / 1_000));
  readonly #authority: AuthorityRecord;
  readonly #certificates = new Map<bigint, CertificateRecord>();

  /** @param options.certificates How many certificates there are, each of them revoked. */
  constructor(authority: CertificateAuthority, options: { certificates: number }) {
    this.#authority = {
      ...{ authorityId: 1, parent: 0, depth: 1, account: zeroAddress, trustDomain: zeroHash },
      x509Hash: certificateHash(authority.certificate),
      ...{ notBefore: this.now - DAY, notAfter: this.now + 3_000n * DAY },
      ...{ taintedFrom: undefined, heldAt: undefined, revokedAt: undefined, reason: 0 },
    };
    for (let i = 0; i < options.certificates; i++) {
      const serial = BigInt(bytesToHex(randomBytes(20))) >> 2n;
      this.#certificates.set(serial, {
        ...{ serial, authorityId: 1, kind: "node" as const, subject: 0n, account: undefined, x509Hash: zeroHash },
        ...{ issuedAt: this.now - DAY, notBefore: this.now - DAY, notAfter: this.now + 46n * DAY },
        ...{ heldAt: undefined, revokedAt: this.now - BigInt(i), reason: i % 6, replacedBy: undefined },
      });
    }
  }

  head() {
    return { number: BLOCK, hash: zeroHash, timestamp: this.now };
  }

  logHead() {
    return { size: BigInt(this.#certificates.size), root: zeroHash };
  }

  authority(authorityId: number): AuthorityRecord | undefined {
    return authorityId === 1 ? this.#authority : undefined;
  }

  authorities(): readonly AuthorityRecord[] {
    return [this.#authority];
  }

  certificate(serial: bigint): CertificateRecord | undefined {
    return this.#certificates.get(serial);
  }

  certificatesByHash(): readonly CertificateRecord[] {
    return [];
  }

  issueIndex(): undefined {
    return undefined;
  }

  issuedBy(): Iterable<CertificateRecord> {
    return this.#certificates.values();
  }

  certificatesOf(): readonly CertificateRecord[] {
    return [];
  }
}
