import { expect } from "chai";
import { keccak256, toBytes } from "viem";
import type { AuthorityRecord, CertificateRecord } from "../../../relayer/src/pki/certificate-records.ts";
import type { CertificateStatus } from "../../../relayer/src/pki/certificate-status.ts";
import type { NodeIdentity, RelayerIdentity } from "../../../relayer/src/pki/peer-identity.ts";
import { type PeerCertificates, recordedPeers } from "../../../relayer/src/pki/recorded-peers.ts";

const NODE: NodeIdentity = {
  ...{ kind: "node", nodeIndex: 7, did: "did:pqmesh:1:0x00:7", trustDomain: "test.pqmesh", serialNumber: "5a01" },
  ...{ notAfter: new Date(0), fingerprint: "0xab" },
};
const RECORD: CertificateRecord = {
  ...{ serial: 0x5a01n, authorityId: 1, kind: "node", subject: 7n, x509Hash: "0xab", account: undefined },
  ...{ issuedAt: 1n, notBefore: 1n, notAfter: 9n, heldAt: undefined, revokedAt: undefined, reason: 0 },
  replacedBy: undefined,
};

const SIGNER = "0xca";

/** A registry that has one certificate. */
function registry(
  record: CertificateRecord | undefined,
  { status = "good", domain = "test.pqmesh" }: { status?: CertificateStatus; domain?: string | undefined } = {},
): PeerCertificates {
  const named = { trustDomain: keccak256(toBytes(domain)) };
  const authorities = [SIGNER, "0xcc"].map((x509Hash) => ({ ...named, x509Hash }) as AuthorityRecord);
  return {
    authorities: () => authorities,
    authority: (authorityId) => authorities[authorityId - 1],
    certificate: (serial) => (serial === record?.serial ? record : undefined),
    statusNow: () => status,
  };
}

function refusal(certificates: PeerCertificates, peer: NodeIdentity | RelayerIdentity = NODE) {
  return recordedPeers(certificates, "test.pqmesh").refusal(peer, [SIGNER]);
}

describe("recordedPeers", () => {
  it("accepts a peer whose certificate is recorded as it is and good", () => {
    expect(refusal(registry(RECORD))).to.equal(undefined);
    const address = `0x${"0a".repeat(20)}` as const;
    const relayer: RelayerIdentity = { ...NODE, kind: "relayer", address };
    expect(refusal(registry({ ...RECORD, kind: "relayer", subject: BigInt(address) }), relayer)).to.equal(undefined);
  });

  it("refuses a certificate that nobody recorded", () => {
    const sentence = "certificate 5a01 is not recorded on chain";
    expect(refusal(registry(undefined))).to.deep.equal({ reason: "untrusted", sentence });
  });

  it("leaves it to the certificate as long as the trust domain has no authority on chain", () => {
    expect(refusal(registry(undefined, { domain: "another" }))).to.equal(undefined);
    expect(refusal({ ...registry(undefined), authorities: () => [] })).to.equal(undefined);
  });

  it("refuses a certificate that another authority recorded than the one that signed it", () => {
    const sentence = "certificate 5a01 is recorded by authority 2, which did not sign it";
    expect(refusal(registry({ ...RECORD, authorityId: 2 }))).to.deep.equal({ reason: "untrusted", sentence });
    expect(refusal(registry({ ...RECORD, authorityId: 3 }))?.reason).to.equal("untrusted");
  });

  for (const [what, change] of [
    ["other bytes", { x509Hash: "0xac" }],
    ["another subject", { subject: 8n }],
    ["another kind", { kind: "relayer" }],
  ] as const) {
    it(`refuses a certificate that the chain records with ${what}`, () => {
      expect(refusal(registry({ ...RECORD, ...change }))?.reason).to.equal("untrusted");
    });
  }

  for (const [status, reason] of [
    ["revoked", "revoked"],
    ["held", "revoked"],
    ["tainted", "revoked"],
    ["authority-not-good", "revoked"],
    ["expired", "expired"],
    ["not-yet-valid", "untrusted"],
    ["unknown", "untrusted"],
  ] as const) {
    it(`refuses one that is ${status}`, () => {
      const sentence = `certificate 5a01 is recorded on chain as ${status.replaceAll("-", " ")}`;
      expect(refusal(registry(RECORD, { status }))).to.deep.equal({ reason, sentence });
    });
  }
});
