import { expect } from "chai";

import { compareDecimal, parseDecimal } from "../../../../indexer/engine/values/big-decimal.ts";
import {
  decodeSortableDecimal,
  decodeSortableInteger,
  encodeSortableDecimal,
  encodeSortableInteger,
} from "../../../../indexer/engine/values/sortable-number.ts";

describe("sortable numbers", () => {
  const around = [
    0n,
    1n,
    9n,
    127n,
    128n,
    255n,
    256n,
    65_535n,
    65_536n,
    2n ** 63n,
    2n ** 64n,
    2n ** 128n,
    2n ** 256n - 1n,
    10n ** 300n,
  ];
  const integers = around.flatMap((value) => [value, value + 1n, -value, -value - 1n]);
  const decimals = [
    "0",
    "1",
    "-1",
    "0.1",
    "-0.1",
    "12",
    "123",
    "-12",
    "-123",
    "1.2",
    "1.23",
    "-1.2",
    "-1.23",
    "1e30",
    "-1e30",
    "1e-30",
    "-1e-30",
    "99.5",
    "100",
  ];

  it("decimals whose first digit lies too far away are refused", () => {
    for (const text of ["1e32768", "-1e99999", "1e-32770", "-1e-99999"])
      expect(() => encodeSortableDecimal(parseDecimal(text)), text).to.throw("exceeds the limit of");
  });

  it("integers come back as they went in", () => {
    for (const value of integers)
      expect(decodeSortableInteger(encodeSortableInteger(value)), `${value}`).to.equal(value);
  });

  it("integers sort as blobs like numbers", () => {
    for (const a of integers) {
      for (const b of integers) {
        const bytes = Buffer.compare(encodeSortableInteger(a), encodeSortableInteger(b));
        expect(Math.sign(bytes), `${a} and ${b}`).to.equal(a < b ? -1 : Number(a > b));
      }
    }
  });

  it("decimals come back as they went in", () => {
    for (const text of decimals)
      expect(decodeSortableDecimal(encodeSortableDecimal(parseDecimal(text))), text).to.deep.equal(parseDecimal(text));
  });

  it("decimals sort as blobs like numbers", () => {
    for (const a of decimals) {
      for (const b of decimals) {
        const [x, y] = [parseDecimal(a), parseDecimal(b)];
        const bytes = Buffer.compare(encodeSortableDecimal(x), encodeSortableDecimal(y));
        expect(Math.sign(bytes), `${a} and ${b}`).to.equal(compareDecimal(x, y));
      }
    }
  });

  it("refuses integers beyond its length field", () => {
    expect(() => encodeSortableInteger(1n << 262_200n)).to.throw(RangeError, "exceeds the limit of 32767");
  });
});
