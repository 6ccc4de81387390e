import { hashReport, quorumOf, type Report } from "@pqmesh/contracts/protocol/report";
import { expect } from "chai";
import { concat, dataSlice, getAddress, getBytes, hexlify, MaxUint256, toBeHex } from "ethers";
import { connection } from "../support/deployed-network.ts";
import { bridgeOfFour, bridgeOfTen, type BridgeFixture, committeeKeys, goToEpoch } from "./support/bridge-fixture.ts";
import { makeReport, signReport } from "./support/signed-report.ts";

const { loadFixture } = connection.networkHelpers;
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

interface Signed {
  fixture: BridgeFixture;
  report: Report;
  /** One signature for each seat of the committee of four. */
  signatures: string[];
}

const everyone = 0b1111n;

/** A bridge of four and a signed report of epoch 0 that it would accept. */
async function bridgeWithSignedReport(): Promise<Signed> {
  const fixture = await bridgeOfFour();
  await goToEpoch(fixture, 1);
  const report = await makeReport(0);
  const digest = hashReport(fixture.domain, report);
  return { fixture, report, signatures: fixture.members.map((m) => m.signingKey.sign(digest).serialized) };
}

/** Sends the report with signatures for seats 0, 1 and so on and expects the signature of `seat` to be refused. */
async function expectRefused({ fixture, report }: Signed, signatures: string[], seat: number): Promise<void> {
  const { bridge, members } = fixture;
  await expect(bridge.submitReport(report, everyone, concat(signatures)))
    .to.be.revertedWithCustomError(bridge, "AttestationBridge_InvalidSignature")
    .withArgs(seat, members[seat].address);
}

/** The other signature that verifies for the same message: s is negated and the recovery id flipped. */
function malleableTwin(signature: string): string {
  const s = toBeHex(CURVE_ORDER - BigInt(dataSlice(signature, 32, 64)), 32);
  return concat([dataSlice(signature, 0, 32), s, toBeHex(55 - getBytes(signature)[64])]);
}

describe("AttestationBridge: submitReport, quorum", () => {
  it("needs more than two thirds of one to ten seats", async () => {
    const { fixture } = await loadFixture(bridgeWithSignedReport);
    for (let seats = 1; seats <= 10; seats++) {
      const members = committeeKeys(seats);
      await fixture.committee.seat(
        0,
        members.map(({ address }) => address),
      );
      const report = await makeReport(0, { committeeVersion: seats + 1 });
      const needed = Math.floor((2 * seats) / 3) + 1;
      expect(quorumOf(seats), "quorum of the protocol code").to.equal(needed);
      expect(3 * needed, "more than two thirds").to.be.greaterThan(2 * seats);
      for (let given = 0; given < needed; given++) {
        const firstSeats = Array.from({ length: given }, (_, seat) => seat);
        const tooFew = signReport({ ...fixture, members }, report, firstSeats);
        await expect(fixture.bridge.submitReport.staticCall(...tooFew), `${given} of ${seats}`)
          .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_NoQuorum")
          .withArgs(given, needed);
      }
      const lastSeats = Array.from({ length: needed }, (_, i) => seats - needed + i);
      await fixture.bridge.submitReport.staticCall(...signReport({ ...fixture, members }, report, lastSeats));
    }
  });

  it("accepts more signatures than needed", async () => {
    const fixture = await loadFixture(bridgeOfTen);
    await goToEpoch(fixture, 1);
    const submission = signReport(fixture, await makeReport(0));
    await expect(fixture.bridge.submitReport(...submission)).to.emit(fixture.bridge, "ReportAccepted");
  });

  it("refuses seats that do not exist", async () => {
    const { fixture, report, signatures } = await loadFixture(bridgeWithSignedReport);
    for (const signers of [0b10111n, 0b11111n, everyone | (1n << 255n), MaxUint256]) {
      const given = signers.toString(2).replaceAll("0", "").length;
      const bytes = concat(Array.from({ length: given }, (_, i) => signatures[i % 4]));
      await expect(fixture.bridge.submitReport(report, signers, bytes), signers.toString(2))
        .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_NoQuorum")
        .withArgs(given, 3);
    }
  });

  it("refuses no signatures at all", async () => {
    const { fixture, report } = await loadFixture(bridgeWithSignedReport);
    await expect(fixture.bridge.submitReport(report, 0, "0x"))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_NoQuorum")
      .withArgs(0, 3);
  });

  it("refuses too many or too few bytes", async () => {
    const { fixture, report, signatures } = await loadFixture(bridgeWithSignedReport);
    const all = concat(signatures);
    const wrong = ["0x", dataSlice(all, 1), concat([all, "0x00"]), concat([all, signatures[0]]), dataSlice(all, 65)];
    for (const bytes of wrong) {
      await expect(fixture.bridge.submitReport(report, everyone, bytes))
        .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_SignatureLength")
        .withArgs(getBytes(bytes).length, 260);
    }
  });

  it("accepts no bytes for seats that did not sign", async () => {
    const { fixture, report, signatures } = await loadFixture(bridgeWithSignedReport);
    await expect(fixture.bridge.submitReport(report, 0b1101n, concat([signatures[0], signatures[1], signatures[3]])))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_InvalidSignature")
      .withArgs(2, fixture.members[2].address);
    const submission = signReport(fixture, report, [0, 2, 3]);
    await expect(fixture.bridge.submitReport(...submission)).to.emit(fixture.bridge, "ReportAccepted");
  });
});

describe("AttestationBridge: submitReport, signatures", () => {
  it("refuses a signature of another seat", async () => {
    const signed = await loadFixture(bridgeWithSignedReport);
    const [first, , third, fourth] = signed.signatures as [string, string, string, string];
    await expectRefused(signed, [first, first, third, fourth], 1);
  });

  it("refuses signatures out of seat order", async () => {
    const signed = await loadFixture(bridgeWithSignedReport);
    await expectRefused(signed, signed.signatures.toReversed(), 0);
  });

  it("refuses a signature over another report", async () => {
    const signed = await loadFixture(bridgeWithSignedReport);
    const changes: Partial<Report>[] = [
      { round: 1 },
      { root: `0x${"01".repeat(32)}` },
      { absent: "0x0001" },
      { degraded: "0x0001" },
      { quality: "0x01" },
      { absent: "0x", degraded: "0x0001", quality: "0x" },
    ];
    for (const change of changes) {
      await expectRefused({ ...signed, report: { ...signed.report, ...change } }, signed.signatures, 0);
    }
  });

  it("refuses a high s", async () => {
    const signed = await loadFixture(bridgeWithSignedReport);
    const [first, ...rest] = signed.signatures as [string, ...string[]];
    await expectRefused(signed, [malleableTwin(first), ...rest], 0);
    const twins = signed.signatures.map(malleableTwin);
    await expectRefused(signed, [...signed.signatures.slice(0, 3), twins[3]], 3);
    await expect(
      signed.fixture.bridge.submitReport(signed.report, everyone, concat([malleableTwin(twins[0]), ...rest])),
    ).to.emit(signed.fixture.bridge, "ReportAccepted");
  });

  it("refuses recovery ids other than 27 and 28", async () => {
    const signed = await loadFixture(bridgeWithSignedReport);
    const [first, ...rest] = signed.signatures as [string, ...string[]];
    const v = getBytes(first)[64];
    for (const id of [0, 1, 2, 26, 29, 35, 36, 255, v ^ 7]) {
      await expectRefused(signed, [concat([dataSlice(first, 0, 64), toBeHex(id, 1)]), ...rest], 0);
    }
  });

  it("refuses zero bytes", async () => {
    const signed = await loadFixture(bridgeWithSignedReport);
    const [first, second, third] = signed.signatures as [string, string, string];
    await expectRefused(signed, [first, second, third, `0x${"00".repeat(65)}`], 3);
    await expectRefused(signed, [first, second, third, concat([dataSlice(first, 0, 32), `0x${"00".repeat(32)}1b`])], 3);
  });

  it("refuses one that fails after one that was valid", async () => {
    const signed = await loadFixture(bridgeWithSignedReport);
    const { fixture } = signed;
    const [first, second, third] = signed.signatures as [string, string, string];
    const doubled = [...fixture.members.slice(0, 3), fixture.members[2]];
    await fixture.committee.seat(
      0,
      doubled.map(({ address }) => address),
    );
    const report = { ...signed.report, committeeVersion: 2 };
    const [, , bytes] = signReport(fixture, report, [0, 1, 2]);
    const invalid = concat([dataSlice(third, 0, 64), "0x00"]);
    expect(first, "fixture").to.not.equal(second);
    await expect(fixture.bridge.submitReport(report, everyone, concat([bytes, invalid])))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_InvalidSignature")
      .withArgs(3, fixture.members[2].address);
  });

  it("refuses a member that nobody can sign for", async () => {
    const { fixture, report } = await loadFixture(bridgeWithSignedReport);
    for (const member of [`0x${"00".repeat(20)}`, `0x${"ff".repeat(20)}`]) {
      await fixture.committee.seat(0, [member]);
      const version = (await fixture.committee.committeeFor(0)).version;
      const garbage = hexlify(new Uint8Array(65).fill(0xff));
      await expect(fixture.bridge.submitReport({ ...report, committeeVersion: Number(version) }, 1, garbage))
        .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_InvalidSignature")
        .withArgs(0, getAddress(member));
    }
  });

  it("refuses a signature for another chain or bridge", async () => {
    const signed = await loadFixture(bridgeWithSignedReport);
    const { fixture, report } = signed;
    const elsewhere = [
      { ...fixture.domain, chainId: fixture.domain.chainId + 1 },
      { ...fixture.domain, bridge: (await fixture.registry.getAddress()) as `0x${string}` },
    ];
    for (const domain of elsewhere) {
      const digest = hashReport(domain, report);
      await expectRefused(
        signed,
        fixture.members.map((m) => m.signingKey.sign(digest).serialized),
        0,
      );
    }
  });
});
