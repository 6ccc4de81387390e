import { join } from "node:path";
import { expect } from "chai";
import { ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import { type CatalogListing, listingQueryShape, listingShape } from "@pqmesh/contracts/protocol/catalog-api";
import { PRIVACY_LEVELS } from "@pqmesh/contracts/protocol/privacy-level";
import { REGIONS, regionOf } from "@pqmesh/contracts/protocol/region";

import { Catalog } from "../../../indexer/catalog/catalog.ts";
import { type Random, seededRandom } from "../fixture/random-activity.ts";
import { temporaryFolder } from "../fixture/temporary-folder.ts";
import {
  MarketIndex,
  type MarketListing,
  type MarketNode,
  operatorOf,
  randomListing,
  randomNode,
  TOKENS,
} from "./market-index.ts";

const NODES = 40;
const LISTINGS = 3_000;
const SEARCHES = 400;
const SORTS = ["newest", "price", "trust", "free-units"] as const;

type Query = Record<string, string>;

/** A market as plain values, to compare the catalog with. */
class MarketModel {
  readonly listings = new Map<number, MarketListing>();
  readonly nodes = new Map<number, MarketNode>();
  readonly tokens = new Set<string>();

  copy(): MarketModel {
    const copy = new MarketModel();
    for (const [number, listing] of this.listings) copy.listings.set(number, listing);
    for (const [node, facts] of this.nodes) copy.nodes.set(node, facts);
    for (const token of this.tokens) copy.tokens.add(token);
    return copy;
  }

  isOpen({ node, kind, token, units, soldUnits, isPaused, isRetired }: MarketListing): boolean {
    const { exited, shortOf } = this.nodes.get(node)!;
    return !isPaused && !isRetired && units > soldUnits && !exited && !shortOf.includes(kind) && this.tokens.has(token);
  }

  /** Numbers of all listings that a query finds, in order. */
  find(query: Query): number[] {
    const found = [...this.listings.values()].filter((listing) => this.#matches(listing, query));
    const sort = query["sort"] ?? "newest";
    const sign = (query["direction"] ?? (sort === "price" ? "asc" : "desc")) === "asc" ? 1 : -1;
    const key = (listing: MarketListing): bigint => {
      if (sort === "price") return listing.price;
      if (sort === "trust") return BigInt(this.nodes.get(listing.node)!.trustBp);
      return sort === "newest" ? 0n : BigInt(listing.units - listing.soldUnits);
    };
    const order = (a: MarketListing, b: MarketListing): number =>
      key(a) === key(b) ? a.number - b.number : key(a) < key(b) ? -1 : 1;
    return found.sort((a, b) => sign * order(a, b)).map(({ number }) => number);
  }

  #matches(listing: MarketListing, query: Query): boolean {
    const oneOf = (field: string, value: string | undefined) =>
      query[field] === undefined || query[field].split(",").includes(value ?? "-");
    const atLeast = (field: string, value: number) => query[field] === undefined || value >= Number(query[field]);
    const status = query["status"] ?? "open";
    const isStatus = { open: this.isOpen(listing), paused: listing.isPaused, retired: listing.isRetired, all: true };
    return (
      isStatus[status as keyof typeof isStatus] &&
      ["kind", "privacy", "jurisdiction", "token"].every((field) => oneOf(field, listing[field as "kind"])) &&
      oneOf("region", regionOf(listing.jurisdiction ?? "")) &&
      oneOf("metered", String(listing.isMetered)) &&
      oneOf("node", String(listing.node)) &&
      oneOf("operator", String(operatorOf(listing.node))) &&
      atLeast("minTrust", this.nodes.get(listing.node)!.trustBp) &&
      atLeast("minFreeUnits", listing.units - listing.soldUnits) &&
      (query["priceMin"] === undefined || listing.price >= BigInt(query["priceMin"])) &&
      (query["priceMax"] === undefined || listing.price <= BigInt(query["priceMax"]))
    );
  }
}

function some<T>(random: Random, all: readonly T[]): T[] {
  return all.filter(() => random(3) === 0);
}

/** A search by chance: each filter is there or not. */
function randomQuery(random: Random): Query {
  const maybe = (field: string, value: () => string): Query => (random(3) === 0 ? { [field]: value() } : {});
  const list = (all: readonly string[]) => () => (some(random, all).join(",") || all[0])!;
  const sort = SORTS[random(SORTS.length)]!;
  // Prices of listings are multiples, so that bounds are met exactly.
  const prices = [random(400), random(400)].sort((a, b) => a - b).map((price) => `${10_000 * price}`);
  const token: Query = sort === "price" || random(3) === 0 ? { token: TOKENS[random(3)]! } : {};
  const priced: Query = "token" in token && random(2) === 0 ? { priceMin: prices[0]!, priceMax: prices[1]! } : {};
  return {
    ...{
      sort,
      limit: `${1 + random(100)}`,
      ...token,
      ...priced,
      ...maybe("direction", () => (random(2) ? "asc" : "desc")),
    },
    ...maybe("kind", list(ASSET_KINDS)),
    ...maybe("privacy", list(PRIVACY_LEVELS)),
    ...maybe("jurisdiction", list(["DE", "US", "NZ", "AT"])),
    ...maybe("region", list(REGIONS)),
    ...maybe("minTrust", () => `${random(10_001)}`),
    ...maybe("minFreeUnits", () => `${1 + random(12)}`),
    ...maybe("metered", () => `${random(2) === 0}`),
    ...maybe("node", () => `${random(NODES)}`),
    ...maybe("operator", () => `${1 + random(5)}`),
    ...maybe("status", () => ["open", "paused", "retired", "all"][random(4)]!),
  };
}

describe("the catalog", function () {
  this.timeout(60_000);
  const random = seededRandom(11);
  let market: MarketIndex;
  let catalog: Catalog;
  let model: MarketModel;
  let block = 0;

  before(async () => {
    const file = join(temporaryFolder(), "index.db");
    market = new MarketIndex(file);
    model = new MarketModel();
    catalog = new Catalog(file);
    await catalog.refresh();
    expect(catalog.block, "before the first block").to.equal(undefined);
    write((put) => {
      for (let node = 0; node < NODES; node++) put.node(randomNode(random, node));
      for (const token of TOKENS.slice(0, 2)) put.token(token, true);
      for (let number = 1; number <= LISTINGS; number++) put.listing(randomListing(random, number, NODES));
    }, false);
    await catalog.refresh();
  });

  after(async () => {
    await catalog.close();
    market.store.close();
  });

  interface Put {
    listing(listing: MarketListing): void;
    node(node: MarketNode): void;
    token(token: string, isAllowed: boolean): void;
  }

  /** Writes a block to the index and the model alike. */
  function write(work: (put: Put) => void, history = true): void {
    market.write(
      ++block,
      () =>
        work({
          listing(listing) {
            model.listings.set(listing.number, listing);
            market.putListing(listing);
          },
          node(node) {
            model.nodes.set(node.node, node);
            market.putNode(node);
          },
          token(token, isAllowed) {
            if (isAllowed) model.tokens.add(token);
            else model.tokens.delete(token);
            market.putToken(token, isAllowed);
          },
        }),
      history,
    );
  }

  /** A block that changes what there is, by chance; it can offer new listings. */
  function writeRandom(): void {
    const last = model.listings.size;
    write((put) => {
      for (let i = 0; i < 5; i++)
        put.listing({ ...randomListing(random, 1 + random(last), NODES), version: 4 + block });
      for (let i = 0; i < random(4); i++) put.listing(randomListing(random, last + 1 + i, NODES));
      for (let i = 0; i < 3; i++) put.node(randomNode(random, random(NODES)));
      if (random(4) === 0) put.token(TOKENS[random(3)]!, random(2) === 0);
    });
  }

  const search = (query: Query) => catalog.search(listingQueryShape.parse(query));
  const parse = (text: string): CatalogListing => listingShape.parse(JSON.parse(text));

  /** Follows the pages of a search to its end, or for `most` pages. */
  function pagesOf(query: Query, most = Infinity): number[] {
    const found: number[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < most; page++) {
      const { listings, next } = search({ ...query, ...(cursor !== undefined && { cursor }) });
      found.push(...listings.map((text) => parse(text).id));
      if (next === undefined) break;
      cursor = next;
    }
    return found;
  }

  function compareSearches(count: number): void {
    for (let i = 0; i < count; i++) {
      const query = randomQuery(random);
      const expected = model.find(query);
      const label = JSON.stringify(query);
      expect(search(query).total, `total of ${label}`).to.equal(expected.length);
      const pages = 1 + random(4);
      const wanted = expected.slice(0, pages * Number(query["limit"]));
      expect(pagesOf(query, pages), label).to.deep.equal(wanted);
    }
  }

  it("finds what a plain model finds, page by page", () => compareSearches(SEARCHES));

  it("pages through everything without a gap", () => {
    for (const sort of SORTS) {
      const query = { sort, status: "all", limit: "97", token: TOKENS[0]! };
      expect(pagesOf(query), sort).to.deep.equal(model.find(query));
    }
  });

  it("serves each listing as it is", () => {
    for (const { number, ...listing } of [...model.listings.values()].slice(0, 200)) {
      const served = parse(catalog.listing(number)!);
      const { node, kind, privacy, units, soldUnits, isPaused, isRetired, isMetered, version, token } = listing;
      expect(served, `listing ${number}`).to.deep.include({
        ...{ id: number, node, kind, privacy, units, soldUnits, isPaused, isRetired, isMetered, version, token },
        ...{
          price: String(listing.price),
          jurisdiction: listing.jurisdiction,
          isOpen: model.isOpen({ number, ...listing }),
        },
        ...{ trustBp: model.nodes.get(node)!.trustBp, operator: operatorOf(node), freeUnits: units - soldUnits },
      });
      expect(served.specs === null, "specs that do not fit").to.equal(listing.specs.startsWith("not JSON"));
      expect(served.summary === null).to.equal(served.specs === null);
    }
    expect(catalog.listing(0)).to.equal(undefined);
    expect(catalog.listing(LISTINGS + 1)).to.equal(undefined);
  });

  it("follows blocks, one or several at a time", async () => {
    for (let round = 0; round < 15; round++) {
      for (let blocks = random(3); blocks >= 0; blocks--) writeRandom();
      await catalog.refresh();
      expect(catalog.block?.number).to.equal(block);
      compareSearches(12);
    }
  });

  it("forgets what a reorg took back", async () => {
    for (let round = 0; round < 8; round++) {
      const [before, from] = [model.copy(), block];
      const listings = model.listings.size;
      for (let blocks = 1 + random(4); blocks >= 0; blocks--) {
        writeRandom();
        if (random(2) === 0) await catalog.refresh();
      }
      market.unwind(from);
      [model, block] = [before, from];
      // Sometimes the fork goes on before the catalog looks.
      if (round % 2 === 0) writeRandom();
      await catalog.refresh();
      expect(catalog.block).to.deep.include(market.store.head()!);
      expect(catalog.listing(model.listings.size + 1), "a listing that is gone").to.equal(undefined);
      expect(model.listings.size).to.be.at.least(listings);
      compareSearches(12);
    }
  });

  it("reads everything again after blocks without an undo log", async () => {
    write((put) => {
      for (let number = 1; number <= 50; number++)
        put.listing({ ...randomListing(random, number, NODES), version: 900 });
      for (let node = 0; node < NODES; node++) put.node(randomNode(random, node));
    }, false);
    await catalog.refresh();
    compareSearches(60);
  });
});
