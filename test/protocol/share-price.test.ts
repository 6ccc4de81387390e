import { atLeast, sharesForDown, sharesForUp, worthOf } from "@pqmesh/contracts/protocol/share-price";
import { expect } from "chai";
import { parseEther } from "viem";

const EMPTY = { assets: 0n, shares: 0n };
const GROWN = { assets: parseEther("1500"), shares: 1_000n * parseEther("1000") };

describe("prices of shares", () => {
  it("begin at 1,000 shares a wei", () => {
    expect(sharesForDown(parseEther("1"), EMPTY)).to.equal(1_000n * parseEther("1"));
    expect(worthOf(0n, EMPTY)).to.equal(0n);
  });

  it("give nobody more than was put in", () => {
    for (const pool of [EMPTY, GROWN, { assets: 3n, shares: 17n }]) {
      for (const amount of [1n, 999n, parseEther("1") + 1n]) {
        const shares = sharesForDown(amount, pool);
        const after = { assets: pool.assets + amount, shares: pool.shares + shares };
        expect(worthOf(shares, after) <= amount, `${amount} in ${pool.assets}`).to.equal(true);
      }
    }
  });

  it("find the fewest shares that are worth an amount", () => {
    for (const amount of [1n, 12_345n, parseEther("7.5")]) {
      const shares = sharesForUp(amount, GROWN);
      expect(worthOf(shares, GROWN) >= amount).to.equal(true);
      expect(worthOf(shares - 1n, GROWN) < amount).to.equal(true);
    }
  });

  it("accept half a percent less than expected", () => {
    expect(atLeast(1_000n)).to.equal(995n);
    expect(atLeast(3n)).to.equal(3n);
    expect(atLeast(1_000n, 10_000)).to.equal(0n);
    expect(atLeast(1_000n, 0)).to.equal(1_000n);
  });
});
