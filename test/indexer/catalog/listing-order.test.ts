import { expect } from "chai";

import { countRows, fillRows, listRows, wordsFor } from "../../../indexer/catalog/bitmap.ts";
import { ListingOrder } from "../../../indexer/catalog/listing-order.ts";
import { seededRandom } from "../fixture/random-activity.ts";

/** Enough that an order keeps bitmaps of its beginnings. */
const MANY = 70_001;
const KEYS = 500;

describe("an order of listings", () => {
  for (const many of [MANY, 3_000]) {
    it(`of ${many} rows equals a plain sort after every change`, () => {
      const random = seededRandom(5);
      const keys = Uint16Array.from({ length: many + 100 }, () => random(KEYS));
      const order = new ListingOrder({
        compare: (a, b) => keys[a]! - keys[b]! || a - b,
        digits: [
          { of: (row) => keys[row]! % 10, count: 10 },
          { of: (row) => Math.floor(keys[row]! / 10), count: KEYS / 10 },
        ],
      });
      let count = many;
      for (let round = 0; round < 5; round++) {
        const plain = Array.from({ length: count }, (_, row) => row).sort((a, b) => keys[a]! - keys[b]! || a - b);
        expect(Buffer.from(order.rows(count).buffer).equals(Buffer.from(Uint32Array.from(plain).buffer))).to.equal(
          true,
        );
        for (let i = 0; i < 20; i++) {
          const from = random(count);
          const until = Math.min(count, from + random(i % 2 === 0 ? 3_000 : count));
          const set = new Uint32Array(wordsFor(count));
          fillRows(set, count);
          order.narrow(set, count, { from, until });
          expect(countRows(set), `rows from ${from} to ${until}`).to.equal(until - from);
          const sample = new Set(plain.slice(from, until));
          expect(listRows(set).every((row) => sample.has(row))).to.equal(true);
        }
        const middle = random(KEYS);
        expect(order.position(count, (row) => keys[row]! < middle)).to.equal(
          plain.findIndex((row) => keys[row]! >= middle),
        );
        for (let i = 0; i < 50; i++) {
          const row = random(count);
          keys[row] = random(KEYS);
          order.touch(row);
        }
        count += round === 2 ? -7 : random(10);
      }
    });
  }

  it("narrows to nothing where a range is empty or turned around", () => {
    const order = new ListingOrder({ compare: (a, b) => a - b, digits: [] });
    for (const [from, until] of [
      [5, 5],
      [9, 3],
      [0, 0],
    ] as const) {
      const set = new Uint32Array(wordsFor(40));
      fillRows(set, 40);
      order.narrow(set, 40, { from, until });
      expect(countRows(set)).to.equal(0);
    }
  });
});
