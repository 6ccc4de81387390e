import { expect } from "chai";
import { runwayOf, runwayWords } from "../../../dapp/src/lib/lease-runway.ts";
import { endOf, topUpLimit } from "../../../dapp/src/lib/lease-view.ts";
import { leaseOf, TEN_SECONDS } from "../support/market-fixtures.ts";

describe("runwayOf", () => {
  it("runs until the funds end", () => {
    expect(runwayOf(leaseOf(), TEN_SECONDS, 1_250)).to.deep.equal({
      ...{ phase: "running", until: 1_500, left: 0.5, isWhole: false },
    });
  });

  it("is in its grace when a top-up still continues it", () => {
    expect(runwayOf(leaseOf(), TEN_SECONDS, 1_500)).to.include({ phase: "grace", until: 1_530 });
    expect(runwayOf(leaseOf(), TEN_SECONDS, 1_529)).to.include({ phase: "grace" });
  });

  it("is over when the grace is", () => {
    expect(runwayOf(leaseOf(), TEN_SECONDS, 1_530)).to.include({ phase: "over" });
  });

  it("has no grace at the end of the term", () => {
    const lease = leaseOf({ runway: { fundedUntil: 200, graceUntil: 200, end: 200 } });
    expect(runwayOf(lease, TEN_SECONDS, 1_999)).to.include({ phase: "running", isWhole: true });
    expect(runwayOf(lease, TEN_SECONDS, 2_000)).to.include({ phase: "over" });
  });

  it("counts down to the last epoch of accepting, included", () => {
    const { runway: _, ...lease } = leaseOf({ status: "Pending", start: 100, end: 100 });
    expect(runwayOf(lease, TEN_SECONDS, 1_009)).to.include({ phase: "pending", until: 1_010 });
    expect(runwayOf(lease, TEN_SECONDS, 1_010)).to.include({ phase: "over" });
  });

  it("has none once closed", () => {
    const { runway: _, ...lease } = leaseOf({ status: "Breached", settledUntil: 130 });
    expect(runwayOf(lease, TEN_SECONDS, 1_250).phase).to.equal("closed");
    expect(runwayWords(lease, TEN_SECONDS, 1_250)).to.equal("settled to epoch 130");
  });
});

describe("endOf", () => {
  it("is the end of the notice when that comes first", () => {
    const lease = leaseOf();
    expect(endOf(lease)).to.equal(200);
    expect(endOf({ ...lease, record: { ...lease.record, noticeEnd: 120 } })).to.equal(120);
    expect(endOf({ ...lease, status: "Pending" })).to.equal(undefined);
  });
});

describe("topUpLimit", () => {
  it("is the rent of the term that is neither settled nor paid in", () => {
    expect(topUpLimit(leaseOf())).to.equal(500_000n);
    expect(topUpLimit(leaseOf({ settledUntil: 120, balance: 300_000n }))).to.equal(500_000n);
    expect(topUpLimit(leaseOf({ balance: 1_000_000n }))).to.equal(0n);
  });

  it("leaves out what comes after the end of a notice", () => {
    const { record } = leaseOf();
    expect(topUpLimit(leaseOf({ record: { ...record, noticeEnd: 120 }, balance: 100_000n }))).to.equal(100_000n);
  });
});
