import { expect } from "chai";
import { zeroAddress } from "viem";
import { type RoundVoter, voterProblem } from "../../../dapp/src/lib/round-voter.ts";
import { SOMEBODY } from "../support/draft-fixtures.ts";

const SEASON = { season: 1, startsAt: 100, endsAt: 200, credits: 20, minUnits: 2_000_000_000n };
const VOTER: RoundVoter = {
  ...{ identity: 4n, holder: SOMEBODY, since: 100, units: 2_000_000_000n, votes: [0, 0], spent: 0 },
};

describe("voterProblem", () => {
  const problem = (changes: Partial<RoundVoter>): string | undefined =>
    voterProblem({ ...VOTER, ...changes }, SEASON, SOMEBODY.toLowerCase() as `0x${string}`);

  it("lets an identity vote that is held since the season began", () => {
    expect(problem({})).to.equal(undefined);
  });

  it("says why an identity cannot", () => {
    expect(problem({ identity: 0n })).to.include("no certified identity");
    expect(problem({ holder: zeroAddress })).to.include("Nobody has synced");
    expect(problem({ since: 101 })).to.include("it must since the season begins");
    expect(problem({ units: 1_999_999_999n })).to.include("asks for 2 units; the identity has 1.9");
  });
});
