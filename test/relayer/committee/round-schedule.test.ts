import { expect } from "chai";
import { dueEpoch } from "../../../relayer/src/committee/round-driver.ts";
import { RoundSchedule } from "../../../relayer/src/committee/round-schedule.ts";

const GENESIS = 1_000n;

function scheduleOf(epochLengthSeconds: number, reportWindowEpochs = 2n): RoundSchedule {
  return new RoundSchedule({ epochGenesis: GENESIS, epochLengthSeconds, reportWindowEpochs });
}

describe("RoundSchedule", () => {
  it("begins round 0 when the epoch is over", () => {
    const schedule = scheduleOf(10);
    expect(schedule.roundAt(3n, 1_039_999), "just before").to.equal(undefined);
    expect(schedule.roundAt(3n, 1_040_000), "at its end").to.equal(0);
  });

  it("makes rounds a fifth of an epoch, and two seconds at least", () => {
    expect(scheduleOf(60).roundMs, "60 s epochs").to.equal(12_000);
    expect(scheduleOf(5).roundMs, "5 s epochs").to.equal(2_000);
    expect(scheduleOf(10).roundAt(3n, 1_044_000), "round after 4 s").to.equal(2);
  });

  it("allows clocks to differ by a second", () => {
    const schedule = scheduleOf(10);
    expect(schedule.hasBegun(3n, 1, 1_041_000), "one second early").to.equal(true);
    expect(schedule.hasBegun(3n, 1, 1_040_999), "more than that").to.equal(false);
  });

  it("closes an epoch with its report window", () => {
    const schedule = scheduleOf(10);
    expect(schedule.isClosed(3n, 1_059_999), "just before").to.equal(false);
    expect(schedule.isClosed(3n, 1_060_000), "at its end").to.equal(true);
    expect(schedule.oldestOpen(1_060_000), "oldest open epoch").to.equal(4n);
    expect(schedule.oldestOpen(1_015_000), "oldest open epoch at the beginning").to.equal(0n);
  });
});

describe("dueEpoch", () => {
  /** A chain in its epoch 10 whose nodes are active in some epochs. */
  const due = (newest: bigint | undefined, activeEpochs: bigint[]) => {
    const chain = {
      newestReportedEpoch: () => newest,
      nowMs: () => 1_105_000,
      currentEpoch: () => 10n,
      nodesOfShard: () => [0],
      isActive: (_node: number, epoch: bigint) => activeEpochs.includes(epoch),
    };
    return dueEpoch(chain, scheduleOf(10), 0);
  };

  it("is the one after the newest report", () => {
    expect(due(8n, [9n, 10n])).to.equal(9n);
  });

  it("is the oldest open one after a pause", () => {
    expect(due(3n, [8n, 9n]), "after a pause").to.equal(8n);
    expect(due(undefined, [8n, 9n]), "before the first report").to.equal(8n);
  });

  it("is none when everything is reported", () => {
    expect(due(9n, [9n, 10n])).to.equal(undefined);
  });

  it("is none when no node is active", () => {
    expect(due(8n, [])).to.equal(undefined);
  });

  it("is an empty epoch when a later one with nodes waits behind it", () => {
    expect(due(7n, [9n])).to.equal(8n);
  });
});
