import type { Report } from "@pqmesh/contracts/protocol/report";
import { expect } from "chai";
import { ZeroHash } from "ethers";
import type { Hex } from "viem";
import { connection } from "../support/deployed-network.ts";
import { bridgeOfFour, type BridgeFixture, goToEpoch, REORG_DEPTH } from "./support/bridge-fixture.ts";
import { beaconAtDepth, makeReport, signReport, submitReport } from "./support/signed-report.ts";

const { ethers, networkHelpers } = connection;
const { loadFixture, mine, takeSnapshot } = networkHelpers;

/** Blocks behind the newest one whose hash the BLOCKHASH opcode still gives. */
const OPCODE_DEPTH = 256;
/** Blocks behind the newest one whose hash EIP-2935 keeps. */
const HISTORY_DEPTH = 8191;
const HISTORY_STORAGE = "0x0000F90827F1C53a10cb7A02335B175320002935";
/** Code of the history contract as EIP-2935 gives it; the simulator has a placeholder there. */
const HISTORY_CODE =
  "0x3373fffffffffffffffffffffffffffffffffffffffe14604657602036036042575f35600143038111604257611fff81430311604257611fff" +
  "9006545f5260205ff35b5f5ffd5b5f35611fff60014303065500";

async function bridgeInFirstEpoch(): Promise<BridgeFixture> {
  const fixture = await bridgeOfFour();
  await goToEpoch(fixture, 1);
  return fixture;
}

/** Puts the history contract in place with what its system call would have kept of a block. */
async function storeHistory({ beaconBlock, beacon }: Pick<Report, "beaconBlock" | "beacon">): Promise<void> {
  await networkHelpers.setCode(HISTORY_STORAGE, HISTORY_CODE);
  await networkHelpers.setStorageAt(HISTORY_STORAGE, beaconBlock % BigInt(HISTORY_DEPTH), beacon);
}

describe("AttestationBridge: submitReport, beacon", () => {
  it("refuses a block within the supported reorg", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    const newest = await ethers.provider.getBlockNumber();
    for (const depth of [0, 1, REORG_DEPTH - 2]) {
      await expect(submitReport(fixture, 0, await beaconAtDepth(depth)), `depth ${depth}`)
        .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_BeaconTooRecent")
        .withArgs(newest - depth, newest + 1 - REORG_DEPTH);
    }
  });

  it("accepts the newest block beyond the supported reorg", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    const newestAllowed = await beaconAtDepth(REORG_DEPTH - 1);
    await expect(submitReport(fixture, 0, newestAllowed)).to.emit(fixture.bridge, "ReportAccepted");
  });

  it("refuses a future block", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    const { beacon } = await beaconAtDepth(REORG_DEPTH);
    for (const beaconBlock of [BigInt(await ethers.provider.getBlockNumber()) + 100n, 2n ** 64n - 1n]) {
      await expect(submitReport(fixture, 0, { beaconBlock, beacon })).to.be.revertedWithCustomError(
        fixture.bridge,
        "AttestationBridge_BeaconTooRecent",
      );
    }
  });

  it("refuses a wrong hash", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    const { beaconBlock } = await beaconAtDepth(REORG_DEPTH);
    const { beacon } = await beaconAtDepth(REORG_DEPTH + 1);
    await expect(submitReport(fixture, 0, { beaconBlock, beacon }))
      .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_InvalidBeacon")
      .withArgs(beaconBlock, beacon);
  });

  it("refuses a zero hash", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    await expect(submitReport(fixture, 0, { beacon: ZeroHash as Hex })).to.be.revertedWithCustomError(
      fixture.bridge,
      "AttestationBridge_InvalidBeacon",
    );
  });

  it("accepts a block older than 256 blocks", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    const old = await beaconAtDepth(0);
    await mine(OPCODE_DEPTH + 44);
    await storeHistory(old);
    await goToEpoch(fixture, 5);
    await expect(submitReport(fixture, 3, old)).to.emit(fixture.bridge, "ReportAccepted");
  });

  it("refuses a block older than 8191 blocks", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    const old = await beaconAtDepth(0);
    await mine(HISTORY_DEPTH - 1);
    await storeHistory(old);
    const lastEpoch = Number(await fixture.bridge.currentEpoch()) - 2;
    await fixture.bridge.submitReport.staticCall(...signReport(fixture, await makeReport(lastEpoch, old)));
    await mine(1);
    const epoch = Number(await fixture.bridge.currentEpoch()) - 2;
    for (const beacon of [old.beacon, ZeroHash as Hex]) {
      await expect(submitReport(fixture, epoch, { ...old, beacon }))
        .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_InvalidBeacon")
        .withArgs(old.beaconBlock, beacon);
    }
  });

  it("accepts the same report again after a reorg", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    const submission = signReport(fixture, await makeReport(0, await beaconAtDepth(REORG_DEPTH)));
    await mine(REORG_DEPTH - 1);
    const fork = await takeSnapshot();
    const first = await (await fixture.bridge.submitReport(...submission)).wait();
    const commitment = await fixture.bridge.reportCommitment(0, 0);
    await fork.restore();
    expect(await fixture.bridge.nextEpoch(0), "next epoch after the reorg").to.equal(0);
    await mine(3);
    const second = await (await fixture.bridge.submitReport(...submission)).wait();
    expect(second!.blockHash, "block of the report").to.not.equal(first!.blockHash);
    expect(await fixture.bridge.reportCommitment(0, 0), "commitment").to.equal(commitment);
  });

  it("refuses the report when the reorg was deeper than its beacon", async () => {
    const fixture = await loadFixture(bridgeInFirstEpoch);
    const fork = await takeSnapshot();
    await mine(REORG_DEPTH + 1);
    const submission = signReport(fixture, await makeReport(0, await beaconAtDepth(REORG_DEPTH)));
    await fork.restore();
    await networkHelpers.setCoinbase(fixture.alice.address);
    await mine(REORG_DEPTH + 1);
    await expect(fixture.bridge.submitReport(...submission)).to.be.revertedWithCustomError(
      fixture.bridge,
      "AttestationBridge_InvalidBeacon",
    );
  });
});
