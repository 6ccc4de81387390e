import { expect } from "chai";
import { isHeldBack } from "../../../dapp/src/lib/held-back.ts";

describe("isHeldBack", () => {
  it("is true for what matured after the time to which a slash reaches back", () => {
    expect(isHeldBack(900, 500, 1_000)).to.equal(true);
    expect(isHeldBack(500, 500, 1_000)).to.equal(false);
    expect(isHeldBack(1_001, 500, 1_000)).to.equal(false);
  });

  it("forgives an answer that is a few blocks old", () => {
    expect(isHeldBack(990, 960, 1_000)).to.equal(false);
    expect(isHeldBack(990, 939, 1_000)).to.equal(true);
  });
});
