import { expect } from "chai";
import { keccak256 } from "viem";

import { chainRevocationList } from "../../../relayer/src/pki/chain-revocation-list.ts";
import { CertificateAuthority } from "../../../relayer/src/pki/certificate-authority.ts";
import { parseShard, shardOfSerial, shardUri } from "../../../relayer/src/pki/distribution-point.ts";
import { encodeRevocationList, readRevocationList } from "../../../relayer/src/pki/revocation-list.ts";
import { certificateKey } from "../../../relayer/src/pki/tls-key.ts";
import * as x509 from "../../../relayer/src/pki/x509-library.ts";
import { TestAuthority, TRUST_DOMAIN } from "../transport/test-authority.ts";
import { TestRecords } from "./test-records.ts";

const NOW = 1_795_000_000n;
const DAY = 86_400n;

describe("chainRevocationList", () => {
  let network: TestAuthority;
  let records: TestRecords;

  before(async () => {
    network = await TestAuthority.create();
  });

  beforeEach(() => {
    records = new TestRecords(NOW);
    records.addAuthority(network.authority.certificate);
  });

  function content(authorityId = 1, authorities = [network.authority.certificate]) {
    return chainRevocationList(records, { authorityId, authorities });
  }

  function listed(): Record<string, string> {
    const entries = content().entries.map((entry) => [entry.serialNumber, entry.reason ?? "unspecified"]);
    return Object.fromEntries(entries) as Record<string, string>;
  }

  it("lists what is revoked, tainted or on hold, and nothing else", () => {
    records.add(0x11n);
    records.add(0x12n, { revokedAt: NOW - 5n, reason: 1 });
    records.add(0x13n, { revokedAt: NOW, reason: 0 });
    records.add(0x14n, { revokedAt: NOW + 1n, reason: 4 });
    records.add(0x15n, { heldAt: NOW - 9n });
    records.add(0x16n, { revokedAt: NOW - 5n, reason: 5, heldAt: NOW - 9n });
    records.add(0x17n, { authorityId: 2, revokedAt: NOW - 5n });
    expect(listed()).to.deep.equal({
      "12": "keyCompromise",
      "13": "unspecified",
      "15": "certificateHold",
      "16": "cessationOfOperation",
    });
    records.add(0x15n);
    expect(listed()).not.to.have.property("15");
  });

  it("lists what was issued after a taint of any authority above, invalid since the taint", () => {
    records.authority(1)!.taintedFrom = NOW - 100n;
    records.addAuthority(network.authority.certificate, { parent: 1, depth: 2 });
    records.add(0x21n, { authorityId: 2, issuedAt: NOW - 101n });
    records.add(0x22n, { authorityId: 2, issuedAt: NOW - 100n });
    expect(content(2).entries).to.deep.equal([
      { serialNumber: "22", revokedAt: date(NOW - 100n), invalidFrom: date(NOW - 100n) },
    ]);
  });

  it("keeps an entry for a week after the certificate's last moment", () => {
    records.add(0x31n, { revokedAt: NOW - 50n * DAY, notAfter: NOW - 7n * DAY });
    records.add(0x32n, { revokedAt: NOW - 50n * DAY, notAfter: NOW - 7n * DAY - 1n });
    expect(listed()).to.have.all.keys("31");
  });

  it("lists authorities below that are revoked or on hold, and a revoked root on its own list", async () => {
    const sub = await network.authority.issueAuthority({ commonName: "sub", key: certificateKey() });
    const record = records.addAuthority(sub.certificate, { parent: 1, depth: 2, heldAt: NOW - 5n });
    const both = [network.authority.certificate, sub.certificate];
    expect(content(1, both).entries).to.deep.include({
      serialNumber: sub.serialNumber,
      revokedAt: date(NOW - 5n),
      reason: "certificateHold",
    });
    Object.assign(record, { heldAt: undefined, revokedAt: NOW + 5n });
    expect(content(1, both).entries).to.deep.equal([]);
    Object.assign(records.authority(1)!, { revokedAt: NOW, reason: 2 });
    const root = network.authority.certificate.serialNumber.toLowerCase();
    expect(listed()).to.deep.equal({ [root]: "caCompromise" });
  });

  it("leaves out and names a revoked authority below whose X.509 certificate is not at hand", () => {
    records.addAuthority(network.authority.certificate, { parent: 1, depth: 2, x509Hash: keccak256("0x5b") });
    records.add(0x12n, { revokedAt: NOW - 5n, reason: 1 });
    expect(content().unlisted).to.deep.equal([]);
    Object.assign(records.authority(2)!, { revokedAt: NOW - 5n });
    expect(content().unlisted).to.deep.equal([2]);
    expect(listed()).to.deep.equal({ "12": "keyCompromise" });
  });

  it("lists nothing that the authority did not issue", async () => {
    const stranger = await TestAuthority.create();
    const sub = await stranger.authority.issueAuthority({ commonName: "sub", key: certificateKey() });
    records.addAuthority(sub.certificate, { parent: 1, depth: 2, revokedAt: NOW - 5n });
    const { entries, unlisted } = content(1, [network.authority.certificate, sub.certificate]);
    expect([entries, unlisted]).to.deep.equal([[], [2]]);
  });

  it("judges an X.509 certificate by the first authority that is recorded with it", async () => {
    const sub = await network.authority.issueAuthority({ commonName: "sub", key: certificateKey() });
    const both = [network.authority.certificate, sub.certificate];
    const first = records.addAuthority(sub.certificate, { parent: 1, depth: 2 });
    records.addAuthority(sub.certificate, { parent: 1, depth: 2, revokedAt: NOW - 5n });
    records.addAuthority(network.authority.certificate, { parent: 1, depth: 2, revokedAt: NOW - 5n });
    const { entries, unlisted } = content(1, both);
    expect([entries, unlisted]).to.deep.equal([[], [3, 4]]);
    Object.assign(first, { revokedAt: NOW - 5n });
    expect(content(1, both).entries.map(({ serialNumber }) => serialNumber)).to.deep.equal([sub.serialNumber]);
    expect(content(1, both).unlisted).to.deep.equal([4]);
  });

  it("lists a serial number of an authority and of a certificate once", async () => {
    const sub = await network.authority.issueAuthority({ commonName: "sub", key: certificateKey() });
    records.addAuthority(sub.certificate, { parent: 1, depth: 2, revokedAt: NOW - 5n, reason: 2 });
    records.add(BigInt(`0x${sub.serialNumber}`), { revokedAt: NOW - 5n, reason: 1 });
    const list = content(1, [network.authority.certificate, sub.certificate]);
    expect(list.entries.map(({ reason }) => reason)).to.deep.equal(["caCompromise"]);
    expect(() => encodeRevocationList(list)).not.to.throw();
  });

  it("is a function of block, authority and shard, whatever the order of the records", () => {
    const serials = Array.from({ length: 50 }, (_, i) => 0x4000n + BigInt(i * 7));
    for (const serial of serials) records.add(serial, { revokedAt: NOW - 5n, reason: 1 });
    const first = encodeRevocationList(content());
    records = new TestRecords(NOW);
    records.addAuthority(network.authority.certificate);
    for (const serial of serials.reverse()) records.add(serial, { revokedAt: NOW - 5n, reason: 1 });
    expect(encodeRevocationList(content()).equals(first)).to.equal(true);
    records.block += 1n;
    expect(encodeRevocationList(content()).equals(first)).to.equal(false);
  });

  it("splits into shards that together are the complete list", () => {
    for (let i = 0n; i < 40n; i++) records.add(0x5000n + i * 3n, { revokedAt: NOW - 5n });
    const count = 4;
    const shards = Array.from({ length: count }, (_, index) => {
      const shard = {
        index,
        count,
        uri: shardUri({ url: "http://relayer.example", authorityId: 1 }, { index, count }),
      };
      const list = chainRevocationList(records, {
        authorityId: 1,
        authorities: [network.authority.certificate],
        shard,
      });
      expect(list.distributionPoint).to.equal(`http://relayer.example/v1/crl/1/${index}-of-4`);
      for (const { serialNumber } of list.entries) {
        expect(shardOfSerial(BigInt(`0x${serialNumber}`), count)).to.equal(index);
      }
      return list.entries;
    });
    expect(shards.flat()).to.have.deep.members(content().entries);
    expect(shards.every((entries) => entries.length > 0)).to.equal(true);
  });

  it("is read back with reasons, dates, number and the state it was made from, by another library too", async () => {
    records.authority(1)!.taintedFrom = NOW - 100n;
    records.add(0x61n, { revokedAt: NOW - 5n, reason: 1, issuedAt: NOW - 500n });
    records.add(0x62n, { issuedAt: NOW - 50n });
    const list = await network.authority.signRevocationList(content());
    const read = readRevocationList(list.der);
    expect(read.isSignedBy(network.authority.certificate)).to.equal(true);
    expect(read.number).to.equal(100n);
    expect(read.thisUpdate).to.deep.equal(date(NOW - 300n));
    expect(read.nextUpdate).to.deep.equal(date(NOW + 7n * DAY));
    expect(read.distributionPoint).to.equal(undefined);
    expect(read.state).to.deep.equal(content().state);
    expect(read.entries()).to.deep.equal([
      { serialNumber: "61", revokedAt: date(NOW - 5n), reason: "keyCompromise" },
      { serialNumber: "62", revokedAt: date(NOW - 50n), reason: "unspecified", invalidFrom: date(NOW - 100n) },
    ]);
    const parsed = new x509.X509Crl(list.der as never);
    expect(await parsed.verify({ publicKey: new x509.X509Certificate(network.authority.pem) })).to.equal(true);
    expect(parsed.findRevoked("61")).to.include({ reason: x509.X509CrlReason.keyCompromise });
    expect(parsed.findRevoked("62")?.invalidity).to.deep.equal(date(NOW - 100n));
  });

  it("is refused for an unknown authority and for a certificate that differs from the record", async () => {
    expect(() => content(9)).to.throw("authority 9 is not recorded on chain");
    const namesake = await TestAuthority.create();
    expect(() => content(1, [namesake.authority.certificate])).to.throw("the X.509 certificate of authority 1");
    records.add(0x71n, { revokedAt: NOW, reason: 7 });
    expect(() => content()).to.throw("reason 7, which no revocation list may carry");
  });
}).timeout(10_000);

describe("distribution points", () => {
  async function pointOf(shards: number): Promise<{ uri: string | undefined; serial: bigint }> {
    const signer = certificateKey();
    const root = await CertificateAuthority.createRoot({ commonName: "points", signer, trustDomain: TRUST_DOMAIN });
    const points = { url: "http://127.0.0.1:4000", authorityId: 3, shards };
    const authority = new CertificateAuthority({ certificate: root.pem, signer, trustDomain: TRUST_DOMAIN, points });
    const { pem, serialNumber } = await authority.issueRelayer({
      key: certificateKey(),
      address: "0x00000000000000000000000000000000000000b1",
    });
    const extension = new x509.X509Certificate(pem).getExtension(x509.CRLDistributionPointsExtension);
    const name = extension?.distributionPoints[0]?.distributionPoint?.fullName?.[0];
    return { uri: name?.uniformResourceIdentifier, serial: BigInt(`0x${serialNumber}`) };
  }

  it("name the list that a certificate is on", async () => {
    expect((await pointOf(1)).uri).to.equal("http://127.0.0.1:4000/v1/crl/3");
    const { uri, serial } = await pointOf(16);
    expect(uri).to.equal(`http://127.0.0.1:4000/v1/crl/3/${serial % 16n}-of-16`);
  });

  it("refuse shards and URLs that cannot be", async () => {
    expect(parseShard("3-of-16")).to.deep.equal({ index: 3, count: 16 });
    for (const text of ["16-of-16", "0-of-0", "0-of-257", "x-of-2", "0-of-2-", ""]) {
      expect(() => parseShard(text), text).to.throw(RangeError);
    }
    expect(await pointOf(0).catch((error: unknown) => String(error))).to.include("number of shards 0");
  });
}).timeout(10_000);

function date(seconds: bigint): Date {
  return new Date(Number(seconds) * 1_000);
}
