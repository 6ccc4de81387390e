import { randomBytes } from "node:crypto";
import { keccak_256 } from "@noble/hashes/sha3.js";
import { expect } from "chai";
import { bytesToHex, stringToBytes } from "viem";
import { createKeccak256 } from "../../../relayer/src/ingest/keccak.ts";

describe("Keccak-256 on WebAssembly", () => {
  const keccak = createKeccak256();

  it("hashes the empty input and a known text", () => {
    const empty = "0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470";
    expect(bytesToHex(keccak(new Uint8Array(0)))).to.equal(empty);
    const abc = "0x4e03657aea45a94fc7d47ba826c8d667c0d1e6e33a64a036ec44f58fa12d6c45";
    expect(bytesToHex(keccak(stringToBytes("abc")))).to.equal(abc);
  });

  it("agrees with the library at every length around block borders", () => {
    for (let length = 0; length <= 4 * 136 + 2; length++) {
      const input = new Uint8Array(randomBytes(length));
      expect(bytesToHex(keccak(input)), `${length} bytes`).to.equal(bytesToHex(keccak_256(input)));
    }
  });

  it("agrees with the library on long inputs", () => {
    for (const length of [3_309, 3_491, 65_000]) {
      const input = new Uint8Array(randomBytes(length));
      expect(bytesToHex(keccak(input)), `${length} bytes`).to.equal(bytesToHex(keccak_256(input)));
    }
  });

  it("keeps nothing of the input before", () => {
    const short = stringToBytes("abc");
    const first = keccak(short);
    keccak(new Uint8Array(60_000).fill(0xff));
    expect(keccak(short)).to.deep.equal(first);
  });

  it("refuses inputs that do not fit its memory", () => {
    expect(() => keccak(new Uint8Array(65_536))).to.throw(RangeError, "65536 bytes");
  });
});
