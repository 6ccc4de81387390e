import { expect } from "chai";
import {
  fitsSearch,
  LISTING_SORTS,
  readSearch,
  searchedToken,
  sortListings,
} from "../../../dapp/src/lib/listing-search.ts";
import { DOLLAR, listingOf, TERMS } from "../support/market-fixtures.ts";

const EURO = { address: "0x00000000000000000000000000000000000e0114", symbol: "TEUR", decimals: 2 } as const;
const read = (query: string) => readSearch(new URLSearchParams(query));

describe("readSearch", () => {
  it("reads what the address says", () => {
    expect(
      read(`kind=gpu&country=de&privacy=fullpublic&price=0.5&trust=80&free=2&sort=price&token=${EURO.address}`),
    ).to.deep.equal({
      token: EURO.address,
      ...{ kind: "GPU", country: "DE", privacy: "FullPublic", maxPrice: "0.5", minTrust: 80, minFree: 2 },
      sort: "price",
    });
  });

  it("takes what it does not know as not given", () => {
    const asked = "kind=TPU&country=DEU&privacy=all&price=cheap&trust=101&free=-1&sort=best&token=TUSD";
    expect(read(asked)).to.deep.equal({ sort: "newest" });
  });
});

describe("fitsSearch", () => {
  const cases: [string, string, Parameters<typeof listingOf>[0], boolean][] = [
    ["its kind", "kind=cpu", {}, true],
    ["another kind", "kind=gpu", {}, false],
    ["its country", "country=DE", {}, true],
    ["another country", "country=FR", {}, false],
    ["its level", "privacy=fullpublic", {}, true],
    ["another level", "privacy=p2p", {}, false],
    ["its price", "price=0.01", {}, true],
    ["a price below its own", "price=0.0099", {}, false],
    ["its free units", "free=6", {}, true],
    ["more free units", "free=7", {}, false],
    ["its trust", "trust=80", { trustScore: 8_000 }, true],
    ["more trust", "trust=81", { trustScore: 8_000 }, false],
    ["any trust when its own is not known", "trust=0", {}, false],
    ["anything while it is paused", "", { isPaused: true }, false],
    ["anything once it is retired", "", { isRetired: true }, false],
  ];
  for (const [what, query, changes, fits] of cases) {
    it(`${fits ? "fits" : "does not fit"} ${what}`, () => {
      expect(fitsSearch(listingOf(changes), read(query), undefined)).to.equal(fits);
    });
  }
});

describe("searchedToken", () => {
  const chosen = (query: string) => searchedToken(read(query), [DOLLAR, EURO])?.symbol;

  it("is the one that was chosen, with and without a price", () => {
    expect(chosen(`token=${EURO.address}`)).to.equal("TEUR");
    expect(chosen(`token=${EURO.address}&price=5`)).to.equal("TEUR");
  });

  it("is the first of the market where prices are compared", () => {
    expect(chosen("price=5")).to.equal("TUSD");
    expect(chosen("sort=price")).to.equal("TUSD");
  });

  it("is none otherwise, and none for a token that the market does not have", () => {
    expect(chosen("kind=cpu")).to.equal(undefined);
    expect(chosen(`token=0x${"1".repeat(40)}`)).to.equal(undefined);
  });

  it("lets only listings in it through", () => {
    const inEuro = listingOf({ unit: EURO, terms: { ...TERMS, token: EURO.address, price: 1n } });
    expect(fitsSearch(inEuro, read("price=0.01"), EURO)).to.equal(true);
    expect(fitsSearch(inEuro, read("price=0.01"), DOLLAR)).to.equal(false);
    expect(fitsSearch(inEuro, read(""), undefined)).to.equal(true);
  });
});

describe("sortListings", () => {
  const listings = [
    listingOf({ id: 1, trustScore: 9_000 }),
    listingOf({ id: 2, terms: { ...TERMS, price: 5n } }),
    listingOf({ id: 3, soldUnits: 0, trustScore: 1 }),
  ];
  const order: Record<(typeof LISTING_SORTS)[number], number[]> = {
    ...{ newest: [3, 2, 1], price: [2, 3, 1], trust: [1, 3, 2], free: [3, 2, 1] },
  };
  for (const sort of LISTING_SORTS) {
    it(`sorts by ${sort}, equal ones newest first`, () => {
      expect(sortListings(listings, sort).map(({ id }) => id)).to.deep.equal(order[sort]);
    });
  }
});
