import { type Region, regionOf, REGIONS } from "@pqmesh/contracts/protocol/region";
import { ASSET_KINDS, type AssetKind } from "@pqmesh/contracts/protocol/asset-kind";
import { PRIVACY_LEVELS, type PrivacyLevel } from "@pqmesh/contracts/protocol/privacy-level";
import type { ChainAccess } from "./chain-source.ts";
import type { ListingView } from "./listing-view.ts";
import { freeUnits, newestListings } from "./listing-view.ts";
import { natural } from "./report-listing.ts";
import { readTokenAmount, type TokenUnit } from "./token-amount.ts";

/** Orders of the table of listings. */
export const LISTING_SORTS = ["newest", "price", "trust", "free"] as const;

/** An order of the table of listings. */
export type ListingSort = (typeof LISTING_SORTS)[number];

/** What is searched for. */
export interface ListingSearch {
  kind?: AssetKind;
  /** ISO 3166-1 alpha-2. */
  country?: string;
  region?: Region;
  privacy?: PrivacyLevel;
  /** Token that is paid, lower case; without it prices are in the first one that the market allowed. */
  token?: string;
  /** Highest price of a unit and epoch, as people type it. */
  maxPrice?: string;
  /** Least Trust Score, percent. */
  minTrust?: number;
  minFree?: number;
  sort: ListingSort;
}

/** A page of listings. */
export interface FoundListings {
  listings: ListingView[];
  /** How many fit in all. */
  total: number;
  /** Leads to the next page; undefined on the last. */
  next?: string;
}

/** Listings on a page. */
export const LISTINGS_PER_PAGE = 20;

/** Reads a search out of the address of the page; anything unknown counts as not given. */
export function readSearch(params: URLSearchParams): ListingSearch {
  const kind = ASSET_KINDS.find((known) => known.toLowerCase() === params.get("kind"));
  const privacy = PRIVACY_LEVELS.find((known) => known.toLowerCase() === params.get("privacy"));
  const region = REGIONS.find((known) => known.toLowerCase() === params.get("region"));
  const country = /^[A-Z]{2}$/.exec(params.get("country")?.toUpperCase() ?? "")?.[0];
  const token = /^0x[0-9a-f]{40}$/.exec(params.get("token")?.toLowerCase() ?? "")?.[0];
  const maxPrice = params.get("price") ?? "";
  const [minTrust, minFree] = [natural(params.get("trust")), natural(params.get("free"))];
  return {
    ...(kind && { kind }),
    ...(privacy && { privacy }),
    ...(country && { country }),
    ...(region && { region }),
    ...(token && { token }),
    ...(/^\d*\.?\d+$/.test(maxPrice) && { maxPrice }),
    ...(minTrust !== undefined && minTrust <= 100 && { minTrust }),
    ...(minFree !== undefined && { minFree }),
    sort: LISTING_SORTS.find((known) => known === params.get("sort")) ?? "newest",
  };
}

/**
 * Token that a search is about: the one that was chosen, and for prices, which have no order across tokens, else the
 * first of the market. Undefined when listings in every token fit.
 */
export function searchedToken(search: ListingSearch, tokens: readonly TokenUnit[]): TokenUnit | undefined {
  const { token, maxPrice, sort } = search;
  const chosen = tokens.find(({ address }) => address.toLowerCase() === token);
  return chosen ?? (maxPrice !== undefined || sort === "price" ? tokens[0] : undefined);
}

/**
 * True when a listing can be leased and fits a search; without Trust Scores, that filter lets nothing pass.
 *
 * @param token Token that the search is about, see {@link searchedToken}.
 */
export function fitsSearch(listing: ListingView, search: ListingSearch, token: TokenUnit | undefined): boolean {
  const { kind, country, region, privacy, maxPrice, minTrust, minFree } = search;
  if (token && listing.unit.address.toLowerCase() !== token.address.toLowerCase()) return false;
  if (listing.isPaused || listing.isRetired) return false;
  if (kind && listing.kind !== kind) return false;
  if (country && listing.jurisdiction !== country) return false;
  if (region && regionOf(listing.jurisdiction) !== region) return false;
  if (privacy && listing.privacy !== privacy) return false;
  if (minFree !== undefined && freeUnits(listing) < minFree) return false;
  if (minTrust !== undefined && (listing.trustScore ?? -1) < minTrust * 100) return false;
  if (maxPrice === undefined) return true;
  const reading = readTokenAmount(maxPrice, listing.unit);
  return "problem" in reading || listing.terms.price <= reading.amount;
}

const KEYS: Record<ListingSort, (listing: ListingView) => bigint> = {
  newest: ({ id }) => -BigInt(id),
  price: ({ terms }) => terms.price,
  trust: ({ trustScore }) => -BigInt(trustScore ?? -1),
  free: (listing) => -BigInt(freeUnits(listing)),
};

/** Listings in an order; equal ones newest first. */
export function sortListings(listings: readonly ListingView[], sort: ListingSort): ListingView[] {
  const key = KEYS[sort];
  return [...listings].sort((a, b) => {
    const [first, second] = [key(a), key(b)];
    return first < second ? -1 : first > second ? 1 : b.id - a.id;
  });
}

/** A page of the listings that fit, of the newest on chain. */
export async function listingsFromChain(
  access: ChainAccess,
  search: ListingSearch,
  { cursor, token }: { cursor: string | undefined; token: TokenUnit | undefined },
): Promise<FoundListings> {
  const found = (await newestListings(access)).filter((listing) => fitsSearch(listing, search, token));
  const skip = isChainCursor(cursor) ? (natural(cursor.slice(CHAIN_CURSOR.length)) ?? 0) : 0;
  const until = skip + LISTINGS_PER_PAGE;
  return {
    listings: sortListings(found, search.sort).slice(skip, until),
    total: found.length,
    ...(found.length > until && { next: `${CHAIN_CURSOR}${until}` }),
  };
}

const CHAIN_CURSOR = "chain-";

/** True for a cursor of {@link listingsFromChain}, which the Catalog does not know. */
export function isChainCursor(cursor: string | undefined): cursor is string {
  return cursor?.startsWith(CHAIN_CURSOR) === true;
}
