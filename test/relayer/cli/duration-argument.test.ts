import { expect } from "chai";
import { durationArgument } from "../../../relayer/cli/duration-argument.ts";

describe("durationArgument", () => {
  it("reads lengths of time as they are printed", () => {
    expect(durationArgument("value", "7 d")).to.equal(604_800n);
    expect(durationArgument("value", "1 h 30 min")).to.equal(5_400n);
    expect(durationArgument("value", "1d2h3min4s")).to.equal(93_784n);
    expect(durationArgument("value", "0 s")).to.equal(0n);
  });

  it("refuses what is none, naming the field", () => {
    for (const text of ["", "7", "7 days", "-1 d", "1.5 h", "1 d and 2 h", "d"]) {
      expect(() => durationArgument("--delay", text), text).to.throw(/^--delay .*must be a length of time/);
    }
  });
});
