import { X509Certificate } from "node:crypto";
import { expect } from "chai";
import { ownCertificate } from "../../../relayer/src/service/own-certificate.ts";
import { TestRecords } from "../pki/test-records.ts";
import { TestAuthority } from "../transport/test-authority.ts";

const NOW = BigInt(Math.floor(Date.now() / 1_000));

describe("ownCertificate", () => {
  it("says of a certificate that is not good why no peer accepts it, and what to do", async () => {
    const root = await TestAuthority.create();
    const certificate = new X509Certificate(String((await root.node(7)).cert));
    const serial = BigInt(`0x${certificate.serialNumber}`);
    const records = new TestRecords(NOW);
    const chain = { certificates: records, nowMs: () => Number(NOW) * 1_000 };
    const part = ownCertificate({ credentials: { certificate }, chain });
    const reason = (): string | undefined => part.health().reasons[0];
    records.addAuthority(root.authority.certificate);
    expect(reason()).to.equal(
      `${serial.toString(16)} is not recorded on chain, and no peer accepts it: its authority records it (pqmesh cert issue)`,
    );
    records.add(serial);
    expect(part.health()).to.deep.equal({ ok: true, reasons: [] });
    records.add(serial, { revokedAt: NOW + 60n, reason: 4 });
    expect(part.health().ok, "the overlap of a rotation").to.equal(true);
    records.add(serial, { heldAt: NOW });
    expect(reason()).to.include("is on hold, and no peer accepts it: ask its authority to release it");
    records.add(serial, { revokedAt: NOW, reason: 1 });
    expect(reason()).to.include("is revoked (key compromised), and no peer accepts it: get the next one");
  });
});
