import { expect } from "chai";
import { zeroAddress } from "viem";
import type { RoundView } from "../../../dapp/src/lib/round-view.ts";
import { changedChoices, costOf, mostVotes, resultsOf, spentAfter } from "../../../dapp/src/lib/voice-credits.ts";

const options = (...rows: [votes: bigint, most: bigint][]): RoundView["options"] =>
  rows.map(([votes, most]) => ({ target: zeroAddress, most, data: "0x", votes }));

describe("voice credits", () => {
  it("cost the square of the votes for each option", () => {
    expect(costOf([3, 0, 2])).to.equal(13);
    expect([0, 1, 3, 4, 99, 2 ** 33].map(mostVotes)).to.deep.equal([0, 1, 1, 2, 9, 65_535]);
  });

  it("of other rounds stay spent when votes change", () => {
    expect(spentAfter(30, { given: [3, 0], votes: [1, 4] })).to.equal(30 - 9 + 17);
  });

  it("are sent for changed options only", () => {
    expect(changedChoices([3, 0, 2], [3, 1, 0])).to.deep.equal([
      { option: 1, votes: 1 },
      { option: 2, votes: 0 },
    ]);
  });
});

describe("results of a round", () => {
  const grants = { kind: "grants", winners: 0, budget: 100n, minVotes: 2 } as const;

  it("divide the budget by votes, up to what was asked for, rounded down", () => {
    const results = resultsOf({ ...grants, options: options([2n, 90n], [4n, 50n], [1n, 90n]) });
    expect(results.map(({ grant }) => grant)).to.deep.equal([33n, 50n, 0n]);
    expect(
      results.map(({ wins }) => wins),
      "too few votes",
    ).to.deep.equal([true, true, false]);
  });

  it("are nothing without votes", () => {
    expect(resultsOf({ ...grants, options: options([0n, 90n], [1n, 90n]) }).some(({ wins }) => wins)).to.equal(false);
  });

  it("take the first among equal priorities", () => {
    const round = { kind: "priorities", winners: 2, budget: 0n, minVotes: 2 } as const;
    const results = resultsOf({ ...round, options: options([3n, 0n], [5n, 0n], [3n, 0n], [1n, 0n]) });
    expect(results.map(({ wins }) => wins)).to.deep.equal([true, true, false, false]);
  });
});
