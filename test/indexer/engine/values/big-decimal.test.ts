import { expect } from "chai";

import {
  addDecimal,
  boundedInteger,
  boundedPower,
  compareDecimal,
  divideDecimal,
  formatDecimal,
  multiplyDecimal,
  normalizeDecimal,
  parseDecimal,
  parseInteger,
  subtractDecimal,
} from "../../../../indexer/engine/values/big-decimal.ts";

describe("BigDecimal", () => {
  const text = (value: string): string => formatDecimal(parseDecimal(value));

  it("prints plain notation without trailing zeros", () => {
    const cases: Record<string, string> = {
      "1.500": "1.5",
      "-0.00": "0",
      "1e3": "1000",
      "1.5E-3": "0.0015",
      "-12.5e+1": "-125",
      ".5": "0.5",
      "5.": "5",
      "+7": "7",
      "0.000000000000000000000000000000000000001": "0.000000000000000000000000000000000000001",
      "1_000": "1000",
    };
    for (const [input, output] of Object.entries(cases)) expect(text(input), input).to.equal(output);
  });

  it("refuses what is not a number", () => {
    for (const input of ["", ".", "-", "1e", "1e1.5", "abc", "0x10", "1 ", "--1", "-+1"]) {
      expect(() => parseDecimal(input), input).to.throw(RangeError, "not a BigDecimal");
    }
    expect(() => parseInteger("1.0")).to.throw(RangeError, "not a BigInt");
  });

  it("keeps 34 digits, rounding positives half up", () => {
    expect(text("1234567890123456789012345678901234.4")).to.equal("1234567890123456789012345678901234");
    expect(text("1234567890123456789012345678901234.5")).to.equal("1234567890123456789012345678901235");
    expect(text("9999999999999999999999999999999999.5")).to.equal("1" + "0".repeat(34));
    expect(text("1234567890123456789012345678901234.05")).to.equal("1234567890123456789012345678901234");
  });

  it("cuts the surplus digits of negatives", () => {
    expect(text("-9876543210987654321098765432109876.9")).to.equal("-9876543210987654321098765432109876");
  });

  it("keeps a 35th digit of some negatives", () => {
    expect(text("-123456789012345678901234567890.124999999999999999999")).to.equal(
      "-123456789012345678901234567890.12499",
    );
    const quotient = divideDecimal(
      parseDecimal("-98919509500000000000"),
      parseDecimal("123456789012345678901234567890.125"),
    );
    expect(formatDecimal(quotient)).to.equal("-0.00000000080124803416123230817221400436713742");
  });

  it("adds, subtracts and multiplies in normal form", () => {
    const a = parseDecimal("0.1");
    const b = parseDecimal("0.2");
    expect(formatDecimal(addDecimal(a, b))).to.equal("0.3");
    expect(formatDecimal(subtractDecimal(a, b))).to.equal("-0.1");
    expect(multiplyDecimal(parseDecimal("0.5"), parseDecimal("200"))).to.deep.equal({ digits: 1n, exponent: 2 });
    expect(formatDecimal(addDecimal(parseDecimal("1e30"), parseDecimal("1e-30")))).to.equal("1" + "0".repeat(30));
  });

  it("divides to 34 digits", () => {
    const divide = (x: string, y: string): string => formatDecimal(divideDecimal(parseDecimal(x), parseDecimal(y)));
    expect(divide("1", "3")).to.equal("0.3333333333333333333333333333333333");
    expect(divide("2", "3")).to.equal("0.6666666666666666666666666666666667");
    expect(divide("-2", "3")).to.equal("-0.66666666666666666666666666666666666");
    expect(divide("10", "4")).to.equal("2.5");
    expect(divide("0", "7")).to.equal("0");
    expect(divide("1e20", "-8")).to.equal("-12500000000000000000");
    expect(divide("1", "12345678901234567890123456789012345678")).to.equal(
      "0.00000000000000000000000000000000000008100000072900000663390006036849052",
    );
  });

  it("refuses division by zero", () => {
    expect(() => divideDecimal(parseDecimal("1"), parseDecimal("0"))).to.throw(
      RangeError,
      "attempted to divide BigDecimal `1` by zero",
    );
  });

  it("refuses integers above 435,412 bits with their sign", () => {
    const largest = 2n ** 435_411n - 1n;
    expect(boundedInteger(-largest)).to.equal(-largest);
    expect(() => boundedInteger(largest + 1n)).to.throw(RangeError, "total bits 435413 (max 435412)");
    expect(boundedPower(-3n, 3n)).to.equal(-27n);
    expect(boundedPower(0n, 0n)).to.equal(1n);
    expect(() => boundedPower(2n ** 400_000n, 255n)).to.throw(RangeError, "total bits at least 102000002");
  });

  it("refuses exponents that no number can have", () => {
    expect(() => parseDecimal("1e99999999999999999999")).to.throw(RangeError, "not a BigDecimal");
  });

  it("compares by value", () => {
    expect(compareDecimal(parseDecimal("-0.5"), parseDecimal("0.5"))).to.equal(-1);
    expect(compareDecimal(parseDecimal("100"), parseDecimal("1e2"))).to.equal(0);
    expect(compareDecimal(parseDecimal("2"), parseDecimal("1.999"))).to.equal(1);
    expect(normalizeDecimal(0n, 5)).to.deep.equal({ digits: 0n, exponent: 0 });
  });
});
