import { encodeIndexList } from "@pqmesh/contracts/protocol/report";
import { expect } from "chai";
import { connection } from "../support/deployed-network.ts";
import { bridgeOfFour, type BridgeFixture, FOREVER, goToEpoch } from "./support/bridge-fixture.ts";
import { submitReport } from "./support/signed-report.ts";
import { type Counts, STATUSES } from "./support/uptime-model.ts";

const { loadFixture } = connection.networkHelpers;

const range = (from: number, until: number) => Array.from({ length: until - from }, (_, i) => from + i);

async function statusOf({ bridge }: BridgeFixture, node: number, epoch: number | bigint): Promise<string> {
  return STATUSES[Number(await bridge.statusOf(node, epoch))];
}

/** Counts of a range, without the statuses that no epoch has. */
async function uptime({ bridge }: BridgeFixture, node: number, from: number, until: number): Promise<Partial<Counts>> {
  const counted = await bridge.uptime(node, from, until);
  const counts = STATUSES.map((status) => [status, Number(counted[status])] as const);
  return Object.fromEntries(counts.filter(([, epochs]) => epochs > 0));
}

async function activate({ registry }: BridgeFixture, nodes: readonly number[]): Promise<void> {
  for (const node of nodes) await registry.setIntervals(node, [{ from: 0, until: FOREVER }]);
}

describe("AttestationBridge: uptime and statusOf", () => {
  it("refuses empty and reversed ranges", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await goToEpoch(fixture, 20);
    for (const [from, until] of [
      [5, 5],
      [6, 5],
      [20, 0],
    ] as const) {
      await expect(fixture.bridge.uptime(0, from, until))
        .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_EmptyRange")
        .withArgs(from, until);
    }
  });

  it("refuses a range that reaches beyond the last finished epoch", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await goToEpoch(fixture, 20);
    expect(await uptime(fixture, 0, 19, 20), "last finished epoch").to.deep.equal({ pending: 1 });
    for (const until of [21n, 2n ** 64n - 1n]) {
      await expect(fixture.bridge.uptime(0, 19, until))
        .to.be.revertedWithCustomError(fixture.bridge, "AttestationBridge_RangeNotOver")
        .withArgs(until, 20);
    }
  });

  it("is pending while the window is open and unreported after", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await goToEpoch(fixture, 20);
    expect(await uptime(fixture, 0, 10, 20), "untouched shard").to.deep.equal({ unreported: 8, pending: 2 });
    await submitReport(fixture, 18);
    await goToEpoch(fixture, 25);
    expect(await uptime(fixture, 0, 17, 25)).to.deep.equal({ unreported: 1 + 4, attested: 1, pending: 2 });
    expect(await statusOf(fixture, 0, 17), "before the first report").to.equal("unreported");
    expect(await statusOf(fixture, 0, 22), "window closed, not marked").to.equal("unreported");
    expect(await statusOf(fixture, 0, 23), "window open").to.equal("pending");
    await fixture.bridge.markUnreported(0, 100);
    expect(await uptime(fixture, 0, 17, 25), "marked").to.deep.equal({ unreported: 5, attested: 1, pending: 2 });
  });

  it("is pending in the current and in coming epochs", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await goToEpoch(fixture, 20);
    for (const epoch of [20n, 21n, 2n ** 63n]) expect(await statusOf(fixture, 0, epoch)).to.equal("pending");
    expect(await statusOf(fixture, 1, 21), "a node that is not active").to.equal("inactive");
  });

  it("tells attested, absent and degraded nodes apart", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await activate(fixture, [0, 1, 2, 3]);
    await goToEpoch(fixture, 20);
    await submitReport(fixture, 18, { absent: encodeIndexList([1, 3]), degraded: encodeIndexList([2]) });
    expect(await Promise.all([0, 1, 2, 3].map((node) => statusOf(fixture, node, 18)))).to.deep.equal([
      "attested",
      "absent",
      "degraded",
      "absent",
    ]);
    expect(await uptime(fixture, 2, 18, 19)).to.deep.equal({ degraded: 1 });
  });

  it("counts a node in both lists as absent", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await goToEpoch(fixture, 21);
    const both = encodeIndexList([0]);
    const everyone = encodeIndexList(range(0, 512));
    await submitReport(fixture, 19, { absent: both, degraded: everyone });
    await submitReport(fixture, 20, { absent: everyone, degraded: both });
    for (const epoch of [19, 20]) expect(await statusOf(fixture, 0, epoch), `${epoch}`).to.equal("absent");
    expect(await uptime(fixture, 0, 19, 21)).to.deep.equal({ absent: 2 });
  });

  it("keeps lists of 64 and of 65 alike", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await activate(fixture, [63, 64, 65]);
    let epoch = 20;
    for (const length of [64, 65]) {
      for (const field of ["absent", "degraded"] as const) {
        await goToEpoch(fixture, epoch + 2);
        await submitReport(fixture, epoch, { [field]: encodeIndexList(range(0, length)) });
        expect(await statusOf(fixture, 63, epoch), `last but one of ${length}`).to.equal(field);
        expect(await statusOf(fixture, 64, epoch), `node 64 of ${length}`).to.equal(length > 64 ? field : "attested");
        expect(await statusOf(fixture, 65, epoch), `beyond ${length}`).to.equal("attested");
        epoch++;
      }
    }
    expect(await uptime(fixture, 64, 20, 24)).to.deep.equal({ attested: 2, absent: 1, degraded: 1 });
  });

  it("finds nodes at the edges of maps and shards", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    const nodes = [0, 255, 256, 511, 512, 767, 768, 1023];
    await activate(fixture, nodes);
    await goToEpoch(fixture, 21);
    const dense = encodeIndexList([...range(0, 255), ...range(257, 300), 511]);
    await submitReport(fixture, 19, { absent: dense });
    await submitReport(fixture, 19, { shard: 1, absent: encodeIndexList([255, ...range(300, 400)]) });
    const at19 = await Promise.all(nodes.map((node) => statusOf(fixture, node, 19)));
    const [absent, attested] = ["absent", "attested"];
    expect(at19).to.deep.equal([absent, attested, attested, absent, attested, absent, attested, attested]);
    await submitReport(fixture, 20, { absent: encodeIndexList([256, 511]) });
    await submitReport(fixture, 20, { shard: 1, degraded: encodeIndexList([0, 511]) });
    const at20 = await Promise.all(nodes.map((node) => statusOf(fixture, node, 20)));
    const degraded = "degraded";
    expect(at20).to.deep.equal([attested, attested, absent, absent, degraded, attested, attested, degraded]);
  });

  it("counts other epochs as inactive whatever was reported", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await goToEpoch(fixture, 21);
    const lists = { absent: encodeIndexList(range(0, 100)), degraded: encodeIndexList(range(0, 100)) };
    await submitReport(fixture, 19, lists);
    await submitReport(fixture, 20, lists);
    await fixture.registry.setIntervals(0, [{ from: 20, until: 21 }]);
    expect(await uptime(fixture, 0, 0, 21)).to.deep.equal({ inactive: 20, absent: 1 });
    await fixture.registry.setIntervals(0, []);
    expect(await uptime(fixture, 0, 0, 21)).to.deep.equal({ inactive: 21 });
    expect(await statusOf(fixture, 0, 20)).to.equal("inactive");
  });

  it("counts around gaps of activity", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await goToEpoch(fixture, 12);
    for (let epoch = 10; epoch < 40; epoch++) {
      if (epoch > 11) await goToEpoch(fixture, epoch + 1);
      await submitReport(fixture, epoch, { absent: epoch % 3 === 0 ? "0x0000" : "0x" });
    }
    await fixture.registry.setIntervals(0, [
      { from: 2, until: 12 },
      { from: 15, until: 16 },
      { from: 16, until: 20 },
      { from: 30, until: FOREVER },
    ]);
    // Absent at 15, 18, 30, 33, 36 and 39; active before the first report from 5 to 9.
    expect(await uptime(fixture, 0, 5, 40)).to.deep.equal({
      unreported: 5,
      attested: 2 + 1 + 2 + 6,
      absent: 2 + 4,
      inactive: 3 + 10,
    });
  });

  it("counts across 256, 32,768 and 65,536 epochs", async () => {
    const fixture = await loadFixture(bridgeOfFour);
    await activate(fixture, [70]);
    const edges = [254, 255, 256, 257, 32_766, 32_767, 32_768, 32_769, 65_534, 65_535, 65_536, 65_537];
    for (const epoch of edges) {
      await goToEpoch(fixture, epoch + 2);
      const isDense = epoch % 2 === 0;
      await submitReport(fixture, epoch, { absent: encodeIndexList(isDense ? range(0, 65) : [0, 70]) });
    }
    expect(await uptime(fixture, 0, 0, 65_538)).to.deep.equal({ unreported: 65_538 - 12, absent: 12 });
    expect(await uptime(fixture, 70, 0, 65_538)).to.deep.equal({ unreported: 65_526, absent: 6, attested: 6 });
    for (const epoch of edges) {
      expect(await uptime(fixture, 0, epoch, epoch + 1), `epoch ${epoch}`).to.deep.equal({ absent: 1 });
      expect(await statusOf(fixture, 0, epoch), `epoch ${epoch}`).to.equal("absent");
    }
    expect(await uptime(fixture, 0, 256, 258)).to.deep.equal({ absent: 2 });
    expect(await uptime(fixture, 0, 255, 32_769)).to.deep.equal({ absent: 6, unreported: 32_508 });
  });
});
