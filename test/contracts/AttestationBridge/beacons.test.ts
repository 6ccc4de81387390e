import { expect } from "chai";
import { ZeroHash } from "ethers";
import { connection } from "../support/deployed-network.ts";
import { bridgeOfFour, goToEpoch, REORG_DEPTH } from "./support/bridge-fixture.ts";
import { beaconAtDepth } from "./support/signed-report.ts";

const { ethers } = connection;
const { loadFixture, mine } = connection.networkHelpers;

describe("AttestationBridge: beacons", () => {
  it("keeps the hash of the block before", async () => {
    const { bridge } = await loadFixture(bridgeOfFour);
    const deployment = await bridge.deploymentTransaction()!.wait();
    const parent = await ethers.provider.getBlock(deployment!.blockNumber - 1);
    expect(await bridge.genesisBeacon(), "genesis beacon").to.equal(parent!.hash);
  });

  it("stores the hash of the block for the current epoch", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await goToEpoch(fixture, 7);
    const { beaconBlock, beacon } = await beaconAtDepth(REORG_DEPTH - 1);
    await expect(fixture.bridge.recordBeacon(beaconBlock))
      .to.emit(fixture.bridge, "BeaconRecorded")
      .withArgs(7, beaconBlock, beacon);
    expect(await fixture.bridge.recordedBeacon(7), "beacon").to.equal(beacon);
    for (const other of [6, 8]) expect(await fixture.bridge.recordedBeacon(other), `${other}`).to.equal(ZeroHash);
  });

  it("may be called by anyone", async () => {
    const { bridge, mallory } = await loadFixture(bridgeOfFour);
    const { beaconBlock } = await beaconAtDepth(REORG_DEPTH);
    await expect(bridge.connect(mallory).recordBeacon(beaconBlock)).to.emit(bridge, "BeaconRecorded");
  });

  it("allows one in each epoch", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    for (const epoch of [2, 3]) {
      await goToEpoch(fixture, epoch);
      const { beaconBlock, beacon } = await beaconAtDepth(REORG_DEPTH);
      await fixture.bridge.recordBeacon(beaconBlock);
      expect(await fixture.bridge.recordedBeacon(epoch), `beacon of ${epoch}`).to.equal(beacon);
    }
  });

  it("refuses a second one in an epoch", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await goToEpoch(fixture, 4);
    const { beaconBlock } = await beaconAtDepth(REORG_DEPTH);
    await fixture.bridge.recordBeacon(beaconBlock);
    await expect(fixture.bridge.recordBeacon(beaconBlock - 1n))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_BeaconExists")
      .withArgs(4);
  });

  it("refuses a block within the supported reorg", async () => {
    const { bridge } = await loadFixture(bridgeOfFour);
    const newest = await ethers.provider.getBlockNumber();
    for (const blockNumber of [newest - REORG_DEPTH + 2, newest, newest + 50]) {
      await expect(bridge.recordBeacon(blockNumber))
        .to.be.revertedWithCustomError(bridge, "AttestationBridge_BeaconTooRecent")
        .withArgs(blockNumber, newest + 1 - REORG_DEPTH);
    }
  });

  it("refuses a block older than 256 blocks", async () => {
    const { bridge } = await loadFixture(bridgeOfFour);
    const blockNumber = await ethers.provider.getBlockNumber();
    await mine(255);
    await bridge.recordBeacon.staticCall(blockNumber);
    await mine(1);
    await expect(bridge.recordBeacon(blockNumber))
      .to.be.revertedWithCustomError(bridge, "AttestationBridge_InvalidBeacon")
      .withArgs(blockNumber, ZeroHash);
  });
});
