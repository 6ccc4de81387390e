import { expect } from "chai";
import { connection } from "../support/deployed-network.ts";
import { bridgeOfFour, goToEpoch } from "./support/bridge-fixture.ts";
import { submitReport } from "./support/signed-report.ts";

const { loadFixture } = connection.networkHelpers;
const ATTESTED = 2n;
const UNREPORTED = 5n;

/** Shard 0 has reported epoch 100 and nothing since; the current epoch is 1,000, epochs below 998 are closed. */
async function bridgeAfterSilence() {
  const fixture = await bridgeOfFour();
  await goToEpoch(fixture, 102);
  await submitReport(fixture, 100);
  await goToEpoch(fixture, 1_000);
  return fixture;
}

describe("AttestationBridge: markUnreported", () => {
  it("refuses epochs that can still be reported", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    const { bridge } = fixture;
    await goToEpoch(fixture, 102);
    await submitReport(fixture, 100);
    for (const current of [103, 104]) {
      if (current === 104) await submitReport(fixture, 101);
      await goToEpoch(fixture, current);
      await expect(bridge.markUnreported(0, 1))
        .to.be.revertedWithCustomError(bridge, "AttestationBridge_NothingToPass")
        .withArgs(current - 2, current - 2);
    }
  });

  it("refuses to mark no epochs", async () => {
    const { bridge } = await loadFixture(bridgeAfterSilence);
    await expect(bridge.markUnreported(0, 0)).to.be.revertedWithCustomError(bridge, "AttestationBridge_ZeroEpochs");
  });

  it("refuses unknown shards", async () => {
    const { bridge } = await loadFixture(bridgeAfterSilence);
    for (const shard of [2, 2 ** 32 - 1]) {
      await expect(bridge.markUnreported(shard, 5))
        .to.be.revertedWithCustomError(bridge, "AttestationBridge_UnknownShard")
        .withArgs(shard, 2);
    }
  });

  it("marks all of them", async () => {
    const { bridge } = await loadFixture(bridgeAfterSilence);
    await expect(bridge.markUnreported(0, 2n ** 64n - 1n))
      .to.emit(bridge, "EpochsUnreported")
      .withArgs(0, 101, 997);
    expect(await bridge.nextEpoch(0), "next epoch").to.equal(998);
    expect((await bridge.uptime(0, 0, 1_000)).unreported, "unreported").to.equal(997);
    await expect(bridge.markUnreported(0, 1)).to.be.revertedWithCustomError(bridge, "AttestationBridge_NothingToPass");
  });

  it("marks at most as many as asked", async () => {
    const { bridge } = await loadFixture(bridgeAfterSilence);
    await expect(bridge.markUnreported(0, 1)).to.emit(bridge, "EpochsUnreported").withArgs(0, 101, 101);
    await expect(bridge.markUnreported(0, 7)).to.emit(bridge, "EpochsUnreported").withArgs(0, 102, 108);
    expect(await bridge.nextEpoch(0), "next epoch").to.equal(109);
  });

  it("marks across words of 256 epochs", async () => {
    const { bridge } = await loadFixture(bridgeAfterSilence);
    await bridge.markUnreported(0, 154);
    expect(await bridge.nextEpoch(0), "end of the first page").to.equal(255);
    await bridge.markUnreported(0, 258);
    expect(await bridge.nextEpoch(0), "end of the second page").to.equal(513);
    expect(await bridge.statusOf(0, 100), "the report before").to.equal(ATTESTED);
    for (const epoch of [101, 254, 255, 256, 511, 512, 513, 997]) {
      expect(await bridge.statusOf(0, epoch), `epoch ${epoch}`).to.equal(UNREPORTED);
    }
  });

  it("lets the shard report afterwards", async () => {
    const fixture = await loadFixture(bridgeAfterSilence);
    await fixture.bridge.markUnreported(0, 500);
    await expect(submitReport(fixture, 998)).to.emit(fixture.bridge, "EpochsUnreported").withArgs(0, 601, 997);
    expect(await fixture.bridge.statusOf(0, 998), "reported").to.equal(ATTESTED);
    expect(await fixture.bridge.statusOf(0, 997), "passed over").to.equal(UNREPORTED);
  });

  it("moves the start without writing bits", async () => {
    const { bridge } = await loadFixture(bridgeAfterSilence);
    const receipt = await (await bridge.markUnreported(1, 2n ** 64n - 1n)).wait();
    expect(Number(receipt!.gasUsed), "gas").to.be.lessThan(70_000);
    expect(await bridge.nextEpoch(1), "next epoch").to.equal(998);
  });

  it("stays cheap after small steps", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await goToEpoch(fixture, 1_000_000);
    await fixture.bridge.markUnreported(0, 1);
    await fixture.bridge.markUnreported(0, 300);
    const receipt = await (await submitReport(fixture, 999_998)).wait();
    expect(Number(receipt!.gasUsed), "gas").to.be.lessThan(130_000);
    expect((await fixture.bridge.uptime(0, 0, 999_999)).unreported, "unreported").to.equal(999_998);
  });

  it("works through any gap in pages", async () => {
    const fixture = await loadFixture(bridgeAfterSilence);
    await goToEpoch(fixture, 1_000_000);
    const atOnce = await submitReport(fixture, 999_998).catch((error: Error) => error.message);
    expect(atOnce, "a report over the whole gap").to.contain("out of gas");
    const page = 150_000;
    while (Number(await fixture.bridge.nextEpoch(0)) < 999_998) {
      const receipt = await (await fixture.bridge.markUnreported(0, page)).wait();
      expect(Number(receipt!.gasUsed), "gas of a page").to.be.lessThan(16_777_216);
    }
    await expect(submitReport(fixture, 999_998)).to.emit(fixture.bridge, "ReportAccepted");
    expect((await fixture.bridge.uptime(0, 101, 999_999)).unreported, "unreported").to.equal(999_897);
  });
});
