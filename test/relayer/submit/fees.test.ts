import { expect } from "chai";
import { bumpFees, capFees, suggestFees } from "../../../relayer/src/submit/fees.ts";

describe("fees", () => {
  it("offers twice the base fee and the tip", () => {
    expect(suggestFees(10n, 3n)).to.deep.equal({ maxFeePerGas: 23n, maxPriorityFeePerGas: 3n });
  });

  it("raises both fees by at least 12.5 %", () => {
    for (const fee of [1n, 7n, 999n, 1_000n, 123_456_789n]) {
      const old = { maxFeePerGas: fee, maxPriorityFeePerGas: fee };
      const { maxFeePerGas, maxPriorityFeePerGas } = bumpFees(old, { maxFeePerGas: 0n, maxPriorityFeePerGas: 0n });
      expect(Number(maxFeePerGas * 1_000n), `fee after ${fee}`).to.be.at.least(Number(fee * 1_125n));
      expect(Number(maxPriorityFeePerGas * 1_000n), `tip after ${fee}`).to.be.at.least(Number(fee * 1_125n));
    }
  });

  it("follows the market when that asks for more", () => {
    const bumped = bumpFees(suggestFees(10n, 3n), suggestFees(100n, 3n));
    expect(bumped.maxFeePerGas).to.equal(203n);
  });

  it("never offers a tip above the fee", () => {
    const { maxFeePerGas, maxPriorityFeePerGas } = bumpFees(
      { maxFeePerGas: 10n, maxPriorityFeePerGas: 10n },
      { maxFeePerGas: 10n, maxPriorityFeePerGas: 50n },
    );
    expect(maxFeePerGas >= maxPriorityFeePerGas).to.equal(true);
  });

  it("stays at the ceiling", () => {
    const capped = capFees({ maxFeePerGas: 90n, maxPriorityFeePerGas: 70n }, 50n);
    expect(capped).to.deep.equal({ maxFeePerGas: 50n, maxPriorityFeePerGas: 50n });
  });
});
