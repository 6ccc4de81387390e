import { expect } from "chai";
import { network } from "hardhat";

import { mutate } from "./support/mutate.ts";
import { createRandom, fuzzFactor } from "./support/random.ts";
import { type SlhDsaCase, signSlhDsaCase, verifyWithNoble, verifyWithOpenSsl } from "./support/slh-dsa-keys.ts";

const IS_LONG = fuzzFactor > 1;
/** Cases of one run; signatures take long to make. */
const SIGNED = IS_LONG ? 600 : 300;
const MUTATED = IS_LONG ? 20_000 : 2_000;
/** Signatures that OpenSSL makes at once, on threads of its own. */
const AT_ONCE = 4;
const TIME_LIMIT = IS_LONG ? 3_600_000 : 1_800_000;

const { ethers } = await network.create();
const verifier = await ethers.deployContract("SLHDSASHA2128sVerifier");
const verifyOnChain = verifier.getFunction("verify(bytes32,bytes,bytes,bytes)");
const onChain = (c: SlhDsaCase): Promise<boolean> =>
  verifyOnChain(c.publicKey, c.message, c.context, c.signature) as Promise<boolean>;

const random = createRandom();
let made: Promise<SlhDsaCase[]> | undefined;

/** Statements of random length and context, each under a key of its own. They are signed once for all tests. */
function signedCases(): Promise<SlhDsaCase[]> {
  made ??= (async () => {
    const inputs = Array.from({ length: SIGNED }, () => {
      return [random.bytes(random.below(300)), random.bytes(random.below(256))] as const;
    });
    const cases: SlhDsaCase[] = [];
    for (let i = 0; i < SIGNED; i += AT_ONCE) {
      const some = inputs.slice(i, i + AT_ONCE);
      cases.push(...(await Promise.all(some.map(([message, context]) => signSlhDsaCase(message, context)))));
    }
    return cases;
  })();
  return made;
}

describe("SLH-DSA-SHA2-128s on chain, noble and OpenSSL", () => {
  it(`accept ${SIGNED} random messages, keys and contexts (seed ${random.seed})`, async () => {
    for (const [i, c] of (await signedCases()).entries()) {
      expect(verifyWithNoble(c), `noble, case ${i}`).to.equal(true);
      expect(verifyWithOpenSsl(c), `OpenSSL, case ${i}`).to.equal(true);
      expect(await onChain(c), `chain, case ${i}`).to.equal(true);
    }
  }).timeout(TIME_LIMIT);

  it(`agree on ${MUTATED} mutated signatures, keys, messages and contexts (seed ${random.seed})`, async () => {
    const cases = await signedCases();
    const fields = ["signature", "signature", "signature", "publicKey", "message", "context"] as const;
    const verdicts = { true: 0, false: 0 };
    for (let i = 0; i < MUTATED; i++) {
      const c = mutate(cases[i % cases.length], fields[i % fields.length], random);
      const native = verifyWithOpenSsl(c);
      expect(verifyWithNoble(c), `noble, case ${i}`).to.equal(native);
      expect(await onChain(c), `chain, case ${i}`).to.equal(native);
      verdicts[`${native}`]++;
    }
    expect(verdicts.false, "cases that all refuse").to.be.greaterThan(MUTATED / 2);
  }).timeout(TIME_LIMIT);
});
