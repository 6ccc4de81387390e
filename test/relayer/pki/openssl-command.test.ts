import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";

import { CertificateAuthority, type IssuedCertificate } from "../../../relayer/src/pki/certificate-authority.ts";
import { chainRevocationList } from "../../../relayer/src/pki/chain-revocation-list.ts";
import type { EncodedRevocationList } from "../../../relayer/src/pki/revocation-list.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import { REGISTRY, TestAuthority, TRUST_DOMAIN } from "../transport/test-authority.ts";
import { TestRecords } from "./test-records.ts";

const URL = "http://relayer.example";
const EXTENSIONS =
  "subjectAltName,basicConstraints,keyUsage,extendedKeyUsage,crlDistributionPoints,authorityKeyIdentifier";
/** First version that knows ML-DSA. */
const KNOWING = [3, 5];

/** `OpenSSL 3.5.1` as `[3, 5]`; undefined where there is none of version 3 or above. */
function installed(): number[] | undefined {
  const { stdout } = spawnSync("openssl", ["version"], { encoding: "utf8" });
  const [, major, minor] = /^OpenSSL (\d+)\.(\d+)/.exec(stdout ?? "") ?? [];
  return Number(major) >= KNOWING[0]! ? [Number(major), Number(minor)] : undefined;
}

const version = installed();
const isKnowing = version !== undefined && (version[0]! > KNOWING[0]! || version[1]! >= KNOWING[1]!);
const name = version ? `OpenSSL ${version.join(".")}` : "no OpenSSL from 3.0 on: nothing is compared";

describe(`the openssl command of this machine (${name})`, () => {
  let directory: string;
  let authority: CertificateAuthority;
  let records: TestRecords;
  let good: IssuedCertificate;
  let revoked: IssuedCertificate;
  let list: EncodedRevocationList;

  const file = (part: string): string => join(directory, part);
  const openssl = (...args: string[]): { status: number | null; text: string } => {
    const { status, stdout, stderr } = spawnSync("openssl", args, { encoding: "utf8", cwd: directory });
    return { status, text: `${stdout}${stderr}`.replace(/\s+/g, " ") };
  };
  const verify = (certificate: string) =>
    openssl("verify", "-crl_check", "-CAfile", "ca.pem", "-CRLfile", "list.pem", certificate);

  before(async () => {
    directory = mkdtempSync(join(tmpdir(), "pqmesh-openssl-"));
    const { authority: root, signer } = await TestAuthority.create();
    const points = { url: URL, authorityId: 1, shards: 1 };
    authority = new CertificateAuthority({ certificate: root.pem, signer, trustDomain: TRUST_DOMAIN, points });
    records = new TestRecords(BigInt(Math.floor(Date.now() / 1_000)));
    records.addAuthority(authority.certificate);
    const certify = (nodeIndex: number) =>
      authority.issueNode({ key: certificateKey(), did: `did:pqmesh:31337:${REGISTRY}:${nodeIndex}` });
    [good, revoked] = [await certify(7), await certify(8)];
    records.add(BigInt(`0x${good.serialNumber}`));
    records.add(BigInt(`0x${revoked.serialNumber}`), { revokedAt: records.now - 5n, reason: 1 });
    records.add(0x77n, { heldAt: records.now - 9n });
    const authorities = [authority.certificate];
    list = await authority.signRevocationList(chainRevocationList(records, { authorityId: 1, authorities }));
    writeFileSync(file("ca.pem"), authority.pem);
    writeFileSync(file("good.pem"), good.pem);
    writeFileSync(file("revoked.pem"), revoked.pem);
    writeFileSync(file("list.pem"), list.pem);
    writeFileSync(file("list.der"), list.der);
  });
  after(() => rmSync(directory, { recursive: true }));

  if (!version) {
    it("is not needed by anything else", () => {
      expect(openssl("version").status).not.to.equal(0);
    });
    return;
  }

  it("reads a certificate as it was made", () => {
    const { status, text } = openssl(
      ...["x509", "-in", "good.pem", "-noout", "-serial", "-fingerprint", "-sha256", "-ext", EXTENSIONS],
      ...["-subject", "-issuer", "-nameopt", "RFC2253"],
    );
    expect(status, text).to.equal(0);
    expect(text).to.include(`serial=${good.serialNumber.toUpperCase()} `);
    expect(text.replaceAll(":", "").toLowerCase()).to.include(`fingerprint=${good.hash.slice(2)} `);
    expect(text).to.include("subject=CN=node 7 ").and.include("issuer=CN=test root ");
    expect(text).to.include(`URI:spiffe://${TRUST_DOMAIN}/node/7, URI:did:pqmesh:31337:${REGISTRY}:7 `);
    expect(text).to.include("Basic Constraints: critical CA:FALSE ");
    expect(text).to.include("Key Usage: critical Digital Signature ");
    expect(text).to.include("TLS Web Server Authentication, TLS Web Client Authentication ");
    expect(text).to.include(`URI:${URL}/v1/crl/1`);
  });

  it("reads a revocation list as it was made", () => {
    const { status, text } = openssl("crl", "-inform", "DER", "-in", "list.der", "-noout", "-text");
    expect(status, text).to.equal(0);
    expect(text).to.include("Version 2 (0x1)").and.include("X509v3 CRL Number: 100 ");
    expect(text).to.include("X509v3 Authority Key Identifier:");
    const entries = text.match(/Serial Number: .+?(?= Serial Number:| Signature Algorithm:)/g) ?? [];
    expect(entries).to.have.length(2);
    expect(entries[0]).to.match(/^Serial Number: 77 .+X509v3 CRL Reason Code: Certificate Hold$/);
    expect(entries[1])
      .to.include(revoked.serialNumber.toUpperCase())
      .and.match(/CRL Reason Code: Key Compromise$/);
  });

  if (isKnowing) {
    it("verifies signatures, and refuses what the list names", () => {
      expect(verify("good.pem")).to.deep.include({ status: 0, text: "good.pem: OK " });
      const refused = verify("revoked.pem");
      expect(refused.status).not.to.equal(0);
      expect(refused.text).to.include("certificate revoked");
      expect(openssl("crl", "-in", "list.pem", "-noout", "-CAfile", "ca.pem").text).to.include("verify OK");
    });
  } else {
    it(`refuses all: it knows ML-DSA from ${KNOWING.join(".")} on, so no signature is compared here`, () => {
      for (const certificate of ["good.pem", "revoked.pem"]) expect(verify(certificate).status).not.to.equal(0);
    });
  }
}).timeout(20_000);
