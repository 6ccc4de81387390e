import { expect } from "chai";

import { RequestRate } from "../../../indexer/catalog/request-rate.ts";

describe("the rate of requests", () => {
  it("lets a burst through, then so many a second, for each address", () => {
    let now = 0;
    const rate = new RequestRate({ perSecond: 2, burst: 3 }, () => now);
    expect([1, 2, 3, 4].map(() => rate.take("a"))).to.deep.equal([0, 0, 0, 1]);
    expect(rate.take("b"), "another address").to.equal(0);
    now += 500;
    expect([rate.take("a"), rate.take("a")]).to.deep.equal([0, 1]);
    now += 60_000;
    expect(
      [1, 2, 3, 4].map(() => rate.take("a")),
      "no more than the burst after a pause",
    ).to.deep.equal([0, 0, 0, 1]);
  });
});
