import { parseProbes, type Probe, probedEpochs } from "@pqmesh/contracts/protocol/probe-journal";
import { expect } from "chai";

const AT = "2026-11-20T10:00:00.000Z";

function probe(epoch: number, changes: Partial<Probe> = {}): Probe {
  return { leaseId: "7", at: AT, epoch, isServed: true, milliseconds: 5, isConnecting: false, ...changes };
}

function journal(...probes: Probe[]): string {
  return probes.map((entry) => `${JSON.stringify(entry)}\n`).join("");
}

describe("parseProbes", () => {
  it("reads the probes of one lease", () => {
    const text = journal(probe(1), probe(2, { leaseId: "8" }), probe(3));
    expect(parseProbes(text, 7n).map(({ epoch }) => epoch)).to.deep.equal([1, 3]);
  });

  it("leaves out a last line that was cut", () => {
    expect(parseProbes(journal(probe(1)) + '{"leaseId":"7","at"', 7n)).to.have.length(1);
  });

  for (const [why, line] of [
    ["no JSON", "probe"],
    ["a field too many", JSON.stringify({ ...probe(1), more: 1 })],
    ["an epoch before the first", JSON.stringify(probe(-1))],
    ["no time", JSON.stringify({ ...probe(1), at: "today" })],
  ] as const) {
    it(`names a line with ${why}`, () => {
      expect(() => parseProbes(`${journal(probe(1))}${line}\n`, 7n)).to.throw("no probe in line 2");
    });
  }
});

describe("probedEpochs", () => {
  it("counts by epoch, lowest first", () => {
    const failed = { isServed: false, error: "refused" };
    const epochs = probedEpochs([probe(9), probe(8, failed), probe(9, failed)]);
    expect(epochs).to.deep.equal([
      { epoch: 8, served: 0, probes: 1, medianMilliseconds: null },
      { epoch: 9, served: 1, probes: 2, medianMilliseconds: 5 },
    ]);
  });

  it("measures connected probes where there are some", () => {
    const connecting = { isConnecting: true, milliseconds: 90 };
    const warm = [3, 1, 2].map((milliseconds) => probe(1, { milliseconds }));
    expect(probedEpochs([probe(1, connecting), ...warm])[0]!.medianMilliseconds).to.equal(2);
    expect(probedEpochs([probe(1, connecting)])[0]!.medianMilliseconds).to.equal(90);
  });
});
