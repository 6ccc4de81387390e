import { expect } from "chai";
import { isoTime } from "../../../relayer/cli/iso-time.ts";

describe("times of the command line", () => {
  it("are dates", () => {
    expect(isoTime(1_700_000_000n)).to.equal("2023-11-14T22:13:20.000Z");
    expect(isoTime(8_640_000_000_000n)).to.equal("+275760-09-13T00:00:00.000Z");
  });

  it("are numbers where there is no date: a file may hold any deadline", () => {
    expect(isoTime(BigInt(Number.MAX_SAFE_INTEGER))).to.equal("second 9007199254740991");
    expect(isoTime(8_640_000_000_001n)).to.equal("second 8640000000001");
  });
});
