import { ml_dsa65 } from "@noble/post-quantum/ml-dsa.js";
import { isDegenerateMlDsaKey } from "@pqmesh/contracts/protocol/ml-dsa-key";
import { expect } from "chai";
import { hexToBytes } from "viem";
import { mlDsaKeyVectors } from "./support/vectors.ts";

const { cases } = mlDsaKeyVectors();

describe("isDegenerateMlDsaKey", () => {
  for (const { name, key, degenerate } of cases) {
    it(`answers ${degenerate} for ${name}`, () => {
      expect(isDegenerateMlDsaKey(hexToBytes(key))).to.equal(degenerate);
    });
  }

  it("has vectors of both kinds", () => {
    expect(new Set(cases.map(({ degenerate }) => degenerate))).to.have.property("size", 2);
  });

  it("accepts honest keys", () => {
    for (let i = 0; i < 10; i += 1) expect(isDegenerateMlDsaKey(ml_dsa65.keygen().publicKey)).to.equal(false);
  });
});
