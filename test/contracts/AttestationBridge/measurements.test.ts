import { expect } from "chai";
import { id, ZeroHash } from "ethers";
import { connection } from "../support/deployed-network.ts";
import { bridgeOfFour, type BridgeFixture, goToEpoch } from "./support/bridge-fixture.ts";

const { loadFixture } = connection.networkHelpers;
const BUILD = id("agent 1.0.0");

/** A bridge in epoch 10, called by the timelock. */
async function bridgeOfTimelock() {
  const fixture = await bridgeOfFour();
  await goToEpoch(fixture, 10);
  return { fixture, bridge: fixture.bridge.connect(fixture.timelock) };
}

/** Epochs from 0 to 39 in which the build is allowed. */
async function allowedEpochs({ bridge }: Pick<BridgeFixture, "bridge">): Promise<number[]> {
  const epochs = Array.from({ length: 40 }, (_, epoch) => epoch);
  const allowed = await Promise.all(epochs.map((epoch) => bridge.isMeasurementApproved(BUILD, epoch)));
  return epochs.filter((epoch) => allowed[epoch]);
}

const range = (from: number, until: number) => Array.from({ length: until - from }, (_, i) => from + i);

describe("AttestationBridge: measurements", () => {
  it("refuses everyone else", async () => {
    const { fixture } = await loadFixture(bridgeOfTimelock);
    const { bridge, mallory, timelock } = fixture;
    for (const change of ["approveMeasurement", "retireMeasurement"] as const) {
      await expect(bridge.connect(mallory)[change](BUILD))
        .to.be.revertedWithCustomError(bridge, "Governed_NotTimelock")
        .withArgs(mallory.address, timelock.address);
    }
  });

  it("allows the build two epochs later", async () => {
    const { bridge } = await loadFixture(bridgeOfTimelock);
    await expect(bridge.approveMeasurement(BUILD)).to.emit(bridge, "MeasurementApproved").withArgs(BUILD, 12);
    expect(await allowedEpochs({ bridge }), "allowed").to.deep.equal(range(12, 40));
    expect(await bridge.isMeasurementApproved(BUILD, 2n ** 64n - 2n), "far future").to.equal(true);
    expect(await bridge.isMeasurementApproved(id("another build"), 20), "another build").to.equal(false);
  });

  it("refuses a zero measurement", async () => {
    const { bridge } = await loadFixture(bridgeOfTimelock);
    await expect(bridge.approveMeasurement(ZeroHash)).to.be.revertedWithCustomError(
      bridge,
      "AttestationBridge_ZeroMeasurement",
    );
  });

  it("refuses a second approval", async () => {
    const { fixture, bridge } = await loadFixture(bridgeOfTimelock);
    await bridge.approveMeasurement(BUILD);
    for (const epoch of [11, 15]) {
      await goToEpoch(fixture, epoch);
      await expect(bridge.approveMeasurement(BUILD))
        .to.be.revertedWithCustomError(bridge, "AttestationBridge_AlreadyApproved")
        .withArgs(BUILD);
    }
  });

  it("stops allowing the build two epochs later", async () => {
    const { fixture, bridge } = await loadFixture(bridgeOfTimelock);
    await bridge.approveMeasurement(BUILD);
    await goToEpoch(fixture, 20);
    await expect(bridge.retireMeasurement(BUILD)).to.emit(bridge, "MeasurementRetired").withArgs(BUILD, 22);
    expect(await allowedEpochs({ bridge }), "allowed").to.deep.equal(range(12, 22));
  });

  it("refuses builds that are not approved", async () => {
    const { bridge } = await loadFixture(bridgeOfTimelock);
    await expect(bridge.retireMeasurement(BUILD))
      .to.be.revertedWithCustomError(bridge, "AttestationBridge_NotApproved")
      .withArgs(BUILD);
    await bridge.approveMeasurement(BUILD);
    await bridge.retireMeasurement(BUILD);
    await expect(bridge.retireMeasurement(BUILD))
      .to.be.revertedWithCustomError(bridge, "AttestationBridge_NotApproved")
      .withArgs(BUILD);
  });

  it("never allows a build retired at once", async () => {
    const { bridge } = await loadFixture(bridgeOfTimelock);
    await bridge.approveMeasurement(BUILD);
    await bridge.retireMeasurement(BUILD);
    expect(await allowedEpochs({ bridge }), "allowed").to.deep.equal([]);
  });

  it("keeps the history", async () => {
    const { fixture, bridge } = await loadFixture(bridgeOfTimelock);
    await bridge.approveMeasurement(BUILD);
    await goToEpoch(fixture, 14);
    await bridge.retireMeasurement(BUILD);
    await goToEpoch(fixture, 20);
    await bridge.approveMeasurement(BUILD);
    await goToEpoch(fixture, 30);
    await bridge.retireMeasurement(BUILD);
    expect(await allowedEpochs({ bridge }), "allowed").to.deep.equal([...range(12, 16), ...range(22, 32)]);
  });

  it("leaves no gap when approved again at once", async () => {
    const { fixture, bridge } = await loadFixture(bridgeOfTimelock);
    await bridge.approveMeasurement(BUILD);
    await goToEpoch(fixture, 20);
    await bridge.retireMeasurement(BUILD);
    await bridge.approveMeasurement(BUILD);
    expect(await allowedEpochs({ bridge }), "allowed").to.deep.equal(range(12, 40));
  });
});
