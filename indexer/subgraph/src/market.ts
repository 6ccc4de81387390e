import { BigInt, Bytes } from "@graphprotocol/graph-ts";
import { Lease, LeaseMarket, Listing, TokenCredit } from "../generated/schema";
import {
  ASSET_KIND_NAMES,
  DISPUTE_OUTCOME_NAMES,
  LEASE_STATUS_NAMES,
  PRIVACY_LEVEL_NAMES,
  SWEEP_OUTCOME_NAMES,
} from "../../../contracts/protocol/market-names";
import { REGION_COUNTRIES, REGION_NAMES } from "../../../contracts/protocol/region-names";

export const ASSET_KINDS = ASSET_KIND_NAMES.split(" ");
export const PRIVACY_LEVELS = PRIVACY_LEVEL_NAMES.split(" ");
export const LEASE_STATUSES = LEASE_STATUS_NAMES.split(" ");
export const SWEEP_OUTCOMES = SWEEP_OUTCOME_NAMES.split(" ");
export const DISPUTE_OUTCOMES = DISPUTE_OUTCOME_NAMES.split(" ");

const REGIONS = REGION_NAMES.split(" ");
const COUNTRIES = REGION_COUNTRIES.split(",");
const ZERO = BigInt.zero();

/** The marketplace's one entity, created on first use. */
export function loadMarket(): LeaseMarket {
  let market = LeaseMarket.load("pqmesh");
  if (market == null) {
    market = new LeaseMarket("pqmesh");
    market.listingCount = 0;
    market.leaseCount = 0;
    market.pendingLeaseCount = 0;
    market.activeLeaseCount = 0;
  }
  return market;
}

/** The region of a country by its code; null for codes of no country. */
export function regionOf(country: string): string | null {
  for (let i = 0; i < REGIONS.length; i++) {
    if (COUNTRIES[i].split(" ").includes(country)) return REGIONS[i];
  }
  return null;
}

/** The listing that an event names; it was created by an earlier event. */
export function mustLoadListing(listingId: BigInt): Listing {
  return Listing.load(listingId.toString())!;
}

/** The lease that an event names; it was opened by an earlier event. */
export function mustLoadLease(leaseId: BigInt): Lease {
  return Lease.load(leaseId.toString())!;
}

/** Credits an account what it can withdraw from a contract. */
export function credit(contract: Bytes, token: Bytes, account: Bytes, amount: BigInt): void {
  if (amount.isZero()) return;
  const entry = loadCredit(contract, token, account);
  entry.amount = entry.amount.plus(amount);
  entry.save();
}

/** An account was paid what it was credited. */
export function debit(contract: Bytes, token: Bytes, account: Bytes, amount: BigInt): void {
  const entry = loadCredit(contract, token, account);
  entry.amount = entry.amount.minus(amount);
  entry.withdrawn = entry.withdrawn.plus(amount);
  entry.save();
}

function loadCredit(contract: Bytes, token: Bytes, account: Bytes): TokenCredit {
  const id = contract.toHexString() + "-" + token.toHexString() + "-" + account.toHexString();
  let entry = TokenCredit.load(id);
  if (entry == null) {
    entry = new TokenCredit(id);
    entry.contract = contract;
    entry.token = token;
    entry.account = account;
    entry.amount = ZERO;
    entry.withdrawn = ZERO;
  }
  return entry;
}
