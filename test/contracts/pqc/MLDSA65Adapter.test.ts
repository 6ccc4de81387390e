import { expect } from "chai";
import { network } from "hardhat";

import { deployMlDsa } from "./support/ml-dsa-deployment.ts";
import { generateMlDsaKeyPair, signMlDsa } from "./support/ml-dsa-keys.ts";
import { flipBit } from "./support/random.ts";

const TRUE = `0x${"1".padStart(64, "0")}`;
const FALSE = `0x${"0".repeat(64)}`;
const SHORTEST_INPUT = 1952 + 3309;
/** The address that draft EIP-8355 gives the precompile. */
const PRECOMPILE = "0x0000000000000000000000000000000000000013";

const { ethers } = await network.create();
const mldsa = await deployMlDsa(ethers);
const layout = await ethers.deployContract("MLDSA65Layout8355", [mldsa.verifier]);
const adapter = await ethers.deployContract("MLDSA65Adapter", [layout, mldsa.verifier]);
const verifyInput = adapter.getFunction("verify(bytes)");
const verify = adapter.getFunction("verify(bytes,bytes,bytes,bytes)");

const plain = signMlDsa(generateMlDsaKeyPair(), new TextEncoder().encode("by layout"), new Uint8Array());
const contextual = signMlDsa(generateMlDsaKeyPair(), plain.message, new TextEncoder().encode("mesh"));
const inputOf = (c: typeof plain): Uint8Array => Buffer.concat([c.publicKey, c.signature, c.message]);

describe("MLDSA65Layout8355", () => {
  const ask = async (input: Uint8Array): Promise<string> => {
    return ethers.provider.call({ to: await layout.getAddress(), data: ethers.hexlify(input) });
  };

  it("answers one for a valid signature", async () => {
    expect(await ask(inputOf(plain))).to.equal(TRUE);
  });

  it("answers one for a valid signature of nothing", async () => {
    const c = signMlDsa(generateMlDsaKeyPair(), new Uint8Array(), new Uint8Array());
    expect(await ask(inputOf(c))).to.equal(TRUE);
  });

  it("answers zero for what is not valid", async () => {
    for (const bit of [0, 2000 * 8, SHORTEST_INPUT * 8]) {
      expect(await ask(flipBit(inputOf(plain), bit)), `bit ${bit}`).to.equal(FALSE);
    }
    expect(await ask(inputOf(contextual)), "another context").to.equal(FALSE);
  });

  it("answers zero for input that is too short", async () => {
    for (const length of [0, 4, SHORTEST_INPUT - 1]) {
      expect(await ask(inputOf(plain).subarray(0, length)), `${length} bytes`).to.equal(FALSE);
    }
  });
});

describe("MLDSA65Adapter", () => {
  it("verifies by byte layout", async () => {
    expect(await verifyInput(inputOf(plain)), "valid").to.equal(true);
    expect(await verifyInput(flipBit(inputOf(plain), 77)), "changed").to.equal(false);
    expect(await verifyInput("0x"), "empty").to.equal(false);
  });

  it("verifies signatures without a context through the target", async () => {
    expect(await verify(plain.publicKey, plain.message, "0x", plain.signature), "valid").to.equal(true);
    expect(await verify(plain.publicKey, plain.message, "0x", flipBit(plain.signature, 5)), "changed").to.equal(false);
  });

  it("verifies signatures with a context", async () => {
    const { publicKey, message, context, signature } = contextual;
    expect(await verify(publicKey, message, context, signature), "valid").to.equal(true);
    expect(await verify(publicKey, message, "0x", signature), "without its context").to.equal(false);
  });

  it("rejects lengths that only fit together", async () => {
    const key = plain.publicKey.subarray(0, 1951);
    const signature = Buffer.concat([plain.publicKey.subarray(1951), plain.signature]);
    expect(await verify(key, plain.message, "0x", signature)).to.equal(false);
    const shorter = plain.signature.subarray(0, 3308);
    const message = Buffer.concat([plain.signature.subarray(3308), plain.message]);
    expect(await verify(plain.publicKey, message, "0x", shorter)).to.equal(false);
  });

  it("reverts where the chain has no such precompile", async () => {
    const early = await ethers.deployContract("MLDSA65Adapter", [PRECOMPILE, mldsa.verifier]);
    await expect(early.getFunction("verify(bytes)")(inputOf(plain)))
      .to.be.revertedWithCustomError(adapter, "MLDSA65_NoVerifier")
      .withArgs(PRECOMPILE);
  });

  it("reverts, not returns false, when gas runs out", async () => {
    await expect(verifyInput(inputOf(plain), { gasLimit: 1_500_000n })).to.be.revertedWithCustomError(
      adapter,
      "MLDSA65_CallFailed",
    );
  });
});
