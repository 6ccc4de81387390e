import { expect } from "chai";
import {
  breachSentence,
  choiceProblem,
  costOf,
  missedAllowed,
  pricePerDay,
  proposedChoice,
} from "../../../dapp/src/lib/lease-cost.ts";
import { DOLLAR, TEN_SECONDS, TERMS } from "../support/market-fixtures.ts";

const RULE = { janitorFee: 500_000n, minDeposit: 1_000n };
const frame = { terms: TERMS, free: 6, rule: RULE, unit: DOLLAR };

describe("proposedChoice", () => {
  it("proposes a day", () => {
    expect(proposedChoice(TERMS, TEN_SECONDS, RULE)).to.deep.equal({ units: 1, epochs: 8_640, paidEpochs: 8_640 });
  });

  it("keeps to the longest and the shortest term", () => {
    expect(proposedChoice({ ...TERMS, maxEpochs: 100 }, TEN_SECONDS, RULE).epochs).to.equal(100);
    expect(proposedChoice({ ...TERMS, minEpochs: 9_000 }, TEN_SECONDS, RULE).epochs).to.equal(9_000);
  });

  it("is long enough for the least deposit", () => {
    const rule = { janitorFee: 0n, minDeposit: 100_000_000n };
    const choice = proposedChoice(TERMS, TEN_SECONDS, rule);
    expect(choice.epochs).to.equal(10_000);
    expect(choiceProblem(choice, { ...frame, rule })).to.equal(undefined);
  });

  for (const minEpochs of [1, 6, 59_999]) {
    it(`is valid as it is, shortest term ${minEpochs}`, () => {
      const terms = { ...TERMS, minEpochs };
      expect(choiceProblem(proposedChoice(terms, TEN_SECONDS, RULE), { ...frame, terms })).to.equal(undefined);
    });
  }
});

describe("costOf", () => {
  it("adds rent in advance and the janitor's fee", () => {
    const cost = costOf(TERMS, { units: 3, epochs: 100, paidEpochs: 40 }, RULE);
    expect(cost).to.deep.equal({
      ...{ rate: 30_000n, total: 3_000_000n, rent: 1_200_000n, janitorFee: 500_000n },
      ...{ deposit: 1_700_000n, bond: 1_800_000n },
    });
  });
});

describe("choiceProblem", () => {
  const good = { units: 1, epochs: 100, paidEpochs: 50 };
  const wrong: [string, Partial<typeof good>, RegExp][] = [
    ["no unit", { units: 0 }, /Units must be 1 to 6/],
    ["more units than are free", { units: 7 }, /Units must be 1 to 6/],
    ["too short a term", { epochs: 5 }, /term must be 6 to 60,000/],
    ["too long a term", { epochs: 60_001 }, /term must be 6 to 60,000/],
    ["less paid than the shortest term", { paidEpochs: 5 }, /Pay 6 to 100 epochs/],
    ["more paid than the term", { paidEpochs: 101 }, /Pay 6 to 100 epochs/],
    ["what is no number", { epochs: Number.NaN }, /term must be/],
  ];
  for (const [what, changes, problem] of wrong) {
    it(`refuses ${what}`, () => expect(choiceProblem({ ...good, ...changes }, frame)).to.match(problem));
  }

  it("says when all is leased", () => {
    expect(choiceProblem(good, { ...frame, free: 0 })).to.equal("All units are leased.");
  });

  it("names the least deposit", () => {
    const rule = { janitorFee: 0n, minDeposit: 2_000_000n };
    expect(choiceProblem(good, { ...frame, rule })).to.include("at least 2 TUSD");
  });
});

describe("breachSentence", () => {
  it("names run, share and bond", () => {
    const sentence = breachSentence(TERMS, { units: 2, epochs: 1_000, paidEpochs: 1_000 }, DOLLAR);
    expect(sentence).to.equal(
      "If the node misses 6 epochs in a row, or more than 10 in all (under 99.00 %), the lease ends at once and the rest returns to you with 1.2 TUSD of the provider's bond.",
    );
  });
});

describe("missedAllowed", () => {
  it("rounds down as the contract does", () => {
    expect(missedAllowed({ uptimeBp: 9_950 }, 199)).to.equal(0);
    expect(missedAllowed({ uptimeBp: 9_950 }, 200)).to.equal(1);
  });
});

describe("pricePerDay", () => {
  it("counts the epochs of a day", () => expect(pricePerDay(TERMS, TEN_SECONDS)).to.equal(86_400_000n));
});
