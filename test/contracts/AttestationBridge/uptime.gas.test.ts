import { encodeIndexList } from "@pqmesh/contracts/protocol/report";
import { expect } from "chai";
import { connection } from "../support/deployed-network.ts";
import { bridgeOfFour, type BridgeFixture, goToEpoch } from "./support/bridge-fixture.ts";
import { forceProgress } from "./support/force-progress.ts";
import { submitReport } from "./support/signed-report.ts";

const { ethers } = connection;
/** Thirty days of epochs of 60 seconds. */
const MONTH = 43_200;
const FIRST = 10_000;
const COLD_SLOT = 2_100;

const range = (from: number, until: number) => Array.from({ length: until - from }, (_, i) => from + i);

/** Gas of `uptime` over the month alone: without the 21,000 of a transaction and its call data. */
async function gasOfMonth({ bridge }: BridgeFixture): Promise<number> {
  const data = bridge.interface.encodeFunctionData("uptime", [0, FIRST, FIRST + MONTH]);
  const calldata = ethers.getBytes(data).reduce((gas, byte) => gas + (byte === 0 ? 4 : 16), 0);
  return Number(await bridge.uptime.estimateGas(0, FIRST, FIRST + MONTH)) - 21_000 - calldata;
}

/** Reports the given epochs with these lists, and every other one up to the end of the month with nothing wrong. */
async function bridgeWithMonth(epochs: number[], lists: { absent?: number[]; degraded?: number[] }) {
  const fixture = await bridgeOfFour();
  const absent = encodeIndexList(lists.absent ?? []);
  const degraded = encodeIndexList(lists.degraded ?? []);
  await goToEpoch(fixture, FIRST + 2);
  await submitReport(fixture, FIRST);
  for (const epoch of epochs) {
    await forceProgress(fixture, 0, epoch);
    await goToEpoch(fixture, epoch + 2);
    await submitReport(fixture, epoch, { absent, degraded });
  }
  await forceProgress(fixture, 0, FIRST + MONTH);
  await goToEpoch(fixture, FIRST + MONTH + 1);
  return fixture;
}

describe("AttestationBridge: uptime of a month", () => {
  it("reads a handful of slots when healthy", async () => {
    const fixture = await bridgeWithMonth([], {});
    expect((await fixture.bridge.uptime(0, FIRST, FIRST + MONTH)).attested, "attested").to.equal(MONTH);
    expect(await gasOfMonth(fixture), "gas").to.be.lessThan(13 * COLD_SLOT);
  });

  it("reads one more slot for each word with an absence", async () => {
    const healthy = await gasOfMonth(await bridgeWithMonth([], {}));
    const words = range(0, 20).map((i) => FIRST + 500 + i * 2_000);
    const fixture = await bridgeWithMonth(words, { absent: [0] });
    expect((await fixture.bridge.uptime(0, FIRST, FIRST + MONTH)).absent, "absent").to.equal(20);
    const extra = (await gasOfMonth(fixture)) - healthy;
    expect(extra, "gas of 20 absences").to.be.lessThan(20 * (COLD_SLOT + 1_500));
  });

  it("does not pay for the absences of others", async () => {
    const healthy = await gasOfMonth(await bridgeWithMonth([], {}));
    const words = range(0, 20).map((i) => FIRST + 500 + i * 2_000);
    const fixture = await bridgeWithMonth(words, { absent: range(1, 60), degraded: range(60, 120) });
    expect(await gasOfMonth(fixture), "gas").to.equal(healthy);
  });

  it("stays bounded when everything is wrong", async () => {
    const everyone = range(0, 512);
    const denseEpochs = range(FIRST + 1, FIRST + 65);
    const fixture = await bridgeWithMonth(denseEpochs, { absent: everyone, degraded: everyone });
    expect((await fixture.bridge.uptime(0, FIRST, FIRST + MONTH)).absent, "absent").to.equal(64);
    const healthy = await gasOfMonth(await bridgeWithMonth([], {}));
    const perEpoch = ((await gasOfMonth(fixture)) - healthy) / denseEpochs.length;
    expect(perEpoch, "gas of an epoch with two long lists").to.be.lessThan(2 * (COLD_SLOT + 500));
  });

  it("reads a month without any report", async () => {
    const fixture = await bridgeOfFour();
    await goToEpoch(fixture, FIRST + 2);
    await submitReport(fixture, FIRST);
    await goToEpoch(fixture, FIRST + MONTH + 2);
    await fixture.bridge.markUnreported(0, 2n ** 64n - 1n);
    expect((await fixture.bridge.uptime(0, FIRST, FIRST + MONTH)).unreported, "unreported").to.equal(MONTH - 1);
    expect(await gasOfMonth(fixture), "gas").to.be.lessThan(1_000_000);
  });
});
