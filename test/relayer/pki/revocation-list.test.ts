import { expect } from "chai";

import {
  buildRevocationList,
  readRevocationList,
  type RevocationEntry,
  verifiedRevocationList,
} from "../../../relayer/src/pki/revocation-list.ts";
import { DER, der } from "../../../relayer/src/pki/der.ts";
import { fromPem, signDer, splitSignedDer } from "../../../relayer/src/pki/signed-der.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import * as x509 from "../../../relayer/src/pki/x509-library.ts";
import { TestAuthority } from "../transport/test-authority.ts";

const AT = new Date("2026-11-20T12:00:00Z");

describe("revocation list", () => {
  let network: TestAuthority;

  before(async () => {
    network = await TestAuthority.create();
  });

  async function list(entries: RevocationEntry[], number = 5n): Promise<string> {
    return (await network.authority.revocationList({ entries, number, now: AT })).pem;
  }

  it("is read back", async () => {
    const pem = await list([
      { serialNumber: "00Ff", revokedAt: AT },
      { serialNumber: "7f01", revokedAt: AT, reason: "keyCompromise" },
    ]);
    const read = readRevocationList(pem);
    expect([...read.revoked]).to.deep.equal(["ff", "7f01"]);
    expect(read.number).to.equal(5n);
    expect(read.thisUpdate.toISOString()).to.equal("2026-11-20T11:55:00.000Z");
    expect(read.nextUpdate.toISOString()).to.equal("2026-11-27T12:00:00.000Z");
    expect(readRevocationList(read.der).pem).to.equal(pem);
    expect(read.isSignedBy(network.authority.certificate)).to.equal(true);
  });

  it("is parsed and verified by another library too", async () => {
    const { serialNumber } = await network.node(3);
    const pem = await list([{ serialNumber, revokedAt: AT, reason: "superseded" }]);
    const parsed = new x509.X509Crl(fromPem("X509 CRL", pem));
    expect(parsed.findRevoked(serialNumber)).to.include({ reason: x509.X509CrlReason.superseded });
    expect(parsed.findRevoked("01")).to.equal(null);
    expect(parsed.issuer).to.equal("CN=test root");
    const root = new x509.X509Certificate(network.authority.pem);
    const identifier = parsed.getExtension(x509.AuthorityKeyIdentifierExtension)?.keyId;
    expect(identifier).to.equal(root.getExtension(x509.SubjectKeyIdentifierExtension)?.keyId);
    expect(await parsed.verify({ publicKey: root })).to.equal(true);
  });

  it("holds no reason when none is given", async () => {
    const parsed = new x509.X509Crl(fromPem("X509 CRL", await list([{ serialNumber: "11", revokedAt: AT }])) as never);
    expect(parsed.entries[0]?.extensions).to.deep.equal([]);
  });

  it("is the same whatever the order of its entries, the signature excepted", async () => {
    const entries = ["0a", "ff", "0100"].map((serialNumber) => ({ serialNumber, revokedAt: AT }));
    const [a, b] = [await list(entries), await list(entries.reverse())].map((pem) =>
      splitSignedDer(fromPem("X509 CRL", pem)).toBeSigned.toString("hex"),
    );
    expect(a).to.equal(b);
  });

  it("is not accepted as another authority's", async () => {
    const namesake = await TestAuthority.create();
    const read = readRevocationList(await list([]));
    expect(read.isSignedBy(namesake.authority.certificate)).to.equal(false);
  });

  it("is refused when a byte is changed", async () => {
    const bytes = Buffer.from(fromPem("X509 CRL", await list([{ serialNumber: "1234", revokedAt: AT }])));
    const at = bytes.indexOf(Buffer.from("02021234", "hex"));
    bytes[at + 3] = 0x35;
    const read = readRevocationList(bytes);
    expect([...read.revoked]).to.deep.equal(["1235"]);
    expect(read.isSignedBy(network.authority.certificate)).to.equal(false);
    for (let length = 0; length < bytes.length; length += 97) {
      expect(() => readRevocationList(bytes.subarray(0, length)), `${length} bytes`).to.throw();
    }
  });

  it("is looked into only once an authority's signature is verified", async () => {
    const authorities = [(await TestAuthority.create()).authority.certificate, network.authority.certificate];
    const pem = await list([{ serialNumber: "1234", revokedAt: AT }]);
    const { list: read, issuers } = verifiedRevocationList(pem, authorities);
    expect([...read.revoked]).to.deep.equal(["1234"]);
    expect(issuers).to.deep.equal([authorities[1]]);
    expect(() => verifiedRevocationList(pem, authorities.slice(0, 1))).to.throw(
      "is not signed by an accepted authority",
    );
    const nonsense = await signDer(der(DER.sequence, Buffer.alloc(64, 0xff)), certificateKey());
    expect(() => readRevocationList(nonsense)).to.throw(RangeError);
    expect(() => verifiedRevocationList(nonsense, authorities)).to.throw("is not signed by an accepted authority");
    const signed = await signDer(der(DER.sequence, Buffer.alloc(64, 0xff)), network.signer);
    expect(() => verifiedRevocationList(signed, authorities)).to.throw(RangeError);
  });

  it("refuses a serial number twice and times in the wrong order", async () => {
    const twice = list([
      { serialNumber: "0a", revokedAt: AT },
      { serialNumber: "000A", revokedAt: AT },
    ]);
    expect(await failure(twice)).to.include("a serial number occurs twice");
    const issuer = network.authority.certificate;
    const content = { issuer, number: 1n, entries: [], thisUpdate: AT, nextUpdate: AT };
    const signer = { publicKey: new Uint8Array(), sign: () => new Uint8Array() };
    expect(await failure(buildRevocationList(content, signer))).to.include("nextUpdate must be after thisUpdate");
  });

  it("takes well under two seconds for 20,000 entries", async () => {
    const entries = Array.from({ length: 20_000 }, (_, i) => ({
      serialNumber: ((1n << 150n) + BigInt(i)).toString(16),
      revokedAt: AT,
      reason: "superseded" as const,
    }));
    const started = performance.now();
    const read = readRevocationList(await list(entries));
    expect(read.revoked.size).to.equal(20_000);
    expect(performance.now() - started).to.be.lessThan(2_000);
  });
}).timeout(10_000);

async function failure(promise: Promise<unknown>): Promise<string> {
  return promise.then(
    () => "no failure",
    (error: unknown) => String(error),
  );
}
