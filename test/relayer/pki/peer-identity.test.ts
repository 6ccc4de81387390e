import { X509Certificate } from "node:crypto";
import { expect } from "chai";

import { mlDsa65PublicKeyInfo } from "../../../relayer/src/pki/certificate-request.ts";
import {
  certificateHash,
  certifiedSubject,
  normalizeSerial,
  peerIdentity,
} from "../../../relayer/src/pki/peer-identity.ts";
import { signDer, splitSignedDer } from "../../../relayer/src/pki/signed-der.ts";
import { formatSpiffe, parseSpiffe } from "../../../relayer/src/pki/spiffe.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import * as x509 from "../../../relayer/src/pki/x509-library.ts";
import { REGISTRY, TestAuthority } from "../transport/test-authority.ts";

const SPIFFE = "spiffe://test.pqmesh/node/7";
const DID = `did:pqmesh:31337:${REGISTRY}:7`;
const BOTH = [x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth];

/** Makes a certificate that no authority of the network would issue. */
async function certificateWith(names: x509.JsonGeneralName[], usages: string[] = BOTH): Promise<X509Certificate> {
  const key = certificateKey();
  const draft = await x509.X509CertificateGenerator.create({
    subject: "CN=node 7",
    issuer: "CN=node 7",
    publicKey: mlDsa65PublicKeyInfo(key.publicKey),
    signingAlgorithm: { name: "ML-DSA-65" },
    signature: new Uint8Array(3_309),
    extensions: [new x509.SubjectAlternativeNameExtension(names), new x509.ExtendedKeyUsageExtension(usages)],
  });
  return new X509Certificate(await signDer(splitSignedDer(new Uint8Array(draft.rawData)).toBeSigned, key));
}

function urls(...values: string[]): x509.JsonGeneralName[] {
  return values.map((value) => ({ type: "url", value }));
}

describe("peerIdentity", () => {
  it("reads only alternative names", async () => {
    const certificate = await certificateWith(urls(SPIFFE, DID));
    expect(peerIdentity(certificate)).to.deep.include({ kind: "node", nodeIndex: 7, did: DID });
    const other = await certificateWith(urls("spiffe://test.pqmesh/node/8", DID.replace(/7$/, "8")));
    expect(peerIdentity(other)).to.deep.include({ nodeIndex: 8 });
  });

  const refused: Record<string, [x509.JsonGeneralName[], string]> = {
    "no SPIFFE name": [urls(DID), "has 0 SPIFFE names"],
    "two SPIFFE names": [urls(SPIFFE, "spiffe://test.pqmesh/node/8", DID), "has 2 SPIFFE names"],
    "a DID of another node": [urls(SPIFFE, DID.replace(/7$/, "8")), "names node 7, but its DID is"],
    "two DIDs": [urls(SPIFFE, DID, DID.replace("31337", "1")), "has 2 DIDs"],
    "a node without DID": [urls(SPIFFE), "has 0 DIDs"],
    "an index with leading zero": [urls("spiffe://test.pqmesh/node/07", DID), "is not spiffe://"],
    "an index beyond 32 bits": [urls("spiffe://test.pqmesh/node/4294967296", DID), "node index 4294967296"],
    "another kind": [urls("spiffe://test.pqmesh/admin/7", DID), "is not spiffe://"],
    "a longer path": [urls("spiffe://test.pqmesh/node/7/x", DID), "is not spiffe://"],
    "a name hidden in a name": [urls(`https://x/, URI:${SPIFFE}`, DID), "forbidden characters"],
    "a DNS name that looks like one": [
      [{ type: "dns", value: `a, URI:${SPIFFE}` }, ...urls(DID)],
      "forbidden characters",
    ],
  };
  for (const [name, [names, message]] of Object.entries(refused)) {
    it(`refuses ${name}`, async () => {
      const certificate = await certificateWith(names);
      expect(() => peerIdentity(certificate)).to.throw(message);
    });
  }

  it("refuses a certificate for one side of TLS only", async () => {
    const certificate = await certificateWith(urls(SPIFFE, DID), [x509.ExtendedKeyUsage.clientAuth]);
    expect(() => peerIdentity(certificate)).to.throw("not made for both");
  });

  it("refuses an authority's certificate", async () => {
    const { authority } = await TestAuthority.create();
    expect(() => peerIdentity(authority.certificate)).to.throw("belongs to an authority");
  });
}).timeout(10_000);

describe("SPIFFE names", () => {
  it("are read as they were written", () => {
    const address = "0x00000000000000000000000000000000000000Ab";
    const relayer = formatSpiffe({ kind: "relayer", trustDomain: "a.b", address });
    expect(relayer).to.equal("spiffe://a.b/relayer/0x00000000000000000000000000000000000000ab");
    const name = parseSpiffe(relayer);
    expect(name.kind === "relayer" && name.address.toLowerCase()).to.equal(address.toLowerCase());
    const node = formatSpiffe({ kind: "node", trustDomain: "a.b", nodeIndex: 4_294_967_295 });
    expect(parseSpiffe(node)).to.deep.equal({ kind: "node", trustDomain: "a.b", nodeIndex: 4_294_967_295 });
  });

  it("refuse other trust domains and indices", () => {
    for (const trustDomain of ["", "A.b", "a/b", ".a", "a b", "x".repeat(256)]) {
      expect(() => formatSpiffe({ kind: "node", trustDomain, nodeIndex: 0 }), trustDomain).to.throw(RangeError);
    }
    expect(parseSpiffe("spiffe://a.b/operator/3")).to.deep.equal({
      kind: "operator",
      trustDomain: "a.b",
      identityId: 3,
    });
    expect(() => parseSpiffe("spiffe://a.b/operator/4294967296")).to.throw("identityId 4294967296");
    expect(() => parseSpiffe("spiffe://a.b/voter/4294967295")).to.throw("nullifier 4294967295");
    expect(() => parseSpiffe(`spiffe://a.b/voter/${2n ** 256n}`)).to.throw(RangeError);
    for (const nodeIndex of [-1, 1.5, 4_294_967_296, Number.NaN]) {
      expect(() => formatSpiffe({ kind: "node", trustDomain: "a", nodeIndex })).to.throw(RangeError);
    }
  });
}).timeout(10_000);

describe("certifiedSubject", () => {
  const relayer = "0x00000000000000000000000000000000000000b1";
  const subjects: Record<string, bigint> = {
    "node/7": 7n,
    "operator/3": 3n,
    "voter/4294967296": 2n ** 32n,
    [`relayer/${relayer}`]: 0xb1n,
  };
  for (const [path, subject] of Object.entries(subjects)) {
    it(`reads ${path}`, async () => {
      const certificate = await certificateWith(urls(`spiffe://test.pqmesh/${path}`));
      const kind = path.split("/")[0];
      expect(certifiedSubject(certificate)).to.deep.include({ kind, subject, trustDomain: "test.pqmesh" });
      expect(certifiedSubject(certificate).x509Hash).to.equal(certificateHash(certificate));
      expect(certifiedSubject(certificate).serial).to.equal(BigInt(`0x${certificate.serialNumber}`));
    });
  }

  it("refuses a DID of another member and an authority", async () => {
    const operator = `did:pqmesh:31337:${REGISTRY}:operator:3`;
    const certificate = await certificateWith(urls("spiffe://test.pqmesh/node/3", operator));
    expect(() => certifiedSubject(certificate)).to.throw(`names node 3, but its DID is ${operator}`);
    const { authority } = await TestAuthority.create();
    expect(() => certifiedSubject(authority.certificate)).to.throw("belongs to an authority");
  });

  it("is no peer of the mesh as an operator or a voter", async () => {
    const { authority } = await TestAuthority.create();
    for (const name of ["operator:3", "voter:4294967296"]) {
      const did = `did:pqmesh:31337:${REGISTRY}:${name}`;
      const { certificate } = await authority.issueHolder({ key: certificateKey(), did });
      expect(certifiedSubject(certificate).kind, name).to.equal(name.split(":")[0]);
      expect(() => peerIdentity(certificate), name).to.throw("not made for both TLS client and TLS server");
      const both = await certificateWith(urls(`spiffe://test.pqmesh/${name.replace(":", "/")}`));
      expect(() => peerIdentity(both), name).to.throw("no peer of the mesh");
    }
    const node = authority.issueHolder({ key: certificateKey(), did: DID });
    expect(await node.catch((error: unknown) => String(error))).to.include("not as a holder");
  });
}).timeout(10_000);

describe("normalizeSerial", () => {
  it("gives one spelling", () => {
    expect(["00AB", "ab", "0AB", "000"].map(normalizeSerial)).to.deep.equal(["ab", "ab", "ab", "00"]);
  });
}).timeout(10_000);
