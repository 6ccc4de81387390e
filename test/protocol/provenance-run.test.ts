import type { Attestation } from "@pqmesh/contracts/protocol/attestation";
import { packRun, recordedBeacon } from "@pqmesh/contracts/protocol/provenance-run";
import { expect } from "chai";
import { type Hex, zeroHash } from "viem";

const word = (byte: string): Hex => `0x${byte.repeat(32)}`;

function attestation(sequence: bigint, changes: Partial<Attestation> = {}): Attestation {
  return {
    ...{ nodeIndex: 7, epoch: 0x0102030405060708n + sequence, sequence, beacon: word("be"), measurement: word("5e") },
    ...{ previous: sequence === 1n ? zeroHash : word("11"), shares: 0x202122232425262728292a2bn },
    ...{ cpuLoadBp: 0x3031, memoryUsedBp: 0x4041, storageUsedBp: 0x5051, heartbeats: 0x60616263 },
    ...{ latencyMicros: 0x70717273, space: 0x8081828384858687n, stake: 0x909192939495969798999a9b9c9d9e9fn },
    ...{ work: 0xa0a1a2a3a4a5a6a7n, time: 0xb0b1b2b3b4b5b6b7n },
    ...changes,
  };
}

describe("packRun", () => {
  it("writes every field at its place, 76 bytes for each attestation", () => {
    const { chain } = packRun([attestation(1n)], () => undefined);
    const fields = ["0102030405060709", "00", "00", "202122232425262728292a2b", "3031", "4041", "5051", "60616263"];
    const rest = ["70717273", "8081828384858687", "909192939495969798999a9b9c9d9e9f", "a0a1a2a3a4a5a6a7"];
    expect(chain).to.equal(`0x${[...fields, ...rest, "b0b1b2b3b4b5b6b7"].join("")}`);
  });

  it("names each beacon and each build once", () => {
    const made = [
      attestation(3n),
      attestation(4n, { beacon: word("bf") }),
      attestation(5n, { measurement: word("5f") }),
      attestation(6n, { beacon: word("bf"), measurement: word("5f") }),
    ];
    const known = recordedBeacon(9n, word("be"));
    const run = packRun(made, ({ beacon }) => (beacon === known.beacon ? known : undefined));
    expect(run.sources).to.deep.equal([known, recordedBeacon(0n, word("bf"))]);
    expect(run.builds).to.deep.equal([word("5e"), word("5f")]);
    const places = made.map((_, i) => run.chain.slice(2 + 152 * i + 16, 2 + 152 * i + 20));
    expect(places).to.deep.equal(["0000", "0100", "0001", "0101"]);
    expect({ node: run.nodeIndex, sequence: run.sequence, previous: run.previous }).to.deep.equal({
      ...{ node: 7, sequence: 3n, previous: word("11") },
    });
  });

  it("refuses none, gaps, other nodes and more than 256 beacons or builds", () => {
    const pack = (made: Attestation[]) => () => packRun(made, () => undefined);
    expect(pack([])).to.throw(RangeError, "a run has no attestation");
    expect(pack([attestation(1n), attestation(3n)])).to.throw(RangeError, "attestation 1 has sequence 3");
    expect(pack([attestation(1n), attestation(2n, { nodeIndex: 8 })])).to.throw(
      RangeError,
      "attestation 1 is of node 8",
    );
    const many = (field: "beacon" | "measurement") =>
      Array.from({ length: 257 }, (_, i) =>
        attestation(BigInt(i + 1), { [field]: `0x${i.toString(16).padStart(64, "0")}` }),
      );
    expect(pack(many("beacon").slice(0, 256))).not.to.throw();
    expect(pack(many("beacon"))).to.throw(RangeError, "a run names 257 beacons, at most 256");
    expect(pack(many("measurement"))).to.throw(RangeError, "a run names 257 builds, at most 256");
  });
});
