import { expect } from "chai";
import { network } from "hardhat";

import { deployMlDsa } from "./support/ml-dsa-deployment.ts";
import {
  forge,
  forgeAtFifteen,
  forgeAtUnit,
  forgeMalformed,
  forgeWithCoefficient,
  MALFORMED_HINTS,
  prefixed,
  smallResponse,
} from "./support/ml-dsa-forgery.ts";
import { generateMlDsaKeyPair, PUBLIC_KEY_BYTES, SIGNATURE_BYTES, signMlDsa } from "./support/ml-dsa-keys.ts";
import * as model from "./support/ml-dsa-model.ts";
import { createRandom, flipBit } from "./support/random.ts";
import { callTrimmed } from "./support/trimmed-call.ts";

const VALID = "0x024ad318";
const INVALID = "0xffffffff";
const NONE = new Uint8Array();
const CHALLENGE_BYTES = 48;
const Z_BYTES = 640;
const HINTS_AT = CHALLENGE_BYTES + 5 * Z_BYTES;

const { ethers } = await network.create();
const mldsa = await deployMlDsa(ethers);
const { verifyRaw } = mldsa;
const verifyHash = mldsa.verifier.getFunction("verify(bytes,bytes32,bytes)");

const text = (s: string): Uint8Array => new TextEncoder().encode(s);

describe("MLDSA65Verifier", () => {
  const sample = signMlDsa(generateMlDsaKeyPair(), text("post-quantum"), text("mesh"));

  describe("verify", () => {
    it("accepts a valid signature", async () => {
      expect(await verifyRaw(sample)).to.equal(true);
    });

    it("accepts messages at every edge of a hash block", async () => {
      const pair = generateMlDsaKeyPair();
      for (const length of [0, 1, 68, 69, 70, 71, 136, 204, 205, 206, 207]) {
        const c = signMlDsa(pair, new Uint8Array(length).fill(length), NONE);
        expect(await verifyRaw(c), `${length} bytes`).to.equal(true);
      }
    });

    it("accepts a context of 255 bytes", async () => {
      expect(await verifyRaw(signMlDsa(generateMlDsaKeyPair(), NONE, new Uint8Array(255).fill(7)))).to.equal(true);
    });

    it("rejects keys and signatures of any other length", async () => {
      for (const length of [0, 1, PUBLIC_KEY_BYTES - 1, PUBLIC_KEY_BYTES + 1, 2592]) {
        expect(await verifyRaw({ ...sample, publicKey: resize(sample.publicKey, length) }), `key, ${length}`).to.equal(
          false,
        );
      }
      for (const length of [0, 1, SIGNATURE_BYTES - 1, SIGNATURE_BYTES + 1, 4627]) {
        expect(await verifyRaw({ ...sample, signature: resize(sample.signature, length) }), `sig, ${length}`).to.equal(
          false,
        );
      }
    });

    it("rejects a key or a signature that is declared a byte shorter than it is", async () => {
      const args = [sample.publicKey, sample.message, sample.context, sample.signature];
      for (const position of [0, 3]) {
        const verdict = await callTrimmed(mldsa.verifier, "verify(bytes,bytes,bytes,bytes)", args, position);
        expect(verdict, `argument ${position}`).to.equal(false);
      }
    });

    it("rejects a change in any part of the key", async () => {
      for (const byte of [0, 31, ...[0, 1, 2, 3, 4, 5].map((row) => 32 + 320 * row + 37 * row)]) {
        const publicKey = flipBit(sample.publicKey, byte * 8 + 3);
        expect(await verifyRaw({ ...sample, publicKey }), `byte ${byte}`).to.equal(false);
      }
    });

    it("rejects a change in any part of the signature", async () => {
      const z = [0, 1, 2, 3, 4].map((i) => CHALLENGE_BYTES + Z_BYTES * i + 101 * i);
      for (const byte of [0, 8, 24, 47, ...z, HINTS_AT, HINTS_AT + 54, HINTS_AT + 55, HINTS_AT + 60]) {
        const signature = flipBit(sample.signature, byte * 8);
        expect(await verifyRaw({ ...sample, signature }), `byte ${byte}`).to.equal(false);
      }
    });

    it("rejects another message", async () => {
      expect(await verifyRaw({ ...sample, message: flipBit(sample.message, 3) }), "flipped bit").to.equal(false);
      expect(await verifyRaw({ ...sample, message: NONE }), "empty").to.equal(false);
      expect(await verifyRaw({ ...sample, message: sample.message.subarray(1) }), "shorter").to.equal(false);
    });

    it("rejects another context", async () => {
      expect(await verifyRaw({ ...sample, context: NONE }), "none").to.equal(false);
      expect(await verifyRaw({ ...sample, context: flipBit(sample.context, 0) }), "flipped bit").to.equal(false);
      const context = sample.context.subarray(0, 3);
      const message = Buffer.concat([sample.context.subarray(3), sample.message]);
      expect(await verifyRaw({ ...sample, context, message }), "byte moved to the message").to.equal(false);
    });

    it("rejects a context of 256 bytes whose length wraps to zero", async () => {
      const context = new Uint8Array(256).fill(9);
      const c = forge(Uint8Array.from([0, 0, ...context, ...sample.message]), model.zeroResponse());
      expect(await verifyRaw({ ...c, message: Buffer.concat([context, sample.message]) }), "as message").to.equal(true);
      expect(await verifyRaw({ ...c, context, message: sample.message }), "as context").to.equal(false);
    });

    it("rejects signatures over unprefixed and pre-hashed messages", async () => {
      for (const prefix of [[], [1, 0]]) {
        const c = forge(Uint8Array.from([...prefix, ...sample.message]), model.zeroResponse());
        const verdict = await verifyRaw({ ...c, message: sample.message });
        expect(verdict, `prefix of ${prefix.length} bytes`).to.equal(false);
      }
    });

    it("rejects random bytes without reverting", async () => {
      const random = createRandom();
      for (let i = 0; i < 5; i++) {
        const c = {
          publicKey: random.bytes(PUBLIC_KEY_BYTES),
          message: random.bytes(random.below(200)),
          context: random.bytes(random.below(300)),
          signature: random.bytes(SIGNATURE_BYTES),
        };
        expect(await verifyRaw(c), `seed ${random.seed}, case ${i}`).to.equal(false);
      }
    });

    it("reverts, not returns false, when gas runs out", async () => {
      const random = createRandom();
      const raw = mldsa.verifier.getFunction("verify(bytes,bytes,bytes,bytes)");
      const enough = await raw.estimateGas(sample.publicKey, sample.message, sample.context, sample.signature);
      for (let i = 0; i < 5; i++) {
        const gasLimit = 300_000n + (BigInt(random.below(1_000_000)) * (enough - 400_000n)) / 1_000_000n;
        const call = raw(sample.publicKey, sample.message, sample.context, sample.signature, { gasLimit });
        const verdict: unknown = await call.catch(() => "reverted");
        expect(verdict, `seed ${random.seed}, gas limit ${gasLimit}`).to.equal("reverted");
      }
    });
  });

  describe("the norm of z", () => {
    const bound = model.GAMMA1 - model.BETA;
    const places = [0, 1, 2, 3, 4].flatMap((i) => [0, 1, 2, 255].map((n) => [i, n] as const));

    for (const value of [bound - 1, 1 - bound]) {
      it(`accepts a coefficient of ${value} anywhere`, async () => {
        for (const [i, n] of places) {
          expect(await verifyRaw(forgeWithCoefficient(i, n, value)), `z[${i}][${n}]`).to.equal(true);
        }
      });
    }

    for (const value of [bound, -bound, model.GAMMA1, 1 - model.GAMMA1]) {
      it(`rejects a coefficient of ${value} anywhere`, async () => {
        for (const [i, n] of places) {
          expect(await verifyRaw(forgeWithCoefficient(i, n, value)), `z[${i}][${n}]`).to.equal(false);
        }
      });
    }
  });

  describe("hints", () => {
    const accepted: [string, number[][]][] = [
      ["none", model.noHints()],
      ["the first and the last position", [[0, 255], [], [], [], [], [0, 255]]],
      ["one position in every row", model.noHints().map(() => [77])],
      ["55 in one row", [[], [], Array.from({ length: 55 }, (_, i) => 3 * i), [], [], []]],
      ["55 over all rows", [10, 10, 10, 10, 10, 5].map((n, r) => Array.from({ length: n }, (_, i) => 25 * i + r))],
    ];
    for (const [name, hints] of accepted) {
      it(`accepts ${name}`, async () => {
        expect(await verifyRaw(forge(prefixed(sample.message), smallResponse(), { hints }))).to.equal(true);
      });
    }

    for (const [name, malformed] of Object.entries(MALFORMED_HINTS)) {
      it(`rejects ${name}`, async () => {
        expect(await verifyRaw(forgeMalformed(malformed))).to.equal(false);
      });
    }

    it("rejects a hint that is not applied", async () => {
      const encodedHints = model.encodeHints([[], [], [], [], [200], []]);
      const c = forge(prefixed(sample.message), smallResponse(), { hints: model.noHints(), encodedHints });
      expect(await verifyRaw(c)).to.equal(false);
    });

    it("lowers a high part of 0 to 15 where w is 0", async () => {
      const hints = [[0, 1, 2, 3], [4], [5], [6], [7], [255]];
      expect(model.useHint(true, 0), "the model").to.equal(15);
      expect(await verifyRaw(forge(prefixed(sample.message), model.zeroResponse(), { hints }))).to.equal(true);
    });

    it("lowers a high part of 0 to 15 where w is q - 1", async () => {
      expect(model.useHint(true, model.Q - 1), "the model").to.equal(15);
      expect(await verifyRaw(forgeAtUnit(-1))).to.equal(true);
    });

    it("raises a high part of 0 to 1 where w is 1", async () => {
      expect(model.useHint(true, 1), "the model").to.equal(1);
      expect(await verifyRaw(forgeAtUnit(1))).to.equal(true);
    });

    it("raises a high part of 15 to 0", async () => {
      expect(await verifyRaw(forgeAtFifteen())).to.equal(true);
    });
  });

  describe("the challenge", () => {
    it("is compared in full, also where nothing else depends on it", async () => {
      const c = forge(prefixed(sample.message), smallResponse());
      expect(await verifyRaw(c), "unchanged").to.equal(true);
      for (let byte = 0; byte < CHALLENGE_BYTES; byte += 4) {
        expect(await verifyRaw({ ...c, signature: flipBit(c.signature, 8 * byte + 1) }), `byte ${byte}`).to.equal(
          false,
        );
      }
    });
  });

  describe("verify of ERC-7913", () => {
    const hash = new Uint8Array(32).fill(0xa5);
    const c = signMlDsa(generateMlDsaKeyPair(), hash, NONE);

    it("accepts a signature of the hash with an empty context", async () => {
      expect(await verifyHash(c.publicKey, hash, c.signature)).to.equal(VALID);
    });

    it("rejects another hash, signature, context or key length", async () => {
      expect(await verifyHash(c.publicKey, flipBit(hash, 9), c.signature), "hash").to.equal(INVALID);
      expect(await verifyHash(c.publicKey, hash, flipBit(c.signature, 9)), "signature").to.equal(INVALID);
      const contextual = signMlDsa(generateMlDsaKeyPair(), hash, text("a"));
      expect(await verifyHash(contextual.publicKey, hash, contextual.signature), "context").to.equal(INVALID);
      expect(await verifyHash(NONE, hash, c.signature), "no key").to.equal(INVALID);
      expect(await verifyHash(resize(c.publicKey, 1953), hash, c.signature), "longer key").to.equal(INVALID);
    });
  });

  describe("constructor", () => {
    it("refuses helpers with other code", async () => {
      const { core, expander, verifier } = mldsa;
      const factory = await ethers.getContractFactory("MLDSA65Verifier");
      await expect(factory.deploy(expander, expander), "core").to.be.revertedWithCustomError(
        verifier,
        "MLDSA65_WrongCode",
      );
      await expect(factory.deploy(core, core), "expander").to.be.revertedWithCustomError(verifier, "MLDSA65_WrongCode");
      await expect(factory.deploy(core, ethers.ZeroAddress), "none").to.be.revertedWithCustomError(
        verifier,
        "MLDSA65_WrongCode",
      );
    });
  });
});

function resize(data: Uint8Array, length: number): Uint8Array {
  const resized = new Uint8Array(length);
  resized.set(data.subarray(0, length));
  return resized;
}
