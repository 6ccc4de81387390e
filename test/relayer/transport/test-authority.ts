import type { KeyObject } from "node:crypto";
import type { Address } from "viem";

import { CertificateAuthority, type ValidityOptions } from "../../../relayer/src/pki/certificate-authority.ts";
import type { RevocationEntry } from "../../../relayer/src/pki/revocation-list.ts";
import { type CertificateKey, certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import type { MeshMaterial } from "../../../relayer/src/transport/mesh-credentials.ts";

export const TRUST_DOMAIN = "test.pqmesh";
export const REGISTRY = "0x00000000000000000000000000000000000000aa";
export const RELAYER: Address = "0x00000000000000000000000000000000000000b1";

/** TLS material of one member, its key in PEM, and the serial number of its certificate. */
export interface TestMember extends MeshMaterial {
  key: string;
  serialNumber: string;
}

/** PEM (PKCS #8) of a private key. */
export function keyPem(key: KeyObject): string {
  return String(key.export({ format: "pem", type: "pkcs8" }));
}

/** An authority with short ways to make members of its network. */
export class TestAuthority {
  readonly authority: CertificateAuthority;
  readonly crl: string;
  /** Key of the authority. */
  readonly signer: CertificateKey;

  private constructor(authority: CertificateAuthority, signer: CertificateKey, crl: string) {
    this.authority = authority;
    this.signer = signer;
    this.crl = crl;
  }

  static async create(commonName = "test root"): Promise<TestAuthority> {
    const signer = certificateKey();
    const authority = await CertificateAuthority.createRoot({
      commonName,
      signer,
      trustDomain: TRUST_DOMAIN,
      pathLength: 1,
    });
    return new TestAuthority(authority, signer, (await authority.revocationList({ entries: [], number: 1n })).pem);
  }

  async node(nodeIndex: number, options: ValidityOptions = {}): Promise<TestMember> {
    const key = certificateKey();
    const did = `did:pqmesh:31337:${REGISTRY}:${nodeIndex}`;
    const issued = await this.authority.issueNode({ key: { publicKey: key.publicKey }, did, ...options });
    return { ...this.material(key, issued.pem), serialNumber: issued.serialNumber };
  }

  async relayer(address: Address = RELAYER, options: ValidityOptions = {}): Promise<TestMember> {
    const key = certificateKey();
    const issued = await this.authority.issueRelayer({ key: { publicKey: key.publicKey }, address, ...options });
    return { ...this.material(key, issued.pem), serialNumber: issued.serialNumber };
  }

  material(key: CertificateKey, cert: string): MeshMaterial & { key: string } {
    return { key: keyPem(key.privateKey), cert, ca: [this.authority.pem], crl: [this.crl], trustDomain: TRUST_DOMAIN };
  }

  async crlOf(serialNumbers: string[], number = 2n, options: { now?: Date; validDays?: number } = {}): Promise<string> {
    const revokedAt = new Date();
    const entries: RevocationEntry[] = serialNumbers.map((serialNumber) => ({ serialNumber, revokedAt }));
    return (await this.authority.revocationList({ entries, number, ...options })).pem;
  }
}
