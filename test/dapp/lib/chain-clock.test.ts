import { expect } from "chai";
import { ChainClock } from "../../../dapp/src/lib/chain-clock.ts";
import { epochAt, epochProgress, epochStart } from "../../../dapp/src/lib/epoch-schedule.ts";

describe("ChainClock", () => {
  let now: number;
  let clock: ChainClock;

  beforeEach(() => {
    now = 5_000;
    clock = new ChainClock(() => now);
  });

  it("knows nothing before the first block", () => {
    expect(clock.seconds()).to.equal(undefined);
    expect(clock.isStalled()).to.equal(false);
  });

  it("adds what passed here to the newest block's timestamp", () => {
    clock.note(1_000);
    now += 2_500;
    expect(clock.seconds()).to.equal(1_002.5);
  });

  it("ignores blocks that are not newer", () => {
    clock.note(1_000);
    now += 3_000;
    clock.note(1_000);
    clock.note(999);
    expect(clock.seconds()).to.equal(1_003);
  });

  it("says when no block has come for long", () => {
    clock.note(1_000);
    now += 44_000;
    expect(clock.isStalled()).to.equal(false);
    now += 2_000;
    expect(clock.isStalled()).to.equal(true);
    clock.note(1_046);
    expect(clock.isStalled()).to.equal(false);
  });

  it("tells listeners of the first block only", () => {
    let told = 0;
    clock.subscribe(() => (told += 1));
    clock.note(1_000);
    clock.note(1_001);
    expect(told).to.equal(1);
  });
});

describe("epoch schedule", () => {
  const schedule = { genesis: 1_000, lengthSeconds: 10 };

  it("counts half-open epochs from the genesis", () => {
    expect([999, 1_000, 1_009.9, 1_010].map((at) => epochAt(schedule, at))).to.deep.equal([0, 0, 0, 1]);
    expect(epochStart(schedule, 3)).to.equal(1_030);
    expect(epochProgress(schedule, 1_025)).to.equal(0.5);
  });
});
