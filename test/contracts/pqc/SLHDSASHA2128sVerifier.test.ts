import { slh_dsa_sha2_128s } from "@noble/post-quantum/slh-dsa.js";
import { expect } from "chai";
import { network } from "hardhat";

import { createRandom, flipBit } from "./support/random.ts";
import {
  generateSlhDsaKeyPair,
  type SlhDsaCase,
  signWithOpenSsl,
  verifyWithNoble,
  verifyWithOpenSsl,
} from "./support/slh-dsa-keys.ts";
import { callTrimmed } from "./support/trimmed-call.ts";
import { readVectors } from "./support/vectors.ts";

interface VectorCase {
  readonly tcId: number;
  readonly pk: string;
  readonly message: string;
  readonly context?: string;
  readonly signature: string;
  readonly testPassed: boolean;
}

const VALID = "0x024ad318";
const INVALID = "0xffffffff";
const NODE_BYTES = 16;
const SIGNATURE_BYTES = 7856;
const NONE = new Uint8Array();

const { ethers } = await network.create();
const verifier = await ethers.deployContract("SLHDSASHA2128sVerifier");
const internal = await ethers.deployContract("SLHDSASHA2128sInternal");
const verifyOnChain = verifier.getFunction("verify(bytes32,bytes,bytes,bytes)");
const verifyHashOnChain = verifier.getFunction("verify(bytes,bytes32,bytes)");
const verifyInternalOnChain = internal.getFunction("verifyInternal(bytes32,bytes,bytes)");

const bytes = (hex: string): Uint8Array => new Uint8Array(Buffer.from(hex, "hex"));
const onChain = (c: SlhDsaCase): Promise<boolean> => verifyOnChain(c.publicKey, c.message, c.context, c.signature);

function signed(message: Uint8Array, context: Uint8Array): SlhDsaCase {
  const pair = generateSlhDsaKeyPair();
  return { publicKey: pair.publicKey, message, context, signature: signWithOpenSsl(pair.privateKey, message, context) };
}

describe("SLHDSASHA2128sVerifier", () => {
  const sample = signed(bytes("706f73742d7175616e74756d"), bytes("6d657368"));

  describe("on official vectors", () => {
    const file = readVectors<{ testGroups: { parameterSet: string; tests: VectorCase[] }[] }>(
      "SLH-DSA-SHA2-128s-sigVer-internal.json",
    );
    const group = file?.testGroups.find((g) => g.parameterSet === "SLH-DSA-SHA2-128s");
    for (const t of group?.tests ?? []) {
      it(`gives ${t.testPassed} for internal case ${t.tcId}`, async () => {
        expect(await verifyInternalOnChain(bytes(t.pk), bytes(t.message), bytes(t.signature))).to.equal(t.testPassed);
      });
    }
    it("runs nine internal cases where the file exists", () => {
      expect(group?.tests.length ?? 9).to.equal(9);
    });

    const external = readVectors<{ tests: VectorCase[] }>("SLH-DSA-SHA2-128s-external-selfgen.json");
    for (const t of external?.tests ?? []) {
      it(`gives ${t.testPassed} for external case ${t.tcId}`, async () => {
        const c = {
          publicKey: bytes(t.pk),
          message: bytes(t.message),
          context: bytes(t.context ?? ""),
          signature: bytes(t.signature),
        };
        expect(await onChain(c), "chain").to.equal(t.testPassed);
        expect(verifyWithNoble(c), "noble").to.equal(t.testPassed);
        expect(verifyWithOpenSsl(c), "OpenSSL").to.equal(t.testPassed);
      });
    }
  });

  describe("verify", () => {
    it("accepts a valid signature", async () => {
      expect(await onChain(sample)).to.equal(true);
    });

    it("accepts an empty message and a context of 255 bytes", async () => {
      expect(await onChain(signed(NONE, new Uint8Array(255).fill(7)))).to.equal(true);
    });

    it("rejects a change in any node of the signature", async () => {
      for (let node = 0; node < SIGNATURE_BYTES / NODE_BYTES; node++) {
        const signature = flipBit(sample.signature, (node * NODE_BYTES + (node % NODE_BYTES)) * 8 + (node % 8));
        expect(await onChain({ ...sample, signature }), `node ${node}`).to.equal(false);
      }
    }).timeout(120_000);

    it("rejects signatures of any other length", async () => {
      for (const length of [0, 1, 31, 32, SIGNATURE_BYTES - 1, SIGNATURE_BYTES + 1, 2 * SIGNATURE_BYTES]) {
        const signature = new Uint8Array(length);
        signature.set(sample.signature.subarray(0, length));
        expect(await onChain({ ...sample, signature }), `${length} bytes`).to.equal(false);
      }
    });

    it("rejects a signature that is declared a byte shorter than it is", async () => {
      const args = [sample.publicKey, sample.message, sample.context, sample.signature];
      expect(await callTrimmed(verifier, "verify(bytes32,bytes,bytes,bytes)", args, 3)).to.equal(false);
    });

    it("rejects another PK.seed and another PK.root", async () => {
      for (const bit of [0, 127, 128, 255]) {
        expect(await onChain({ ...sample, publicKey: flipBit(sample.publicKey, bit) }), `bit ${bit}`).to.equal(false);
      }
    });

    it("rejects another message", async () => {
      const message = flipBit(sample.message, 3);
      expect(await onChain({ ...sample, message }), "flipped bit").to.equal(false);
      expect(await onChain({ ...sample, message: NONE }), "empty").to.equal(false);
      expect(await onChain({ ...sample, message: sample.message.subarray(1) }), "shorter").to.equal(false);
    });

    it("rejects another context", async () => {
      expect(await onChain({ ...sample, context: NONE }), "none").to.equal(false);
      expect(await onChain({ ...sample, context: flipBit(sample.context, 0) }), "flipped bit").to.equal(false);
      expect(await onChain({ ...sample, context: new Uint8Array(255) }), "longest").to.equal(false);
    });

    it("rejects a byte moved between context and message", async () => {
      const context = sample.context.subarray(0, 3);
      const message = Buffer.concat([sample.context.subarray(3), sample.message]);
      expect(await onChain({ ...sample, context, message })).to.equal(false);
    });

    it("rejects a context of 256 bytes whose length wraps to zero", async () => {
      const context = new Uint8Array(256).fill(9);
      const pair = slh_dsa_sha2_128s.keygen(new Uint8Array(48).fill(5));
      const prefixed = Buffer.concat([Buffer.from([0, 0]), context, sample.message]);
      const signature = slh_dsa_sha2_128s.internal.sign(prefixed, pair.secretKey);
      const c = { publicKey: pair.publicKey, message: sample.message, context, signature };
      expect(await verifyInternalOnChain(c.publicKey, prefixed, signature), "internal").to.equal(true);
      expect(await onChain({ ...c, context: NONE, message: prefixed.subarray(2) }), "as message").to.equal(true);
      expect(await onChain(c), "as context").to.equal(false);
    }).timeout(20_000);

    it("rejects signatures over unprefixed and pre-hashed messages", async () => {
      const pair = slh_dsa_sha2_128s.keygen(new Uint8Array(48).fill(6));
      for (const prefix of [[], [1, 0]]) {
        const prefixed = Buffer.concat([Buffer.from(prefix), sample.message]);
        const signature = slh_dsa_sha2_128s.internal.sign(prefixed, pair.secretKey);
        const c = { publicKey: pair.publicKey, message: sample.message, context: NONE, signature };
        expect(await onChain(c), `prefix of ${prefix.length} bytes`).to.equal(false);
      }
    }).timeout(20_000);

    it("rejects random bytes without reverting", async () => {
      const random = createRandom();
      for (let i = 0; i < 10; i++) {
        const c = {
          publicKey: random.bytes(32),
          message: random.bytes(random.below(100)),
          context: random.bytes(random.below(300)),
          signature: random.bytes(SIGNATURE_BYTES),
        };
        expect(await onChain(c), `seed ${random.seed}, case ${i}`).to.equal(false);
      }
    });

    it("reverts, not returns false, when gas runs out", async () => {
      const enough = await verifyOnChain.estimateGas(
        sample.publicKey,
        sample.message,
        sample.context,
        sample.signature,
      );
      const random = createRandom();
      for (let i = 0; i < 20; i++) {
        const gasLimit = 160_000n + (BigInt(random.below(1_000_000)) * (enough - 170_000n)) / 1_000_000n;
        const call = verifyOnChain(sample.publicKey, sample.message, sample.context, sample.signature, { gasLimit });
        const verdict = await call.catch(() => "reverted");
        expect(verdict, `seed ${random.seed}, gas limit ${gasLimit}`).to.equal("reverted");
      }
    });
  });

  describe("verify of ERC-7913", () => {
    const hash = new Uint8Array(32).fill(0xa5);
    const c = signed(hash, NONE);

    it("accepts a signature of the hash with an empty context", async () => {
      expect(await verifyHashOnChain(c.publicKey, hash, c.signature)).to.equal(VALID);
    });

    it("rejects another hash, signature or context", async () => {
      expect(await verifyHashOnChain(c.publicKey, flipBit(hash, 9), c.signature), "hash").to.equal(INVALID);
      expect(await verifyHashOnChain(c.publicKey, hash, flipBit(c.signature, 9)), "signature").to.equal(INVALID);
      const contextual = signed(hash, bytes("00"));
      const verdict = await verifyHashOnChain(contextual.publicKey, hash, contextual.signature);
      expect(verdict, "context").to.equal(INVALID);
    });

    it("rejects keys of any other length", async () => {
      for (const key of [NONE, c.publicKey.subarray(0, 31), Buffer.concat([c.publicKey, Buffer.from([0])])]) {
        expect(await verifyHashOnChain(key, hash, c.signature), `${key.length} bytes`).to.equal(INVALID);
      }
    });
  });
});
