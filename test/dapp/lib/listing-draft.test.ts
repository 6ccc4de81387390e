import { expect } from "chai";
import { draftOf, proposedTerms, readTerms, sizeProblem, soldProblem } from "../../../dapp/src/lib/listing-draft.ts";
import { DOLLAR, TERMS } from "../support/market-fixtures.ts";

describe("readTerms", () => {
  const draft = draftOf(TERMS, DOLLAR);

  it("reads what a version would be typed as", () => {
    expect(readTerms(draft, DOLLAR)).to.deep.equal({ terms: TERMS });
  });

  it("takes what it proposes, once there is a price", () => {
    for (const length of [10, 60, 86_400]) {
      expect(readTerms({ ...proposedTerms(length), price: "1" }, DOLLAR)).to.have.property("terms");
    }
  });

  const wrong: [string, Partial<typeof draft>, RegExp][] = [
    ["no price", { price: "" }, /^Price: Enter an amount/],
    ["a price of zero", { price: "0" }, /^Price must be above zero/],
    ["a price with too many decimals", { price: "0.0000001" }, /^Price: TUSD has 6 decimals/],
    ["an uptime over 100 %", { uptime: "100.1" }, /^Uptime/],
    ["no shortest term", { minEpochs: "0" }, /^Shortest term .* 1 to 5,256,000/],
    ["a longest term beyond the contract's", { maxEpochs: "5256001" }, /^Longest term/],
    ["a shortest term over the longest", { minEpochs: "60001" }, /^Shortest term must not be longer/],
    ["no missed epoch at all", { maxMissedRun: "0" }, /^Missed in a row/],
    ["half an epoch", { noticeEpochs: "0.5" }, /^Notice/],
    ["a bond beyond 16 bits", { bondEpochs: "65536" }, /^Bond .* 0 to 65,535/],
  ];
  for (const [what, changes, problem] of wrong) {
    it(`refuses ${what}`, () => {
      expect(readTerms({ ...draft, ...changes }, DOLLAR))
        .to.have.property("problem")
        .that.matches(problem);
    });
  }
});

describe("sizeProblem", () => {
  it("takes up to what is attested and free", () => expect(sizeProblem("10", "50", 5_000)).to.equal(undefined));
  it("refuses more than is attested", () => expect(sizeProblem("10", "50.01", 5_000)).to.include("at most 50 %"));
  it("refuses no units", () => expect(sizeProblem("0", "1", 5_000)).to.match(/^Units/));
  it("refuses more units than 16 bits", () => expect(sizeProblem("65536", "1", 5_000)).to.match(/^Units/));
  it("refuses no share", () => expect(sizeProblem("1", "0", 5_000)).to.match(/^Share/));
});

describe("soldProblem", () => {
  const listing = { units: 3, soldUnits: 2, shareBp: 1_000 };

  it("lets no unit shrink under a lease, rounded as the contract does", () => {
    expect(soldProblem(listing, 2, 667)).to.equal(undefined);
    expect(soldProblem(listing, 2, 666)).to.include("at least 6.67 %");
  });
  it("keeps what is sold", () => expect(soldProblem(listing, 1, 10_000)).to.include("2 units are sold"));
  it("lets everything shrink while nothing is sold", () => {
    expect(soldProblem({ ...listing, soldUnits: 0 }, 1, 1)).to.equal(undefined);
  });
});
