import { ASSET_KINDS, type AssetKind } from "@pqmesh/contracts/protocol/asset-kind";
import { expect } from "chai";
import { SPEC_LABELS, specFields, type TypedSpecs, typedSpecs, writeSpecs } from "../../../dapp/src/lib/spec-fields.ts";
import { specLines, specSummary } from "../../../dapp/src/lib/spec-lines.ts";

const TYPED: Record<AssetKind, TypedSpecs> = {
  CPU: { threads: "8", architecture: "x86-64", clockMhz: "3200" },
  GPU: { model: "A100", devices: "2", memoryMib: "81920", interconnect: "NVLink" },
  Memory: { memoryMib: "16384", isErrorCorrecting: "yes" },
  Storage: { storageGib: "500", medium: "NVMe", isEncrypted: "no" },
  Network: { megabitsPerSecond: "1000", hasIpv6: "yes" },
  Container: { milliThreads: "500", memoryMib: "512", storageGib: "0", architecture: "arm64" },
};

describe("specFields", () => {
  for (const kind of ASSET_KINDS) {
    it(`has a label for every field of ${kind}`, () => {
      for (const { key } of specFields(kind)) expect(SPEC_LABELS, key).to.have.property(key);
    });

    it(`writes and reads back what was typed for ${kind}`, () => {
      const { text, problem } = writeSpecs(kind, TYPED[kind]);
      expect(problem).to.equal(undefined);
      expect(typedSpecs(kind, text)).to.include(TYPED[kind]);
      expect(specSummary(kind, text)).not.to.include("no valid specs");
      expect(specLines(kind, text)).to.have.length(Object.keys(TYPED[kind]).length);
    });
  }

  it("tells choices, numbers and what may be empty", () => {
    const fields = new Map(specFields("CPU").map((field) => [field.key, field]));
    expect(fields.get("architecture")).to.deep.include({ type: "choice", isRequired: true });
    expect(fields.get("threads")).to.deep.include({ type: "number", isRequired: true });
    expect(fields.get("clockMhz")).to.deep.include({ type: "number", isRequired: false });
  });
});

describe("writeSpecs", () => {
  it("names what is missing", () =>
    expect(writeSpecs("CPU", { threads: "8" }).problem).to.equal("Architecture is missing."));
  it("names what is no number", () => {
    expect(writeSpecs("Memory", { memoryMib: "much" }).problem).to.equal("Memory, MiB must be a whole number.");
  });
  it("names field and limit of what is too large", () => {
    expect(writeSpecs("CPU", { ...TYPED.CPU, threads: "5000" }).problem).to.match(/threads .*4096/);
  });
});

describe("specLines", () => {
  it("says nothing of specs that break their schema", () => {
    for (const text of ["", "no JSON", "[]", '{"threads":"<b>"}', '{"__proto__":{}}']) {
      expect(specLines("CPU", text), text).to.deep.equal([]);
      expect(specSummary("CPU", text), text).to.equal("no valid specs");
    }
  });
});
