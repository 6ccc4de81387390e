import { randomBytes, randomInt } from "node:crypto";
import { expect } from "chai";

import {
  DER,
  der,
  derChildren,
  derInteger,
  derOid,
  derTime,
  readDer,
  readDerTime,
} from "../../../relayer/src/pki/der.ts";

describe("DER writing", () => {
  it("uses the shortest length", () => {
    const headers = [0, 127, 128, 255, 256, 65_536].map((length) => der(DER.octetString, Buffer.alloc(length)));
    expect(headers.map((bytes, i) => bytes.subarray(0, [2, 2, 3, 3, 4, 5][i]).toString("hex"))).to.deep.equal([
      "0400",
      "047f",
      "048180",
      "0481ff",
      "04820100",
      "0483010000",
    ]);
  });

  it("keeps integers positive", () => {
    expect([0n, 127n, 128n, 256n].map((value) => derInteger(value).toString("hex"))).to.deep.equal([
      "020100",
      "02017f",
      "02020080",
      "02020100",
    ]);
  });

  it("writes object identifiers", () => {
    expect(derOid("2.16.840.1.101.3.4.3.18").toString("hex")).to.equal("0609608648016503040312");
  });

  it("changes from two-digit to four-digit years in 2050", () => {
    const [before, after] = [new Date("2049-12-31T23:59:59.900Z"), new Date("2050-01-01T00:00:00Z")];
    expect(derTime(before).toString("latin1", 2)).to.equal("491231235959Z");
    expect(derTime(after).toString("latin1", 2)).to.equal("20500101000000Z");
    for (const date of [new Date("2026-11-20T12:34:56Z"), after]) {
      expect(readDerTime(readDer(derTime(date)))).to.deep.equal(date);
    }
  });
}).timeout(10_000);

describe("DER reading", () => {
  it("refuses truncated, indefinite and multi-byte-tag elements", () => {
    for (const hex of ["", "30", "3005", "30820001", "3080", "1f8101", "30850000000001"]) {
      expect(() => readDer(Buffer.from(hex, "hex")), hex).to.throw(RangeError);
    }
  });

  it("survives random bytes with a RangeError", () => {
    for (let round = 0; round < 5_000; round += 1) {
      try {
        derChildren(readDer(randomBytes(randomInt(1, 40))));
      } catch (error) {
        expect(error).to.be.instanceOf(RangeError);
      }
    }
  });
}).timeout(10_000);
