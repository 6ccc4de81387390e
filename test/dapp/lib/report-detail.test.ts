import { expect } from "chai";
import { signedSeats } from "../../../dapp/src/lib/report-detail.ts";

describe("signedSeats", () => {
  it("tells seats from their bits", () => {
    expect(signedSeats(0b1101n)).to.deep.equal([0, 2, 3]);
    expect(signedSeats(0n)).to.deep.equal([]);
  });
});
