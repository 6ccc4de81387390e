import { expect } from "chai";
import { payableFromEpoch } from "../../../dapp/src/lib/claimable-rewards.ts";
import { type RewardClaim, rewardDays } from "../../../dapp/src/lib/reward-history.ts";

const DAY = 86_400;

function claimAt(timestamp: number, toOperator: bigint, toPool: bigint): RewardClaim {
  const words = { fromWord: 0, untilWord: 1, isStaked: false };
  return { nodeIndex: 1, timestamp, toOperator, toPool, returned: 0n, ...words, transaction: "0x" };
}

describe("rewardDays", () => {
  it("sums claims of a day and keeps days without one", () => {
    const claims = [claimAt(4 * DAY + 5, 3n, 1n), claimAt(2 * DAY, 5n, 0n), claimAt(2 * DAY + DAY - 1, 7n, 2n)];
    expect(rewardDays(claims)).to.deep.equal([
      { noon: 2.5 * DAY, toOperator: 12n, toPool: 2n },
      { noon: 3.5 * DAY, toOperator: 0n, toPool: 0n },
      { noon: 4.5 * DAY, toOperator: 3n, toPool: 1n },
    ]);
    expect(rewardDays([])).to.deep.equal([]);
  });
});

describe("payableFromEpoch", () => {
  it("waits for the end of the word and the horizon", () => {
    expect(payableFromEpoch(0, 36_000, 60)).to.equal(256 + 600);
    expect(payableFromEpoch(2, 48, 6)).to.equal(768 + 8);
    expect(payableFromEpoch(0, 47, 6)).to.equal(256 + 8);
  });
});
