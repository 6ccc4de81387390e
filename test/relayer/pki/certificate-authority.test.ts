import { X509Certificate } from "node:crypto";
import { expect } from "chai";

import { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { createCertificateRequest, readCertificateRequest } from "../../../relayer/src/pki/certificate-request.ts";
import { verifyCertificateChain } from "../../../relayer/src/pki/certificate-chain.ts";
import { peerIdentity } from "../../../relayer/src/pki/peer-identity.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import * as x509 from "../../../relayer/src/pki/x509-library.ts";
import { REGISTRY, RELAYER, TestAuthority, TRUST_DOMAIN } from "../transport/test-authority.ts";

const DID = `did:pqmesh:31337:${REGISTRY}:7`;
const DAY_MS = 86_400_000;

describe("CertificateAuthority", () => {
  let network: TestAuthority;
  let authority: CertificateAuthority;

  before(async () => {
    network = await TestAuthority.create();
    authority = network.authority;
  });

  it("certifies a node from a request", async () => {
    const key = certificateKey();
    const issued = await authority.issueNode({
      key: { request: await createCertificateRequest(key, "any") },
      did: DID,
    });
    expect(peerIdentity(issued.certificate)).to.deep.include({
      kind: "node",
      nodeIndex: 7,
      did: DID,
      trustDomain: TRUST_DOMAIN,
      serialNumber: issued.serialNumber,
      fingerprint: issued.hash,
    });
    expect(issued.certificate.verify(authority.certificate.publicKey)).to.equal(true);
    expect(issued.certificate.checkPrivateKey(key.privateKey)).to.equal(true);
  });

  it("certifies a relayer with its hosts", async () => {
    const key = { publicKey: certificateKey().publicKey };
    const hosts = ["relayer.example", "10.1.2.3", "::1"];
    const { certificate } = await authority.issueRelayer({ key, address: RELAYER, hosts });
    const identity = peerIdentity(certificate);
    expect(identity.kind === "relayer" && identity.address).to.match(/^0x0{37}0[bB]1$/);
    for (const host of ["localhost", "relayer.example"]) expect(certificate.checkHost(host), host).to.equal(host);
    for (const ip of ["127.0.0.1", "10.1.2.3", "::1"]) expect(certificate.checkIP(ip), ip).not.to.equal(undefined);
    expect(certificate.checkHost("other.example")).to.equal(undefined);
  });

  it("lays leaves out by RFC 5280 and RFC 9881", async () => {
    const { pem } = await authority.issueNode({ key: { publicKey: certificateKey().publicKey }, did: DID });
    const parsed = new x509.X509Certificate(pem);
    expect(parsed.signatureAlgorithm).to.deep.equal({ name: "ML-DSA-65" });
    expect(parsed.getExtension(x509.BasicConstraintsExtension)).to.include({ ca: false, critical: true });
    expect(parsed.getExtension(x509.KeyUsagesExtension)).to.include({
      usages: x509.KeyUsageFlags.digitalSignature,
      critical: true,
    });
    expect(parsed.getExtension(x509.ExtendedKeyUsageExtension)?.usages).to.have.members([
      "1.3.6.1.5.5.7.3.1",
      "1.3.6.1.5.5.7.3.2",
    ]);
    const root = new x509.X509Certificate(authority.pem);
    expect(parsed.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId).to.equal(
      root.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId,
    );
    expect(parsed.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId).to.have.lengthOf(40);
    expect(root.getExtension(x509.BasicConstraintsExtension)).to.include({ ca: true, pathLength: 1, critical: true });
  });

  it("gives no common name more than 64 characters (RFC 5280 appendix A)", async () => {
    const did = `did:pqmesh:31337:${REGISTRY}:voter:${2n ** 256n - 1n}`;
    const { certificate } = await authority.issueHolder({ key: certificateKey(), did });
    expect(certificate.subject).to.equal("CN=voter");
    expect(certificate.subjectAltName).to.include(did);
  });

  it("lives 47 days from five minutes ago", async () => {
    const now = new Date("2026-12-01T00:00:00.700Z");
    const { certificate } = await authority.issueNode({
      key: { publicKey: certificateKey().publicKey },
      did: DID,
      now,
    });
    expect(certificate.validFromDate.toISOString()).to.equal("2026-11-30T23:55:00.000Z");
    expect(certificate.validToDate.toISOString()).to.equal("2027-01-17T00:00:00.000Z");
  });

  it("gives every certificate a serial number of 20 bytes", async () => {
    const serials = new Set<string>();
    for (let i = 0; i < 20; i += 1) serials.add((await network.node(i)).serialNumber);
    expect(serials.size).to.equal(20);
    for (const serial of serials) expect(serial).to.match(/^[4-7][0-9a-f]{39}$/);
  });

  it("refuses an attestation key", async () => {
    const { publicKey } = certificateKey();
    const issue = authority.issueNode({ key: { publicKey }, did: DID, attestationKey: publicKey });
    expect(await failure(issue)).to.include("TLS needs a key of its own");
  });

  it("refuses degenerate and short keys, bad hosts, bad DIDs and bad lives", async () => {
    const key = { publicKey: certificateKey().publicKey };
    const degenerate = { publicKey: new Uint8Array(1_952) };
    expect(await failure(authority.issueNode({ key: degenerate, did: DID }))).to.include("degenerate");
    expect(await failure(authority.issueNode({ key: { publicKey: new Uint8Array(32) }, did: DID }))).to.include("1952");
    expect(await failure(authority.issueNode({ key, did: "did:pqmesh:1:0x00:1" }))).to.include("is not a DID");
    expect(await failure(authority.issueRelayer({ key, address: RELAYER, hosts: ["a b"] }))).to.include('host "a b"');
    for (const days of [0, -1, 8_000, Number.NaN]) {
      expect(await failure(authority.issueNode({ key, did: DID, days }))).to.include("certificate life of");
    }
  });

  it("refuses to outlive itself", async () => {
    const key = { publicKey: certificateKey().publicKey };
    expect(await failure(authority.issueNode({ key, did: DID, days: 4_000 }))).to.include(
      "would outlive its authority",
    );
  });

  it("is loaded only with its own key", () => {
    const options = { certificate: authority.pem, trustDomain: TRUST_DOMAIN };
    expect(() => new CertificateAuthority({ ...options, signer: certificateKey() })).to.throw("another key");
  });

  it("certifies a sub-authority whose leaves verify up to the root", async () => {
    const signer = certificateKey();
    const issued = await authority.issueAuthority({
      commonName: "sub",
      key: { publicKey: signer.publicKey },
      days: 100,
    });
    const sub = new CertificateAuthority({ certificate: issued.pem, signer, trustDomain: TRUST_DOMAIN });
    const leaf = await sub.issueNode({ key: { publicKey: certificateKey().publicKey }, did: DID });
    const chain = verifyCertificateChain(leaf.certificate, [authority.certificate, sub.certificate]);
    expect(chain.map(({ subject }) => subject)).to.deep.equal(["CN=node 7", "CN=sub", "CN=test root"]);
    expect(() => verifyCertificateChain(leaf.certificate, [authority.certificate])).to.throw(
      "no accepted authority issued",
    );
    expect(() => verifyCertificateChain(leaf.certificate, [sub.certificate])).to.throw("no accepted authority issued");
  });
}).timeout(10_000);

describe("verifyCertificateChain", () => {
  it("refuses other authorities of the same name, and every time outside validity", async () => {
    const [network, namesake] = [await TestAuthority.create(), await TestAuthority.create()];
    const leaf = new X509Certificate((await network.node(1)).cert);
    expect(
      verifyCertificateChain(leaf, [namesake.authority.certificate, network.authority.certificate]),
    ).to.have.lengthOf(2);
    expect(() => verifyCertificateChain(leaf, [namesake.authority.certificate])).to.throw(
      "no accepted authority issued",
    );
    const late = new Date(Date.now() + 48 * DAY_MS);
    const early = new Date(Date.now() - DAY_MS);
    expect(() => verifyCertificateChain(leaf, [network.authority.certificate], late)).to.throw("expired at");
    expect(() => verifyCertificateChain(leaf, [network.authority.certificate], early)).to.throw("is valid only from");
  });
}).timeout(10_000);

describe("certificate request", () => {
  it("is parsed and verified by another library too", async () => {
    const key = certificateKey();
    const pem = await createCertificateRequest(key, "node 7");
    expect(new x509.Pkcs10CertificateRequest(pem).subject).to.equal("CN=node 7");
    expect(readCertificateRequest(pem)).to.deep.equal(key.publicKey);
  });

  it("is refused with another key's signature or a changed byte", async () => {
    const [key, other] = [certificateKey(), certificateKey()];
    const stolen = await createCertificateRequest({ publicKey: key.publicKey, sign: other.sign }, "x");
    expect(() => readCertificateRequest(stolen)).to.throw("is not signed by its own key");
    const der = Buffer.from(stolen.split("-----")[2] ?? "", "base64");
    expect(() => readCertificateRequest(der.subarray(0, -1))).to.throw(RangeError);
    expect(() => readCertificateRequest(Buffer.concat([der, Buffer.of(0)]))).to.throw(
      RangeError,
      "followed by other bytes",
    );
    expect(() => readCertificateRequest("-----BEGIN CERTIFICATE-----")).to.throw(
      'holds no PEM block "CERTIFICATE REQUEST"',
    );
  });
}).timeout(10_000);

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no failure",
    (error: unknown) => String(error),
  );
}
