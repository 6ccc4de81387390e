import { expect } from "chai";

import { StreamPlaces } from "../../../../indexer/engine/server/stream-places.ts";

/** Two addresses, and whether they count as one. */
const PAIRS: readonly (readonly [one: string, other: string, isOne: boolean])[] = [
  ["10.0.0.1", "10.0.0.2", false],
  ["10.0.0.1", "::ffff:10.0.0.1", true],
  ["2001:db8:1:2::1", "2001:DB8:1:2:ffff::9", true],
  ["2001:db8:1:2::1", "2001:db8:1:3::1", false],
  ["2001:db8::1:2:3:4:5", "2001:db8:0:1::", true],
  ["2001:db8::1", "2001:db8:0:0:7::", true],
  ["::1", "::2", true],
  ["::1", "1::", false],
];

describe("stream places", () => {
  for (const [one, other, isOne] of PAIRS) {
    it(`counts ${one} and ${other} ${isOne ? "as one" : "apart"}`, () => {
      const places = new StreamPlaces(1);
      places.take(one);
      expect(places.isFullFor(one)).to.equal(true);
      expect(places.isFullFor(other)).to.equal(isOne);
    });
  }

  it("gives a place back once", () => {
    const places = new StreamPlaces(2);
    const first = places.take("10.0.0.1");
    places.take("10.0.0.1");
    first();
    first();
    expect(places.taken).to.equal(1);
    places.take("10.0.0.1");
    expect(places.isFullFor("10.0.0.1")).to.equal(true);
  });
});
