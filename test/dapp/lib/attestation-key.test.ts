import { expect } from "chai";
import { bytesToHex } from "viem";
import { readAttestationKey } from "../../../dapp/src/lib/attestation-key.ts";

const RAW = Uint8Array.from({ length: 1_952 }, (_, i) => (i * 31 + 7) % 256);
const KEY = bytesToHex(RAW);

describe("readAttestationKey", () => {
  it("reads hex, with and without 0x, with line breaks", () => {
    const wrapped = KEY.slice(2).replace(/(.{64})/g, "$1\n");
    for (const text of [KEY, KEY.slice(2), wrapped, KEY.toUpperCase().replace("0X", "0x")]) {
      expect(readAttestationKey(text)).to.deep.equal({ key: KEY });
    }
  });

  it("reads base64, base64url and JSON", () => {
    const base64 = Buffer.from(RAW).toString("base64");
    const url = Buffer.from(RAW).toString("base64url");
    for (const text of [base64, url, JSON.stringify({ kind: "ml-dsa-65", publicKey: KEY })]) {
      expect(readAttestationKey(text)).to.deep.equal({ key: KEY });
    }
  });

  it("reads a raw file and a text file", () => {
    expect(readAttestationKey(RAW)).to.deep.equal({ key: KEY });
    expect(readAttestationKey(new TextEncoder().encode(`${KEY}\n`))).to.deep.equal({ key: KEY });
  });

  it("names the length it got and the length it wants", () => {
    const reading = readAttestationKey(KEY.slice(0, -2));
    expect(reading).to.have.property("problem").that.includes("1,951 bytes").and.includes("1,952");
  });

  it("refuses keys for which anyone could sign", () => {
    for (const byte of [0x00, 0xff]) {
      const degenerate = RAW.slice().fill(byte, 32);
      expect(readAttestationKey(degenerate)).to.have.property("problem").that.includes("degenerate");
    }
  });

  it("refuses what is neither hex nor base64", () => {
    for (const text of ["", "  ", "no key at all!", "{broken", "abc"]) {
      expect(readAttestationKey(text), text).to.have.property("problem");
    }
  });
});
