import { expect } from "chai";

import type { AuthorityRecord, CertificateRecord } from "../../../relayer/src/pki/certificate-records.ts";
import { certificateStatus } from "../../../relayer/src/pki/certificate-status.ts";
import { TestAuthority } from "../transport/test-authority.ts";
import { TestRecords } from "./test-records.ts";

const NOW = 1_795_000_000n;
const SERIAL = 0x77n;

describe("certificateStatus", () => {
  let network: TestAuthority;
  let records: TestRecords;
  let certificate: CertificateRecord;
  /** Root, sub-authority, and the authority that issued the certificate. */
  let above: AuthorityRecord[];

  before(async () => {
    network = await TestAuthority.create();
  });

  beforeEach(() => {
    records = new TestRecords(NOW);
    above = [0, 1, 2].map((parent) =>
      records.addAuthority(network.authority.certificate, { parent, depth: parent + 1 }),
    );
    certificate = records.add(SERIAL, {
      authorityId: 3,
      issuedAt: NOW - 100n,
      notBefore: NOW - 200n,
      notAfter: NOW + 100n,
    });
  });

  const status = (now = NOW) => certificateStatus(records, SERIAL, now);

  it("is good within its life, both ends included, and never before, after, or when unknown", () => {
    expect([NOW - 201n, NOW - 200n, NOW + 100n, NOW + 101n].map(status)).to.deep.equal([
      "not-yet-valid",
      "good",
      "good",
      "expired",
    ]);
    expect(certificateStatus(records, 1n, NOW)).to.equal("unknown");
  });

  it("is revoked from its day on, whatever else is true of it", () => {
    certificate.revokedAt = NOW + 50n;
    expect([NOW + 49n, NOW + 50n, NOW + 500n].map(status)).to.deep.equal(["good", "revoked", "revoked"]);
    Object.assign(above[0]!, { revokedAt: NOW });
    certificate.heldAt = NOW;
    expect(status(NOW + 50n)).to.equal("revoked");
  });

  it("depends on every authority above", () => {
    for (const authority of above) {
      Object.assign(authority, { heldAt: NOW });
      expect(status(), `held at depth ${authority.depth}`).to.equal("authority-not-good");
      Object.assign(authority, { heldAt: undefined, revokedAt: NOW + 1n });
      expect(status(), "to be revoked").to.equal("good");
      expect(status(NOW + 1n), "revoked").to.equal("authority-not-good");
      Object.assign(authority, { revokedAt: undefined, notAfter: NOW - 1n });
      expect(status(), "expired").to.equal("authority-not-good");
      Object.assign(authority, { notAfter: NOW + 9_999n, taintedFrom: NOW - 100n });
      expect(status(), "tainted").to.equal("tainted");
      Object.assign(authority, { taintedFrom: NOW - 99n });
      expect(status(), "tainted later").to.equal("good");
      Object.assign(authority, { taintedFrom: undefined });
    }
  });

  it("is held until the release, a taint before a hold", () => {
    certificate.heldAt = NOW - 5n;
    expect(status()).to.equal("held");
    above[1]!.taintedFrom = NOW - 100n;
    expect(status()).to.equal("tainted");
    above[1]!.taintedFrom = undefined;
    certificate.heldAt = undefined;
    expect(status()).to.equal("good");
  });
}).timeout(10_000);
