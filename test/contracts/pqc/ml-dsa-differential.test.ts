import { expect } from "chai";
import { network } from "hardhat";

import { deployMlDsa } from "./support/ml-dsa-deployment.ts";
import type { MlDsaCase } from "./support/ml-dsa-keys.ts";
import { generateMlDsaKeyPair, signMlDsa, verifyWithNoble, verifyWithOpenSsl } from "./support/ml-dsa-keys.ts";
import { mutate } from "./support/mutate.ts";
import { createRandom, fuzzFactor, type Random } from "./support/random.ts";

/** Cases of one run; ten times as many in the long one. */
const SCALE = fuzzFactor === 1 ? 1 : 10;
const SIGNED = 300 * SCALE;
const MUTATED = 2_000 * SCALE;
/** Of so many mutated cases one is verified from the raw key, the others from the registered one. */
const RAW_EVERY = 8;
/** Mutated cases of one signature; each signature has a key of its own. */
const PER_SIGNATURE = 200;
const TIME_LIMIT = 600_000 * SCALE;

const { ethers } = await network.create();
const { verifyRaw, verifyRegistered } = await deployMlDsa(ethers);

/** A statement of random length, context and key. */
function signedCase(random: Random): MlDsaCase {
  return signMlDsa(generateMlDsaKeyPair(), random.bytes(random.below(300)), random.bytes(1 + random.below(255)));
}

describe("ML-DSA-65 on chain, noble and OpenSSL", () => {
  const random = createRandom();

  it(`accept ${SIGNED} random messages, keys and contexts (seed ${random.seed})`, async () => {
    for (let i = 0; i < SIGNED; i++) {
      const c = signedCase(random);
      expect(verifyWithNoble(c), `noble, case ${i}`).to.equal(true);
      expect(verifyWithOpenSsl(c), `OpenSSL, case ${i}`).to.equal(true);
      expect(await verifyRaw(c), `chain, case ${i}`).to.equal(true);
    }
  }).timeout(TIME_LIMIT);

  it(`agree on ${MUTATED} mutated signatures and keys (seed ${random.seed})`, async () => {
    let sample = signedCase(random);
    for (let i = 0; i < MUTATED; i++) {
      if (i % PER_SIGNATURE === 0) sample = signedCase(random);
      const isRaw = i % RAW_EVERY === 0;
      const isKey = isRaw && i % (2 * RAW_EVERY) === 0;
      const field = isKey
        ? "publicKey"
        : (["signature", "signature", "signature", "message", "context"] as const)[i % 5];
      const c = mutate(sample, field ?? "signature", random);
      const native = verifyWithOpenSsl(c);
      expect(verifyWithNoble(c), `noble, case ${i}`).to.equal(native);
      expect(await (isRaw ? verifyRaw(c) : verifyRegistered(c)), `chain, case ${i}`).to.equal(native);
    }
  }).timeout(TIME_LIMIT);
});
