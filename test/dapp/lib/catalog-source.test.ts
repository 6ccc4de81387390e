import { listingQueryShape } from "@pqmesh/contracts/protocol/catalog-api";
import { expect } from "chai";
import { catalogQuery } from "../../../dapp/src/lib/catalog-source.ts";
import { readSearch, searchedToken } from "../../../dapp/src/lib/listing-search.ts";
import { DOLLAR } from "../support/market-fixtures.ts";

const query = (text: string) => {
  const search = readSearch(new URLSearchParams(text));
  return catalogQuery(search, searchedToken(search, [DOLLAR]));
};

describe("catalogQuery", () => {
  it("asks the Catalog for what was searched", () => {
    expect(query("kind=gpu&country=DE&region=europe&privacy=p2p&price=0.5&trust=80&free=2&sort=free")).to.deep.equal({
      ...{ sort: "free-units", kind: "GPU", jurisdiction: "DE", region: "Europe", privacy: "P2P" },
      ...{ minTrust: 8_000, minFreeUnits: 2, token: DOLLAR.address, priceMax: "500000" },
    });
  });

  it("names a token where prices are compared, and only there", () => {
    expect(query("sort=price")).to.deep.equal({ sort: "price", token: DOLLAR.address });
    expect(query("sort=trust")).to.deep.equal({ sort: "trust" });
  });

  it("compares no prices while no token is known", () => {
    expect(catalogQuery({ sort: "price", maxPrice: "1" }, undefined)).to.deep.equal({ sort: "newest" });
  });

  it("asks for nothing that the Catalog refuses", () => {
    for (const text of ["free=0", "free=99999", "trust=0", "trust=100", "price=0", "price=18446744073709.551615"]) {
      const asked = Object.entries(query(text)).map(([name, value]) => [name, String(value)]);
      expect(listingQueryShape.safeParse(Object.fromEntries(asked)).error, text).to.equal(undefined);
    }
  });
});
