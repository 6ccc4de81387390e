import { expect } from "chai";
import { network } from "hardhat";

import { mlDsaKeyVectors } from "../../protocol/support/vectors.ts";
import { deployMlDsa } from "./support/ml-dsa-deployment.ts";
import { generateMlDsaKeyPair } from "./support/ml-dsa-keys.ts";
import * as model from "./support/ml-dsa-model.ts";

const COEFFICIENTS = 1536;
const LARGE_COEFFICIENTS_MIN = 768;

const { ethers } = await network.create();
const mldsa = await deployMlDsa(ethers);
const isDegenerate = mldsa.internal.getFunction("isDegenerate");

/** A key whose coefficient number i of t1 is `coefficient(i)`. */
function keyWith(coefficient: (i: number) => number): Uint8Array {
  const t1 = Array.from({ length: 6 }, (_, row) => Array.from({ length: 256 }, (_, n) => coefficient(256 * row + n)));
  return model.encodePublicKey(new Uint8Array(32), t1);
}

describe("MLDSA65Keys", () => {
  it("accepts honest keys", async () => {
    for (let i = 0; i < 10; i++) expect(await isDegenerate(generateMlDsaKeyPair().publicKey)).to.equal(false);
  });

  it("calls keys of another length degenerate", async () => {
    const { publicKey } = generateMlDsaKeyPair();
    expect(await isDegenerate(publicKey.subarray(1)), "shorter").to.equal(true);
    expect(await isDegenerate(Buffer.concat([publicKey, Buffer.from([0])])), "longer").to.equal(true);
  });

  for (const { name, key, degenerate } of mlDsaKeyVectors().cases) {
    it(`answers ${degenerate} for the vector "${name}", as TypeScript does`, async () => {
      expect(await isDegenerate(key)).to.equal(degenerate);
    });
  }

  for (const value of [0, 1, 63, 960, 1022, 1023]) {
    it(`takes a coefficient of ${value} for small`, async () => {
      expect(await isDegenerate(keyWith(() => value))).to.equal(true);
    });
  }

  for (const value of [64, 100, 512, 959]) {
    it(`takes a coefficient of ${value} for large`, async () => {
      expect(await isDegenerate(keyWith(() => value))).to.equal(false);
    });
  }

  it("counts coefficients at every place alike", async () => {
    for (const step of [1, 5, 7]) {
      const place = (i: number): number => (i * step) % COEFFICIENTS;
      const chosen = (count: number): Set<number> => {
        return new Set(Array.from({ length: COEFFICIENTS }, (_, i) => place(i)).slice(0, count));
      };
      for (const [count, expected] of [
        [LARGE_COEFFICIENTS_MIN, false],
        [LARGE_COEFFICIENTS_MIN - 1, true],
      ] as const) {
        const large = chosen(count);
        const key = keyWith((i) => (large.has(i) ? 700 : 1023));
        expect(await isDegenerate(key), `${large.size} large, step ${step}`).to.equal(expected);
      }
    }
  });
});
