import { BigInt, Bytes, ethereum } from "@graphprotocol/graph-ts";
import {
  CapacityShown,
  ListingCreated,
  ListingPaused,
  ListingPrivacySet,
  ListingResized,
  ListingRetired,
  ListingVersionPublished,
  MemberSet,
  OfferUsed,
} from "../generated/NodeListings/NodeListings";
import { Listing, ListingVersion, NetworkMember, NodeCapacity, NodeResource, UsedOffer } from "../generated/schema";
import { mustLoadNode, mustLoadOperator } from "./entities";
import { ASSET_KINDS, loadMarket, mustLoadListing, PRIVACY_LEVELS, regionOf } from "./market";

/** Bits of one resource in the shares of an attestation. */
const SHARE_BITS: u8 = 16;
const ZERO = BigInt.zero();

/** Its first version follows in the same transaction and fills in the terms. */
export function handleListingCreated(event: ListingCreated): void {
  const number = event.params.listingId.toI32();
  const listing = new Listing(number.toString());
  listing.number = number;
  listing.node = mustLoadNode(event.params.nodeIndex).id;
  listing.operator = mustLoadOperator(event.params.identityId).id;
  listing.kind = ASSET_KINDS[event.params.kind];
  listing.resource = resourceKey(listing.node, event.params.kind);
  listing.privacy = PRIVACY_LEVELS[event.params.privacy];
  listing.units = event.params.units;
  listing.soldUnits = 0;
  listing.freeUnits = event.params.units;
  listing.shareBp = event.params.shareBp;
  listing.isPaused = false;
  listing.isRetired = false;
  listing.version = 0;
  listing.terms = versionKey(listing, 1);
  listing.token = event.address;
  listing.price = ZERO;
  listing.bondEpochs = 0;
  listing.graceEpochs = 0;
  listing.minEpochs = ZERO;
  listing.maxEpochs = ZERO;
  listing.uptimeBp = 0;
  listing.maxMissedRun = 0;
  listing.acceptEpochs = 0;
  listing.noticeEpochs = 0;
  listing.isMetered = false;
  listing.metadata = Bytes.empty();
  listing.specs = "";
  listing.leaseCount = 0;
  listing.createdAt = event.block.timestamp;
  listing.transaction = event.transaction.hash;
  saveChanged(listing, event);
  offerMore(listing, listing.shareBp);

  const market = loadMarket();
  market.listingCount += 1;
  market.save();
}

export function handleListingVersionPublished(event: ListingVersionPublished): void {
  const listing = mustLoadListing(event.params.listingId);
  const terms = event.params.terms;
  const version = new ListingVersion(versionKey(listing, event.params.version));
  version.listing = listing.id;
  version.version = event.params.version;
  version.token = terms.token;
  version.price = terms.price;
  version.bondEpochs = terms.bondEpochs;
  version.graceEpochs = terms.graceEpochs;
  version.minEpochs = terms.minEpochs;
  version.maxEpochs = terms.maxEpochs;
  version.uptimeBp = terms.uptimeBp;
  version.maxMissedRun = terms.maxMissedRun;
  version.acceptEpochs = terms.acceptEpochs;
  version.noticeEpochs = terms.noticeEpochs;
  version.isMetered = terms.isMetered;
  version.metadata = event.params.metadata;
  version.jurisdiction = jurisdictionOf(event.params.jurisdiction);
  version.specs = event.params.specs;
  version.timestamp = event.block.timestamp;
  version.transaction = event.transaction.hash;
  version.save();
  offerVersion(listing, version);
  saveChanged(listing, event);
}

export function handleListingResized(event: ListingResized): void {
  const listing = mustLoadListing(event.params.listingId);
  offerMore(listing, event.params.shareBp - listing.shareBp);
  listing.units = event.params.units;
  listing.freeUnits = event.params.units - listing.soldUnits;
  listing.shareBp = event.params.shareBp;
  saveChanged(listing, event);
}

export function handleListingPrivacySet(event: ListingPrivacySet): void {
  const listing = mustLoadListing(event.params.listingId);
  listing.privacy = PRIVACY_LEVELS[event.params.privacy];
  saveChanged(listing, event);
}

export function handleListingPaused(event: ListingPaused): void {
  const listing = mustLoadListing(event.params.listingId);
  listing.isPaused = event.params.isPaused;
  saveChanged(listing, event);
}

/** Its share is free again at once, or with the last lease that ends. */
export function handleListingRetired(event: ListingRetired): void {
  const listing = mustLoadListing(event.params.listingId);
  listing.isRetired = true;
  saveChanged(listing, event);
  if (listing.soldUnits == 0) offerMore(listing, -listing.shareBp);
}

export function handleCapacityShown(event: CapacityShown): void {
  const capacity = loadCapacity(mustLoadNode(event.params.nodeIndex).id);
  const attested: i32[] = [];
  for (let kind = 0; kind < ASSET_KINDS.length; kind++) {
    const share = event.params.shares.rightShift(u8(kind) * SHARE_BITS).bitAnd(BigInt.fromI32(0xffff));
    attested.push(share.toI32());
  }
  capacity.attested = attested;
  capacity.epoch = event.params.epoch;
  capacity.shownAt = event.block.timestamp;
  capacity.save();
  for (let kind = 0; kind < ASSET_KINDS.length; kind++) saveResource(capacity, kind);
}

export function handleMemberSet(event: MemberSet): void {
  const operator = mustLoadOperator(event.params.identityId);
  const member = new NetworkMember(operator.id + "-" + event.params.wallet.toHexString());
  member.operator = operator.id;
  member.wallet = event.params.wallet;
  member.isMember = event.params.isMember;
  member.updatedAt = event.block.timestamp;
  member.save();
}

export function handleOfferUsed(event: OfferUsed): void {
  const operator = mustLoadOperator(event.params.identityId);
  const offer = new UsedOffer(operator.id + "-" + event.params.nonce.toString());
  offer.operator = operator.id;
  offer.nonce = event.params.nonce;
  offer.timestamp = event.block.timestamp;
  offer.transaction = event.transaction.hash;
  offer.save();
}

/** Takes units of a listing, or gives them back; the last ones of a retired listing free its share. */
export function moveUnits(listing: Listing, units: i32): void {
  listing.soldUnits += units;
  listing.freeUnits -= units;
  listing.save();
  if (listing.isRetired && listing.soldUnits == 0) offerMore(listing, -listing.shareBp);
}

/** Id of a version of a listing. */
export function versionKey(listing: Listing, version: i32): string {
  return listing.id + "-" + version.toString();
}

function offerVersion(listing: Listing, version: ListingVersion): void {
  listing.version = version.version;
  listing.terms = version.id;
  listing.token = version.token;
  listing.tokenRule = version.token.toHexString();
  listing.price = version.price;
  listing.bondEpochs = version.bondEpochs;
  listing.graceEpochs = version.graceEpochs;
  listing.minEpochs = version.minEpochs;
  listing.maxEpochs = version.maxEpochs;
  listing.uptimeBp = version.uptimeBp;
  listing.maxMissedRun = version.maxMissedRun;
  listing.acceptEpochs = version.acceptEpochs;
  listing.noticeEpochs = version.noticeEpochs;
  listing.isMetered = version.isMetered;
  listing.metadata = version.metadata;
  listing.jurisdiction = version.jurisdiction;
  const country = version.jurisdiction;
  listing.region = country == null ? null : regionOf(country!);
  listing.specs = version.specs;
}

function saveChanged(listing: Listing, event: ethereum.Event): void {
  listing.updatedAt = event.block.timestamp;
  listing.save();
}

/** The contract takes two capital letters, or zeros for none. */
function jurisdictionOf(code: Bytes): string | null {
  return code[0] == 0 ? null : code.toString();
}

/** Changes what the listings of a node take of a resource. */
function offerMore(listing: Listing, shareBp: i32): void {
  const capacity = loadCapacity(listing.node);
  const offered = capacity.offered;
  const kind = ASSET_KINDS.indexOf(listing.kind);
  offered[kind] = offered[kind] + shareBp;
  capacity.offered = offered;
  capacity.save();
  saveResource(capacity, kind);
}

/** Says of one resource what the capacity of its node says of all. */
function saveResource(capacity: NodeCapacity, kind: i32): void {
  const resource = new NodeResource(resourceKey(capacity.id, kind));
  resource.node = capacity.node;
  resource.kind = ASSET_KINDS[kind];
  resource.offeredBp = capacity.offered[kind];
  resource.attestedBp = capacity.attested[kind];
  resource.isCovered = resource.offeredBp <= resource.attestedBp;
  resource.save();
}

/** Id of a resource of a node. */
function resourceKey(nodeId: string, kind: i32): string {
  return nodeId + "-" + ASSET_KINDS[kind];
}

function loadCapacity(nodeId: string): NodeCapacity {
  let capacity = NodeCapacity.load(nodeId);
  if (capacity == null) {
    capacity = new NodeCapacity(nodeId);
    capacity.node = nodeId;
    capacity.offered = new Array<i32>(ASSET_KINDS.length).fill(0);
    capacity.attested = new Array<i32>(ASSET_KINDS.length).fill(0);
  }
  return capacity;
}
