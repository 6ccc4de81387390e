import { statementTypes } from "@pqmesh/contracts/protocol/eip712";
import {
  decodeIndexList,
  encodeIndexList,
  hashReceipt,
  hashReport,
  leaderSeat,
  quorumOf,
  shardOf,
} from "@pqmesh/contracts/protocol/report";
import { expect } from "chai";
import { receiptVectors, reportVectors } from "./support/vectors.ts";

const { cases, indexLists, invalidIndexLists, quorums, leaders, shards } = reportVectors();

describe("report codec", () => {
  for (const { name, domain, message, digest } of cases) {
    it(`hashes the vector "${name}"`, () => {
      expect(hashReport(domain, message)).to.equal(digest);
    });
  }

  it("covers every field at both ends", () => {
    const names = cases.map(({ name }) => name);
    expect(names).to.include.members(["all zero", "all largest"]);
    expect(names).to.include.members(statementTypes.Report.map(({ name }) => `${name} largest`));
    expect(new Set(cases.map(({ digest }) => digest)).size, "different digests").to.equal(cases.length);
  });

  it("encodes and decodes index lists", () => {
    for (const { indices, list } of indexLists) {
      expect(encodeIndexList(indices.map(Number)), "encoded").to.equal(list);
      expect(decodeIndexList(list), "decoded").to.deep.equal(indices.map(Number));
    }
  });

  it("sorts and deduplicates what it encodes", () => {
    expect(encodeIndexList([9, 3, 9, 511, 0])).to.equal("0x00000003000901ff");
  });

  it("refuses to encode indices outside a shard", () => {
    for (const index of [-1, 512, 1.5, Number.NaN]) {
      expect(() => encodeIndexList([0, index]), `${index}`).to.throw(RangeError, `local index is ${index}`);
    }
  });

  it("refuses lists that the bridge refuses", () => {
    for (const list of invalidIndexLists) {
      expect(() => decodeIndexList(list), list).to.throw(RangeError, "index list");
    }
  });

  it("needs more than two thirds of the seats", () => {
    for (const { seats, quorum } of quorums) {
      expect(quorumOf(Number(seats)), `quorum of ${seats}`).to.equal(Number(quorum));
      expect(3 * Number(quorum), "is more than two thirds").to.be.greaterThan(2 * Number(seats));
      expect(3 * (Number(quorum) - 1), "one less is not").to.be.at.most(2 * Number(seats));
    }
  });

  it("rotates the leader over epochs, shards and rounds", () => {
    for (const { epoch, shard, round, seats, seat } of leaders) {
      expect(leaderSeat(BigInt(epoch), Number(shard), Number(round), Number(seats))).to.equal(Number(seat));
    }
    const rounds = Array.from({ length: 4 }, (_, round) => leaderSeat(5n, 1, round, 4));
    expect(rounds.toSorted(), "each seat once").to.deep.equal([0, 1, 2, 3]);
  });

  it("puts 512 nodes into a shard", () => {
    for (const { nodeIndex, shard } of shards) expect(shardOf(Number(nodeIndex))).to.equal(Number(shard));
  });
});

describe("receipt codec", () => {
  for (const { name, domain, message, digest } of receiptVectors().cases) {
    it(`hashes the vector "${name}" for chain ${domain.chainId}`, () => {
      expect(hashReceipt(domain, message)).to.equal(digest);
    });
  }
});
