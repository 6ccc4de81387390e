import type { Address } from "viem";

import { CertificateAuthority, type ValidityOptions } from "../../../relayer/src/pki/certificate-authority.ts";
import type { RevocationEntry } from "../../../relayer/src/pki/revocation-list.ts";
import { type CertificateKey, certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import type { MeshMaterial } from "../../../relayer/src/transport/mesh-credentials.ts";

export const TRUST_DOMAIN = "test.pqmesh";
export const REGISTRY = "0x00000000000000000000000000000000000000aa";
export const RELAYER: Address = "0x00000000000000000000000000000000000000b1";

/** TLS material of one member, and the serial number of its certificate. */
export interface TestMember extends MeshMaterial {
  serialNumber: string;
}

/** An authority with short ways to make members of its network. */
export class TestNetwork {
  readonly authority: CertificateAuthority;
  readonly crl: string;

  private constructor(authority: CertificateAuthority, crl: string) {
    this.authority = authority;
    this.crl = crl;
  }

  static async create(commonName = "test root"): Promise<TestNetwork> {
    const signer = certificateKey();
    const authority = await CertificateAuthority.createRoot({
      commonName,
      signer,
      trustDomain: TRUST_DOMAIN,
      pathLength: 1,
    });
    return new TestNetwork(authority, (await authority.revocationList({ entries: [], number: 1n })).pem);
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

  material(key: CertificateKey, cert: string): MeshMaterial {
    return { key: key.privateKey, cert, ca: [this.authority.pem], crl: [this.crl], trustDomain: TRUST_DOMAIN };
  }

  async crlOf(serialNumbers: string[], number = 2n, options: { now?: Date; validDays?: number } = {}): Promise<string> {
    const revokedAt = new Date();
    const entries: RevocationEntry[] = serialNumbers.map((serialNumber) => ({ serialNumber, revokedAt }));
    return (await this.authority.revocationList({ entries, number, ...options })).pem;
  }
}
