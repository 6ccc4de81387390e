import { encodeIndexList } from "@pqmesh/contracts/protocol/report";
import { expect } from "chai";
import { id } from "ethers";
import { connection } from "../support/deployed-network.ts";
import { bridgeOfFour, committeeKeys, EPOCH_SECONDS, goToEpoch, REPORT_WINDOW } from "./support/bridge-fixture.ts";
import { makeReport, signReport, submitReport } from "./support/signed-report.ts";

const { networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;

/** A bridge whose shard 0 has reported epochs 10 and 11; the current epoch is 12. */
async function bridgeWithReports() {
  const fixture = await bridgeOfFour();
  await goToEpoch(fixture, 12);
  await submitReport(fixture, 10);
  await submitReport(fixture, 11);
  return fixture;
}

describe("AttestationBridge: submitReport, order of epochs", () => {
  it("refuses a future epoch", async () => {
    const fixture = await loadFixture(bridgeWithReports);
    for (const epoch of [13n, 2n ** 64n - 1n]) {
      await expect(submitReport(fixture, epoch))
        .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_EpochNotOver")
        .withArgs(epoch, 12);
    }
  });

  it("refuses the current epoch", async () => {
    const fixture = await loadFixture(bridgeWithReports);
    await expect(submitReport(fixture, 12))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_EpochNotOver")
      .withArgs(12, 12);
  });

  it("accepts from the first second after the epoch", async () => {
    const fixture = await loadFixture(bridgeWithReports);
    const submission = signReport(fixture, await makeReport(12));
    const end = fixture.genesis + 13 * EPOCH_SECONDS;
    await time.setNextBlockTimestamp(end);
    await expect(fixture.bridge.submitReport(...submission)).to.emit(fixture.bridge, "ReportAccepted");
    expect(await time.latest(), "second of acceptance").to.equal(end);
  });

  it("accepts in the last second of the window", async () => {
    const fixture = await loadFixture(bridgeWithReports);
    const submission = signReport(fixture, await makeReport(12));
    const deadline = Number(await fixture.bridge.reportDeadline(12));
    expect(deadline, "deadline").to.equal(fixture.genesis + (12 + 1 + REPORT_WINDOW) * EPOCH_SECONDS);
    await time.setNextBlockTimestamp(deadline - 1);
    await expect(fixture.bridge.submitReport(...submission)).to.emit(fixture.bridge, "ReportAccepted");
  });

  it("refuses when the window has closed", async () => {
    const fixture = await loadFixture(bridgeWithReports);
    const submission = signReport(fixture, await makeReport(12));
    const deadline = Number(await fixture.bridge.reportDeadline(12));
    await time.setNextBlockTimestamp(deadline);
    await expect(fixture.bridge.submitReport(...submission))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_ReportTooLate")
      .withArgs(12, deadline, deadline);
  });

  it("refuses a duplicate", async () => {
    const fixture = await loadFixture(bridgeWithReports);
    await goToEpoch(fixture, 13);
    const submission = signReport(fixture, await makeReport(12));
    await fixture.bridge.submitReport(...submission);
    await expect(fixture.bridge.submitReport(...submission))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_AlreadyReported")
      .withArgs(12, 0);
  });

  it("refuses a conflicting report", async () => {
    const fixture = await loadFixture(bridgeWithReports);
    const before = await fixture.bridge.reportCommitment(0, 11);
    await expect(submitReport(fixture, 11, { absent: encodeIndexList([0]), root: id("another root") as `0x${string}` }))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_AlreadyReported")
      .withArgs(11, 0);
    expect(await fixture.bridge.reportCommitment(0, 11), "commitment").to.equal(before);
  });

  it("refuses another round", async () => {
    const fixture = await loadFixture(bridgeWithReports);
    await expect(submitReport(fixture, 10, { round: 1 }))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_AlreadyReported")
      .withArgs(10, 0);
  });

  it("refuses an epoch that was passed over", async () => {
    const fixture = await loadFixture(bridgeWithReports);
    await goToEpoch(fixture, 20);
    await submitReport(fixture, 18);
    for (const epoch of [12, 17]) {
      await expect(submitReport(fixture, epoch))
        .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_AlreadyReported")
        .withArgs(epoch, 0);
    }
  });

  it("refuses to jump over it", async () => {
    const fixture = await loadFixture(bridgeWithReports);
    await goToEpoch(fixture, 14);
    await expect(submitReport(fixture, 13))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_OutOfOrder")
      .withArgs(13, 12);
    await goToEpoch(fixture, 17);
    await expect(submitReport(fixture, 16))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_OutOfOrder")
      .withArgs(16, 15);
  });

  it("passes over it once its window has closed", async () => {
    const fixture = await loadFixture(bridgeWithReports);
    await goToEpoch(fixture, 17);
    await expect(submitReport(fixture, 15)).to.emit(fixture.bridge, "EpochsUnreported").withArgs(0, 12, 14);
    expect(await fixture.bridge.statusOf(0, 11), "reported").to.equal(2);
    for (const epoch of [12, 13, 14]) expect(await fixture.bridge.statusOf(0, epoch), `${epoch}`).to.equal(5);
    expect(await fixture.bridge.statusOf(0, 15), "reported again").to.equal(2);
  });

  it("starts with the oldest epoch that is open", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await goToEpoch(fixture, 500_000);
    await expect(submitReport(fixture, 499_999))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_OutOfOrder")
      .withArgs(499_999, 499_998);
    await expect(submitReport(fixture, 499_998)).to.emit(fixture.bridge, "EpochsUnreported").withArgs(0, 0, 499_997);
    expect(await fixture.bridge.nextEpoch(0), "next epoch").to.equal(499_999);
  });

  it("starts with epoch 0 when nothing was missed", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await goToEpoch(fixture, 1);
    await expect(submitReport(fixture, 0)).not.to.emit(fixture.bridge, "EpochsUnreported");
    expect(await fixture.bridge.nextEpoch(0), "next epoch").to.equal(1);
    expect(await fixture.bridge.statusOf(0, 0), "status").to.equal(2);
  });

  it("refuses a shard without nodes", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await goToEpoch(fixture, 2);
    await expect(submitReport(fixture, 0, { shard: 2 }))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_UnknownShard")
      .withArgs(2, 2);
    await fixture.registry.setNodeCount(1025);
    await expect(submitReport(fixture, 0, { shard: 2 })).to.emit(fixture.bridge, "ReportAccepted");
    await fixture.registry.setNodeCount(0);
    await expect(submitReport(fixture, 0, { shard: 0 }))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_UnknownShard")
      .withArgs(0, 0);
  });

  it("writes no unreported bits", async () => {
    const early = await loadFixture(bridgeOfFour);
    await goToEpoch(early, 3);
    const first = await (await submitReport(early, 1)).wait();
    const late = await loadFixture(bridgeOfFour);
    await goToEpoch(late, 1_000_000);
    const afterMillion = await (await submitReport(late, 999_998)).wait();
    const extra = Number(afterMillion!.gasUsed - first!.gasUsed);
    expect(extra, "gas for a million missed epochs").to.be.lessThan(1_000);
    expect((await late.bridge.uptime(0, 0, 1_000_000)).unreported, "unreported").to.equal(999_998);
  });

  it("keeps their epochs apart", async () => {
    const fixture = await loadFixture(bridgeWithReports);
    expect(await fixture.bridge.nextEpoch(1), "next epoch of an untouched shard").to.equal(0);
    await submitReport(fixture, 10, { shard: 1 });
    expect(await fixture.bridge.nextEpoch(0), "next epoch of shard 0").to.equal(12);
    expect(await fixture.bridge.nextEpoch(1), "next epoch of shard 1").to.equal(11);
    expect(await fixture.bridge.reportCommitment(1, 11), "commitment of shard 1").to.equal(`0x${"00".repeat(32)}`);
  });
});

describe("AttestationBridge: submitReport, committee", () => {
  async function bridgeWithNewCommittee() {
    const fixture = await bridgeOfFour();
    const newMembers = committeeKeys(7).slice(0, 5);
    await fixture.committee.seat(
      20,
      newMembers.map(({ address }) => address),
    );
    await goToEpoch(fixture, 21);
    return { fixture, renewed: { ...fixture, members: newMembers } };
  }

  it("refuses an older committee", async () => {
    const { fixture } = await loadFixture(bridgeWithNewCommittee);
    await submitReport(fixture, 19);
    await expect(submitReport(fixture, 20, { committeeVersion: 1 }))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_WrongCommittee")
      .withArgs(1, 2);
  });

  it("refuses a coming committee", async () => {
    const { renewed } = await loadFixture(bridgeWithNewCommittee);
    await expect(submitReport(renewed, 19, { committeeVersion: 2 }))
      .to.be.revertedWithCustomError(renewed.bridge, "AttestationBridge_WrongCommittee")
      .withArgs(2, 1);
  });

  it("accepts the committee of the epoch after a change", async () => {
    const { fixture, renewed } = await loadFixture(bridgeWithNewCommittee);
    await expect(submitReport(fixture, 19, { committeeVersion: 1 })).to.emit(fixture.bridge, "ReportAccepted");
    await expect(submitReport(renewed, 20, { committeeVersion: 2 })).to.emit(fixture.bridge, "ReportAccepted");
  });

  it("refuses an epoch without a committee", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await fixture.committee.dissolve();
    await goToEpoch(fixture, 2);
    await expect(submitReport(fixture, 0))
      .to.be.revertedWithCustomError(fixture.committee, "RelayerCommitteeDouble_NoCommittee")
      .withArgs(0);
  });
});
