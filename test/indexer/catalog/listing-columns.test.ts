import { listingQueryShape } from "@pqmesh/contracts/protocol/catalog-api";
import { expect } from "chai";

import { ListingColumns } from "../../../indexer/catalog/listing-columns.ts";
import { ListingSearch } from "../../../indexer/catalog/listing-search.ts";

/** More tokens than 16 bits can tell apart. */
const TOKENS = 65_540;

const tokenOf = (number: number): string => `0x${number.toString(16).padStart(40, "0")}`;

/** A market in which each listing is paid in a token of its own. */
function manyTokens(): ListingColumns {
  const columns = new ListingColumns();
  for (let number = 1; number <= TOKENS; number++) {
    columns.put({
      ...{ number, node: 0, operator: 1, kind: 0, privacy: 4, units: 1, soldUnits: 0, shareBp: 1, version: 1 },
      ...{
        isPaused: false,
        isRetired: false,
        isMetered: false,
        token: tokenOf(number),
        price: BigInt(TOKENS - number),
      },
      ...{ jurisdiction: null, createdAt: 0, updatedAt: 0 },
    });
  }
  return columns;
}

describe("listings in more than 65,536 tokens", () => {
  const columns = manyTokens();
  const search = new ListingSearch(columns);
  const find = (query: Record<string, string>): number[] => {
    const { rows, total } = search.find(listingQueryShape.parse({ status: "all", ...query }));
    expect(total).to.equal(rows.length);
    return rows.map((row) => row + 1);
  };

  for (const number of [1, 4, 65_536, 65_537, 65_540]) {
    it(`finds listing ${number} by its token, and no other`, () => {
      const token = tokenOf(number);
      expect(columns.tokenOf(number - 1)).to.equal(token);
      expect(find({ token })).to.deep.equal([number]);
      const price = String(TOKENS - number);
      expect(find({ token, sort: "price", priceMin: price, priceMax: price })).to.deep.equal([number]);
    });
  }

  it("finds nothing in a token that no listing is paid in", () => {
    expect(find({ token: tokenOf(0) })).to.deep.equal([]);
    expect(find({ token: tokenOf(0), priceMin: "0" })).to.deep.equal([]);
  });

  it("forgets every token with the listings", () => {
    const own = manyTokens();
    own.clear();
    expect(new ListingSearch(own).find(listingQueryShape.parse({ token: tokenOf(1) })).total).to.equal(0);
  });
});
