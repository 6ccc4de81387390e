import { parameterNotes } from "@pqmesh/contracts/generated/parameter-notes";
import { expect } from "chai";
import { parseEther } from "viem";
import { formatMeshShort, formatShare, formatShort } from "../../../dapp/src/lib/format.ts";
import { formatParameter, parameterUnit } from "../../../dapp/src/lib/parameter-amount.ts";

describe("formatParameter", () => {
  it("speaks in human units", () => {
    expect(formatParameter(parseEther("10000"), "MESH wei")).to.equal("10,000 MESH");
    expect(formatParameter(1_814_400n, "seconds")).to.equal("21 d");
    expect(formatParameter(3_333n, "basis points of the seats")).to.equal("33.33 %");
    expect(formatParameter(100_500_000_000n, "units (9 decimals)")).to.equal("100.5 units");
    expect(formatParameter(10_080n, "epochs")).to.equal("10,080");
  });

  it("names what is counted where the number does not", () => {
    expect(parameterUnit("basis points of the seats")).to.equal("of the seats");
    expect(parameterUnit("MESH wei per report")).to.equal("per report");
    expect(parameterUnit("units (9 decimals)")).to.equal("");
    expect(parameterUnit("epochs")).to.equal("epochs");
    expect(parameterUnit("seconds")).to.equal("");
  });

  it("has a default and a reason for every row", () => {
    for (const [name, { standard, reason }] of Object.entries(parameterNotes)) {
      expect(standard, name).to.match(/^\d+$/);
      expect(reason, name).to.match(/\.$/);
    }
  });
});

describe("short forms of numbers", () => {
  it("never round a share up to the whole", () => {
    expect(formatShare(0.999984)).to.equal("99.9 %");
    expect([0.00039999999999999996, 0.0115].map(formatShare)).to.deep.equal(["0.04 %", "1.15 %"]);
    expect(formatShare(0.0000001)).to.equal("< 0.001 %");
    expect([0, 0.00012, 0.0123, 1].map(formatShare)).to.deep.equal(["0 %", "0.012 %", "1.23 %", "100 %"]);
  });

  it("fit an axis", () => {
    expect([formatMeshShort(parseEther("72000000")), formatShort(1_500), formatShort(0.02)]).to.deep.equal([
      "72M",
      "1.5K",
      "0.02",
    ]);
  });
});
