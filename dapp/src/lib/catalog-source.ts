import {
  CatalogClient,
  CatalogError,
  type CatalogListing,
  type LISTING_SORTS as CATALOG_SORTS,
} from "@pqmesh/contracts/protocol/catalog-api";
import type { Address } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import { IndexerAwayError } from "./indexer-client.ts";
import {
  type FoundListings,
  isChainCursor,
  LISTINGS_PER_PAGE,
  type ListingSearch,
  type ListingSort,
} from "./listing-search.ts";
import type { ListingView } from "./listing-view.ts";
import { readToken, readTokenAmount, type TokenUnit } from "./token-amount.ts";

/** Milliseconds that a page may take. */
const TIMEOUT_MS = 4_000;

const SORTS: Readonly<Record<ListingSort, (typeof CATALOG_SORTS)[number]>> = {
  newest: "newest",
  price: "price",
  trust: "trust",
  free: "free-units",
};

/**
 * Reads a page of listings from the Catalog.
 *
 * @param token Token that the search is about.
 * @throws IndexerAwayError when there is no usable answer in time.
 */
export async function listingsFromCatalog(
  access: ChainAccess,
  search: ListingSearch,
  { cursor, token }: { cursor: string | undefined; token: TokenUnit | undefined },
): Promise<FoundListings> {
  const catalog = new CatalogClient(access.config.indexerUrl);
  const query = catalogQuery(search, token);
  const asked = {
    ...query,
    limit: LISTINGS_PER_PAGE,
    ...(cursor !== undefined && !isChainCursor(cursor) && { cursor }),
  };
  const page = await catalog.listings(asked, AbortSignal.timeout(TIMEOUT_MS)).catch((cause: Error) => {
    if (cause instanceof CatalogError && cause.status < 500 && cause.status !== 404) throw cause;
    throw new IndexerAwayError(`the catalog gave no answer: ${cause.message}`, { cause });
  });
  const listings = await Promise.all(page.listings.map((listing) => viewOf(access, listing)));
  return { listings, total: page.total, ...(page.next !== null && { next: page.next }) };
}

/** A search as the Catalog takes it. Prices have no order across tokens: without a token they are left out. */
export function catalogQuery(search: ListingSearch, token: TokenUnit | undefined): Record<string, string | number> {
  const { kind, country, region, privacy, maxPrice, minTrust, minFree, sort } = search;
  const price = maxPrice !== undefined && token ? readTokenAmount(maxPrice, token) : undefined;
  return {
    sort: sort === "price" && !token ? "newest" : SORTS[sort],
    ...(kind && { kind }),
    ...(country && { jurisdiction: country }),
    ...(region && { region }),
    ...(privacy && { privacy }),
    ...(minTrust !== undefined && { minTrust: minTrust * 100 }),
    ...(minFree !== undefined && minFree > 0 && { minFreeUnits: Math.min(minFree, 65_535) }),
    ...(token && { token: token.address }),
    ...(price && "amount" in price && { priceMax: String(price.amount) }),
  };
}

async function viewOf(access: ChainAccess, listing: CatalogListing): Promise<ListingView> {
  const token = listing.token as Address;
  const { bondEpochs, graceEpochs, minEpochs, maxEpochs, uptimeBp, maxMissedRun, acceptEpochs, noticeEpochs } = listing;
  const { units, soldUnits, shareBp, kind, privacy, isPaused, isRetired, version, isMetered, specs } = listing;
  return {
    ...{ id: listing.id, nodeIndex: listing.node, identityId: listing.operator, version, units, soldUnits, shareBp },
    ...{ kind, privacy, isPaused, isRetired, trustScore: listing.trustBp },
    terms: {
      ...{ token, price: BigInt(listing.price), bondEpochs, graceEpochs, minEpochs, maxEpochs, uptimeBp },
      ...{ maxMissedRun, acceptEpochs, noticeEpochs, isMetered },
    },
    unit: await readToken(access, token),
    jurisdiction: listing.jurisdiction ?? "",
    specs: specs === null ? "" : JSON.stringify(specs),
  };
}
