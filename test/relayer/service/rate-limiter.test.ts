import { expect } from "chai";
import { RateLimiter } from "../../../relayer/src/service/rate-limiter.ts";

describe("RateLimiter", () => {
  let now: number;
  let limiter: RateLimiter;

  beforeEach(() => {
    now = 0;
    limiter = new RateLimiter({ perSecond: 2, burst: 3 }, () => now);
  });

  const times = (count: number, caller = "a") => Array.from({ length: count }, () => limiter.take(caller));

  it("allows a burst and then says when to come again", () => {
    expect(times(4)).to.deep.equal([0, 0, 0, 1]);
  });

  it("refills up to the burst", () => {
    times(3);
    now = 500;
    expect(times(2), "after half a second").to.deep.equal([0, 1]);
    now = 60_000;
    expect(times(4), "after a minute").to.deep.equal([0, 0, 0, 1]);
  });

  it("counts callers apart", () => {
    times(3);
    expect(times(1, "b")).to.deep.equal([0]);
  });

  it("says how many seconds a slow rate needs", () => {
    const slow = new RateLimiter({ perSecond: 0.1, burst: 1 }, () => now);
    slow.take("a");
    expect(slow.take("a")).to.equal(10);
  });
});
