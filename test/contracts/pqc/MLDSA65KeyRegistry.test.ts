import { expect } from "chai";
import { network } from "hardhat";

import { deployMlDsa } from "./support/ml-dsa-deployment.ts";
import {
  generateMlDsaKeyPair,
  PUBLIC_KEY_BYTES,
  SIGNATURE_BYTES,
  signMlDsa,
  verifyWithOpenSsl,
} from "./support/ml-dsa-keys.ts";
import * as model from "./support/ml-dsa-model.ts";
import { createRandom, flipBit, fuzzFactor } from "./support/random.ts";

const VALID = "0x024ad318";
const INVALID = "0xffffffff";
const NONE = new Uint8Array();
/** EIP-7825. */
const TRANSACTION_GAS_CAP = 16_777_216n;

const { ethers } = await network.create();
const mldsa = await deployMlDsa(ethers);
const { registry, verifyRegistered } = mldsa;
const register = registry.getFunction("register");
const isRegistered = registry.getFunction("isRegistered");
const locate = registry.getFunction("locate");
const verify = registry.getFunction("verify(bytes32,bytes,bytes,bytes)");
const verifyHash = registry.getFunction("verify(bytes,bytes32,bytes)");

describe("MLDSA65KeyRegistry", () => {
  describe("register", () => {
    it("stores a key at two addresses that follow from it", async () => {
      const { publicKey } = generateMlDsaKeyPair();
      const keyId = ethers.keccak256(publicKey);
      const [head, tail] = await locate(keyId);
      expect(await isRegistered(keyId), "before").to.equal(false);
      await expect(register(publicKey)).to.emit(registry, "KeyRegistered").withArgs(keyId, head, tail);
      expect(await isRegistered(keyId), "after").to.equal(true);
      const code = [await ethers.provider.getCode(head), await ethers.provider.getCode(tail)];
      const expanded = await ethers.provider.call({
        to: await mldsa.expander.getAddress(),
        data: ethers.hexlify(publicKey),
      });
      expect(code.map((c) => c.slice(0, 4))).to.deep.equal(["0x00", "0x00"]);
      expect(code.map((c) => c.slice(4)).join("")).to.equal(expanded.slice(2));
    });

    it("fits one transaction", async () => {
      const transaction = await register(generateMlDsaKeyPair().publicKey);
      expect((await transaction.wait()).gasUsed < TRANSACTION_GAS_CAP).to.equal(true);
    });

    it("refuses keys of any other length", async () => {
      for (const length of [0, PUBLIC_KEY_BYTES - 1, PUBLIC_KEY_BYTES + 1]) {
        await expect(register(new Uint8Array(length).fill(0x35)), `${length} bytes`)
          .to.be.revertedWithCustomError(registry, "MLDSAKeyRegistry_KeyLength")
          .withArgs(length, PUBLIC_KEY_BYTES);
      }
    });

    it("refuses a key a second time", async () => {
      const { publicKey } = generateMlDsaKeyPair();
      await register(publicKey);
      await expect(register(publicKey))
        .to.be.revertedWithCustomError(registry, "MLDSAKeyRegistry_KeyKnown")
        .withArgs(ethers.keccak256(publicKey));
    });

    it("refuses keys for which anyone can sign", async () => {
      for (const value of [0, 1023]) {
        const t1 = Array.from({ length: 6 }, () => Array<number>(256).fill(value));
        const publicKey = model.encodePublicKey(new Uint8Array(32).fill(value & 0xff), t1);
        await expect(register(publicKey), `t1 = ${value}`)
          .to.be.revertedWithCustomError(registry, "MLDSAKeyRegistry_KeyDegenerate")
          .withArgs(ethers.keccak256(publicKey));
      }
    });

    it("registers nothing when gas does not suffice", async () => {
      const { publicKey } = generateMlDsaKeyPair();
      for (const gasLimit of [2_000_000n, 3_500_000n, 7_900_000n, 8_200_000n]) {
        const outcome: unknown = await register(publicKey, { gasLimit }).catch(() => "reverted");
        expect(outcome, `gas limit ${gasLimit}`).to.equal("reverted");
        expect(await isRegistered(ethers.keccak256(publicKey)), `gas limit ${gasLimit}`).to.equal(false);
      }
      await register(publicKey);
    });
  });

  describe("verify", () => {
    const pair = generateMlDsaKeyPair();
    const sample = signMlDsa(pair, new TextEncoder().encode("registered"), new TextEncoder().encode("mesh"));
    const keyId = ethers.keccak256(pair.publicKey);

    it("accepts a valid signature", async () => {
      expect(await verifyRegistered(sample)).to.equal(true);
    });

    it("rejects any change of signature, message or context", async () => {
      await mldsa.register(sample.publicKey);
      for (const [field, bit] of [
        ["signature", 9],
        ["signature", 9000],
        ["message", 5],
        ["context", 5],
      ] as const) {
        const c = { ...sample, [field]: flipBit(sample[field], bit) };
        expect(await verifyRegistered(c), `${field}, bit ${bit}`).to.equal(false);
      }
      expect(await verifyRegistered({ ...sample, context: new Uint8Array(256) }), "context of 256 bytes").to.equal(
        false,
      );
    });

    it("rejects signatures of any other length", async () => {
      for (const length of [0, SIGNATURE_BYTES - 1, SIGNATURE_BYTES + 1]) {
        const signature = new Uint8Array(length);
        signature.set(sample.signature.subarray(0, length));
        expect(await verifyRegistered({ ...sample, signature }), `${length} bytes`).to.equal(false);
      }
    });

    it("rejects a signature under another registered key", async () => {
      const other = generateMlDsaKeyPair();
      expect(await verifyRegistered({ ...sample, publicKey: other.publicKey })).to.equal(false);
    });

    it("reverts for a key that nobody has registered", async () => {
      const unknown = ethers.keccak256(generateMlDsaKeyPair().publicKey);
      await expect(verify(unknown, sample.message, sample.context, sample.signature))
        .to.be.revertedWithCustomError(registry, "MLDSAKeyRegistry_KeyUnknown")
        .withArgs(unknown);
    });

    it("reverts, not returns false, when gas runs out", async () => {
      await mldsa.register(sample.publicKey);
      const random = createRandom();
      const enough = await verify.estimateGas(keyId, sample.message, sample.context, sample.signature);
      for (let i = 0; i < 5; i++) {
        const gasLimit = 100_000n + (BigInt(random.below(1_000_000)) * (enough - 130_000n)) / 1_000_000n;
        const call = verify(keyId, sample.message, sample.context, sample.signature, { gasLimit });
        const verdict: unknown = await call.catch(() => "reverted");
        expect(verdict, `seed ${random.seed}, gas limit ${gasLimit}`).to.equal("reverted");
      }
    });

    it("agrees with OpenSSL on mutated signatures", async () => {
      const random = createRandom();
      for (let i = 0; i < 10 * fuzzFactor; i++) {
        const signature = flipBit(sample.signature, random.below(sample.signature.length * 8));
        const c = { ...sample, signature };
        expect(await verifyRegistered(c), `seed ${random.seed}, case ${i}`).to.equal(verifyWithOpenSsl(c));
      }
    }).timeout(60_000 * fuzzFactor);
  });

  describe("verify of ERC-7913", () => {
    const hash = new Uint8Array(32).fill(0x7e);
    const c = signMlDsa(generateMlDsaKeyPair(), hash, NONE);
    const keyId = ethers.keccak256(c.publicKey);

    it("accepts a signature of the hash by a registered key", async () => {
      await mldsa.register(c.publicKey);
      expect(await verifyHash(keyId, hash, c.signature)).to.equal(VALID);
    });

    it("rejects unknown keys, keys of other lengths, other hashes and signatures", async () => {
      await mldsa.register(c.publicKey);
      const unknown = ethers.keccak256("0x00");
      expect(await verifyHash(unknown, hash, c.signature), "unknown key").to.equal(INVALID);
      expect(await verifyHash("0x", hash, c.signature), "no key").to.equal(INVALID);
      expect(await verifyHash(`${keyId}00`, hash, c.signature), "longer key").to.equal(INVALID);
      expect(await verifyHash(keyId, flipBit(hash, 1), c.signature), "hash").to.equal(INVALID);
      expect(await verifyHash(keyId, hash, flipBit(c.signature, 1)), "signature").to.equal(INVALID);
      expect(await verifyHash(keyId, hash, NONE), "no signature").to.equal(INVALID);
    });
  });
});
