import { readFileSync } from "node:fs";
import { join } from "node:path";

import { shake128, shake256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";
import { network } from "hardhat";

import { compileYul, fillYul } from "../../../scripts/generate/pqc/compile-yul.ts";
import { expanderParts } from "../../../scripts/generate/pqc/expander.ts";
import { PUBLIC_KEY_BYTES } from "./support/ml-dsa-keys.ts";
import * as model from "./support/ml-dsa-model.ts";
import { createRandom } from "./support/random.ts";

const TR_BYTES = 64;
const [ROWS, COLUMNS, DEGREE] = [6, 5, 256];
/** Bytes of nine coefficients, and bits of one. */
const [WORD_BYTES, FIELD_BITS] = [26, 23];
const SOURCE = join(import.meta.dirname, "../../../contracts/pqc/yul/MLDSA65Expander.yul");

const { ethers, provider } = await network.create();
const expander = await ethers.deployContract("MLDSA65Expander");
const random = createRandom();

const expandAt = async (address: string, publicKey: Uint8Array): Promise<Buffer> => {
  const output = await ethers.provider.call({ to: address, data: ethers.hexlify(publicKey) });
  return Buffer.from(output.slice(2), "hex");
};
const expand = async (publicKey: Uint8Array): Promise<Buffer> => expandAt(await expander.getAddress(), publicKey);

/** An expander that asks for `blocks` blocks of a stream at most, and for more than five at the first rejection. */
async function deployImpatient(blocks: number): Promise<string> {
  const parts = new Map(expanderParts()).set("NEEDED", "280");
  const source = readFileSync(SOURCE, "utf8").replace("lt(blocks, 7)", `lt(blocks, ${blocks + 1})`);
  const code = compileYul("MLDSA65Expander", fillYul(source, parts));
  const address = ethers.getAddress(ethers.toBeHex(0xe0000 + blocks, 20));
  await provider.request({ method: "hardhat_setCode", params: [address, `0x${code}`] });
  return address;
}

describe(`MLDSA65Expander (seed ${random.seed})`, () => {
  it("expands keys as the standard says", async () => {
    for (let i = 0; i < 6; i++) {
      const publicKey = random.bytes(PUBLIC_KEY_BYTES);
      const expanded = await expand(publicKey);
      expect(
        expanded.subarray(0, TR_BYTES).equals(Buffer.from(shake256(publicKey, { dkLen: TR_BYTES }))),
        "tr",
      ).to.equal(true);
      expect(coefficientsOf(expanded), `key ${i}`).to.deep.equal(model.expandKey(publicKey));
    }
  });

  it("returns nothing for keys of any other length", async () => {
    for (const length of [0, 1, PUBLIC_KEY_BYTES - 1, PUBLIC_KEY_BYTES + 1]) {
      expect((await expand(random.bytes(length))).length, `${length} bytes`).to.equal(0);
    }
  });

  it("expands keys with many rejected candidates", async () => {
    const publicKey = keyWithRejections(13);
    expect(coefficientsOf(await expand(publicKey))).to.deep.equal(model.expandKey(publicKey));
  });

  it("comes to the same from six blocks of a stream as from five", async () => {
    const publicKey = keyWithRejections(1);
    const impatient = await deployImpatient(6);
    expect((await expandAt(impatient, publicKey)).equals(await expand(publicKey))).to.equal(true);
  });

  it("returns nothing when the last block does not suffice", async () => {
    const impatient = await deployImpatient(5);
    expect((await expandAt(impatient, keyWithRejections(1))).length).to.equal(0);
  });
});

/** The nine coefficients of each word of an expanded key, by row, column and index; column 5 is -NTT(t1 2^d). */
function coefficientsOf(expanded: Buffer): number[][][] {
  const result = Array.from({ length: ROWS }, () => Array.from({ length: COLUMNS + 1 }, () => Array<number>(DEGREE)));
  for (let word = 0; word < 4 * DEGREE; word++) {
    const at = TR_BYTES + WORD_BYTES * word;
    let value = BigInt(`0x${expanded.subarray(at, at + WORD_BYTES).toString("hex")}`);
    const [index, group, half] = [word >> 2, (word >> 1) & 1, word & 1];
    for (let field = 0; field < 9; field++) {
      const row = result[3 * group + Math.floor(field / 3)];
      const polynomial = row?.[3 * half + (field % 3)];
      if (polynomial) polynomial[index] = Number(value & ((1n << BigInt(FIELD_BITS)) - 1n)) % model.Q;
      value >>= BigInt(FIELD_BITS);
    }
  }
  return result;
}

/** A key in whose matrix at least `count` candidates are rejected. */
function keyWithRejections(count: number): Uint8Array {
  for (;;) {
    const publicKey = random.bytes(PUBLIC_KEY_BYTES);
    if (rejections(publicKey) >= count) return publicKey;
  }
}

function rejections(publicKey: Uint8Array): number {
  let rejected = 0;
  for (let i = 0; i < ROWS * COLUMNS; i++) {
    const seed = Buffer.concat([publicKey.subarray(0, 32), Buffer.from([i % COLUMNS, Math.floor(i / COLUMNS)])]);
    const stream = Buffer.from(shake128(seed, { dkLen: 3 * DEGREE }));
    for (let at = 0; at < stream.length; at += 3) {
      if ((stream.readUIntLE(at, 3) & 0x7fffff) >= model.Q) rejected++;
    }
  }
  return rejected;
}
