import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { connection } from "../support/deployed-network.ts";
import { bridgeOfFour, EPOCH_SECONDS, goToEpoch } from "./support/bridge-fixture.ts";
import { submitReport } from "./support/signed-report.ts";

const { loadFixture, time } = connection.networkHelpers;
const HASH = id("an attestation");

/** A bridge in epoch 5, called by alice, who operates node 0. */
async function bridgeOfAlice() {
  const fixture = await bridgeOfFour();
  await goToEpoch(fixture, 5);
  return { fixture, bridge: fixture.bridge.connect(fixture.alice) };
}

describe("AttestationBridge: commitAttestation", () => {
  it("refuses an epoch that has not begun", async () => {
    const { bridge } = await loadFixture(bridgeOfAlice);
    for (const epoch of [6n, 2n ** 64n - 1n]) {
      await expect(bridge.commitAttestation(0, epoch, HASH))
        .to.be.revertedWithCustomError(bridge, "AttestationBridge_EpochNotBegun")
        .withArgs(epoch, 5);
    }
  });

  it("accepts from the first second of the epoch", async () => {
    const { fixture, bridge } = await loadFixture(bridgeOfAlice);
    await time.setNextBlockTimestamp(fixture.genesis + 6 * EPOCH_SECONDS);
    await expect(bridge.commitAttestation(0, 6, HASH)).to.emit(bridge, "AttestationCommitted");
  });

  it("accepts in the last second before the report deadline", async () => {
    const { bridge } = await loadFixture(bridgeOfAlice);
    await time.setNextBlockTimestamp((await bridge.reportDeadline(5)) - 1n);
    await expect(bridge.commitAttestation(0, 5, HASH)).to.emit(bridge, "AttestationCommitted");
  });

  it("refuses from the report deadline on", async () => {
    const { bridge } = await loadFixture(bridgeOfAlice);
    const deadline = await bridge.reportDeadline(5);
    await time.setNextBlockTimestamp(deadline);
    await expect(bridge.commitAttestation(0, 5, HASH))
      .to.be.revertedWithCustomError(bridge, "AttestationBridge_ReportTooLate")
      .withArgs(5, deadline, deadline);
  });

  it("refuses strangers", async () => {
    const { fixture, bridge } = await loadFixture(bridgeOfAlice);
    await expect(bridge.connect(fixture.mallory).commitAttestation(0, 5, HASH))
      .to.be.revertedWithCustomError(bridge, "AttestationBridge_NotOperator")
      .withArgs(fixture.mallory.address, 0);
    await expect(bridge.commitAttestation(1, 5, HASH))
      .to.be.revertedWithCustomError(bridge, "AttestationBridge_NotOperator")
      .withArgs(fixture.alice.address, 1);
  });

  it("stores the hash and tells", async () => {
    const { bridge } = await loadFixture(bridgeOfAlice);
    await expect(bridge.commitAttestation(0, 4, HASH))
      .to.emit(bridge, "AttestationCommitted")
      .withArgs(0, 4, HASH);
    expect(await bridge.committedAttestation(0, 4), "committed").to.equal(HASH);
    expect(await bridge.committedAttestation(0, 5), "another epoch").to.equal(ZeroHash);
    expect(await bridge.committedAttestation(1, 4), "another node").to.equal(ZeroHash);
  });

  it("accepts the same hash again without an event", async () => {
    const { bridge } = await loadFixture(bridgeOfAlice);
    await bridge.commitAttestation(0, 5, HASH);
    await expect(bridge.commitAttestation(0, 5, HASH)).not.to.emit(bridge, "AttestationCommitted");
    expect(await bridge.committedAttestation(0, 5), "committed").to.equal(HASH);
  });

  it("refuses a different hash", async () => {
    const { bridge } = await loadFixture(bridgeOfAlice);
    await bridge.commitAttestation(0, 5, HASH);
    for (const other of [id("another attestation"), ZeroHash]) {
      await expect(bridge.commitAttestation(0, 5, other))
        .to.be.revertedWithCustomError(bridge, "AttestationBridge_AlreadyCommitted")
        .withArgs(0, 5);
    }
  });

  it("treats a zero hash as nothing", async () => {
    const { bridge } = await loadFixture(bridgeOfAlice);
    await expect(bridge.commitAttestation(0, 5, ZeroHash)).not.to.emit(bridge, "AttestationCommitted");
    await expect(bridge.commitAttestation(0, 5, HASH)).to.emit(bridge, "AttestationCommitted");
  });

  it("still accepts before the deadline", async () => {
    const { fixture, bridge } = await loadFixture(bridgeOfAlice);
    await submitReport(fixture, 3, { absent: "0x0000" });
    await expect(bridge.commitAttestation(0, 3, HASH))
      .to.emit(bridge, "AttestationCommitted")
      .withArgs(0, 3, HASH);
  });
});
