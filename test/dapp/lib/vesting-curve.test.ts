import { expect } from "chai";
import type { VestingView } from "../../../dapp/src/lib/token-view.ts";
import { vestedAt, vestingCurve } from "../../../dapp/src/lib/vesting-curve.ts";

const VAULT: VestingView = {
  ...{ name: "Team", address: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC" },
  ...{ owner: "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC", start: 1_000, cliff: 2_000, end: 5_000 },
  ...{ total: 400n, released: 0n, releasable: 0n, atCliff: 100n },
};

describe("curve of a vault", () => {
  it("stays at nothing up to the cliff and jumps there", () => {
    expect(vestingCurve(VAULT).map(({ vested }) => vested)).to.deep.equal([0n, 0n, 100n, 400n]);
    expect(vestingCurve({ ...VAULT, cliff: 1_000 })).to.have.length(2);
  });

  it("is a straight line from the cliff to the end", () => {
    const at = (time: number) => vestedAt(VAULT, time);
    expect([1_999, 2_000, 3_000, 4_999.9, 5_000, 9_000].map(at)).to.deep.equal([0n, 100n, 200n, 399n, 400n, 400n]);
  });
});
