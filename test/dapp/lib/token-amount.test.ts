import { expect } from "chai";
import { formatToken, formatTokenExact, plainAmount, readTokenAmount } from "../../../dapp/src/lib/token-amount.ts";
import { DOLLAR } from "../support/market-fixtures.ts";

describe("formatToken", () => {
  it("cuts and never rounds up", () => expect(formatToken(1_999_999n, DOLLAR, 2)).to.equal("1.99 TUSD"));
  it("does not show a little as nothing", () => expect(formatToken(1n, DOLLAR, 2)).to.equal("< 0.01 TUSD"));
  it("groups thousands", () => expect(formatToken(1_234_567_000_000n, DOLLAR)).to.equal("1,234,567 TUSD"));
  it("knows what is less than nothing", () => expect(formatToken(-1_500_000n, DOLLAR)).to.equal("-1.5 TUSD"));
});

describe("readTokenAmount", () => {
  for (const amount of [0n, 1n, 999_999n, 1_234_567_890_123n]) {
    it(`reads ${amount} back as it is written`, () => {
      expect(readTokenAmount(plainAmount(amount, DOLLAR), DOLLAR)).to.deep.equal({ amount });
    });
  }
  it("refuses more decimals than the token has", () => {
    expect(readTokenAmount("0.1234567", DOLLAR)).to.deep.equal({ problem: "TUSD has 6 decimals; this has more." });
  });
  it("refuses words", () => expect(readTokenAmount("ten", DOLLAR)).to.have.property("problem"));
  it("shows every decimal of what is signed", () => {
    expect(formatTokenExact(1_000_001n, DOLLAR)).to.equal("1.000001 TUSD");
  });
});
