import { expect } from "chai";
import { ASSET_KINDS, type AssetKind } from "../../contracts/protocol/asset-kind.ts";
import { describeSpecs, formatSpecs, type ListingSpecs, parseSpecs } from "../../contracts/protocol/listing-specs.ts";
import { REGIONS, regionOf } from "../../contracts/protocol/region.ts";

const SAMPLES: { readonly [K in AssetKind]: ListingSpecs<K> } = {
  CPU: { threads: 8, clockMhz: 3_200, architecture: "x86-64" },
  GPU: { model: "H100 SXM", devices: 2, memoryMib: 81_920, interconnect: "NVLink" },
  Memory: { memoryMib: 1_536, isErrorCorrecting: true },
  Storage: { storageGib: 2_048, medium: "NVMe" },
  Network: { megabitsPerSecond: 10_000, trafficMibPerEpoch: 512, hasIpv6: true },
  Container: {
    milliThreads: 1_500,
    memoryMib: 2_048,
    storageGib: 20,
    architecture: "arm64",
    image: "docker.io/nginx:1",
  },
};

const SENTENCES: Readonly<Record<AssetKind, string>> = {
  CPU: "8 threads x86-64, 3,200 MHz",
  GPU: "2 × H100 SXM, 80 GiB each, NVLink",
  Memory: "1,536 MiB, ECC",
  Storage: "2 TiB NVMe",
  Network: "10 Gbit/s, 512 MiB per epoch, IPv6",
  Container: "1.5 threads arm64, 2 GiB memory, 20 GiB storage, docker.io/nginx:1",
};

/** What is wrong with specs; empty when nothing is. */
function flawsOf(kind: AssetKind, text: string): readonly string[] {
  const parsed = parseSpecs(kind, text);
  return "flaws" in parsed ? parsed.flaws : [];
}

describe("specs of a listing", () => {
  for (const kind of ASSET_KINDS) {
    it(`of ${kind} have a canonical text that reads back`, () => {
      const text = formatSpecs(kind, SAMPLES[kind] as never);
      expect(parseSpecs(kind, text)).to.deep.equal({ specs: SAMPLES[kind] });
      const keys = Object.keys(JSON.parse(text) as object);
      expect(keys, "order").to.deep.equal([...keys].sort());
      expect(text).not.to.match(/[:,] /);
      expect(describeSpecs(kind, SAMPLES[kind] as never)).to.equal(SENTENCES[kind]);
    });
  }

  it("name each field that is wrong and its limit", () => {
    expect(flawsOf("CPU", '{"threads":0,"architecture":"z80"}')).to.deep.equal([
      "specs of CPU: threads must be at least 1",
      "specs of CPU: architecture must be one of x86-64, arm64, riscv64",
    ]);
    expect(flawsOf("Storage", '{"storageGib":1,"medium":"SSD","iops":5}')).to.deep.equal([
      "specs of Storage: has unknown keys: iops",
    ]);
    expect(flawsOf("Memory", "{}")).to.deep.equal(["specs of Memory: memoryMib is missing"]);
    expect(flawsOf("Memory", '{"memoryMib":1.5}')).to.deep.equal(["specs of Memory: memoryMib must be a whole number"]);
    expect(flawsOf("GPU", '{"model":" ","devices":1,"memoryMib":512}')).to.deep.equal([
      "specs of GPU: model must be one line of text without spaces around it",
    ]);
  });

  it("are refused when they are no JSON, no object, empty or too long", () => {
    expect(flawsOf("CPU", "")).to.deep.equal(["specs are missing"]);
    expect(flawsOf("CPU", "not \u0000 JSON")).to.deep.equal(["specs are not JSON"]);
    expect(flawsOf("CPU", "[]")).to.deep.equal(["specs of CPU: must be an object"]);
    expect(flawsOf("CPU", "ü".repeat(513))).to.deep.equal(["specs must have at most 1024 bytes, these have 1026"]);
    expect(flawsOf("CPU", '{"__proto__":{"threads":1}}')).not.to.deep.equal([]);
    expect(() => formatSpecs("Memory", { memoryMib: 0 })).to.throw("memoryMib must be at least 1");
  });

  it("have a country whose region is one of five", () => {
    expect(["DE", "US", "KE", "JP", "NZ"].map(regionOf)).to.deep.equal(
      [...REGIONS].sort((a, b) => order(a) - order(b)),
    );
    expect(regionOf("AA")).to.equal(undefined);
  });
});

function order(region: string): number {
  return ["Europe", "Americas", "Africa", "Asia", "Oceania"].indexOf(region);
}
