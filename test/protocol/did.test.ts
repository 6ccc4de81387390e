import { formatDid, parseDid } from "@pqmesh/contracts/protocol/did";
import { expect } from "chai";
import { didVectors } from "./support/vectors.ts";

const { cases, invalid } = didVectors();

describe("PQC-DID", () => {
  for (const { chainId, registry, nodeIndex, did } of cases) {
    it(`formats and parses ${did}`, () => {
      const named = { chainId: Number(chainId), registry, nodeIndex: Number(nodeIndex) };
      expect(formatDid(named)).to.equal(did);
      expect(parseDid(did)).to.deep.equal(named);
    });
  }

  for (const did of invalid) {
    it(`refuses "${did}"`, () => {
      expect(() => parseDid(did)).to.throw(Error, `"${did}"`);
    });
  }
});
