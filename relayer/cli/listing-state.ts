import { type AssetKind, ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import { describeSpecs, parseSpecs } from "@pqmesh/contracts/protocol/listing-specs";
import { PRIVACY_LEVELS, type PrivacyLevel } from "@pqmesh/contracts/protocol/privacy-level";
import { type Address, type Hex, hexToString } from "viem";
import { naturalArgument } from "./arguments.ts";
import { findEvents } from "./chain-history.ts";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { readToken, type Token } from "./tokens.ts";

/** Terms of a version, as the contract keeps them. */
export interface ListingTerms {
  token: Address;
  price: bigint;
  bondEpochs: number;
  graceEpochs: number;
  minEpochs: number;
  maxEpochs: number;
  uptimeBp: number;
  maxMissedRun: number;
  acceptEpochs: number;
  noticeEpochs: number;
  isMetered: boolean;
}

/** What a version says beside its terms. */
export interface ListingDescription {
  metadata: Hex;
  /** Two letters, or empty. */
  jurisdiction: string;
  /** JSON as the operator wrote it. */
  specs: string;
}

/** A listing with one of its versions. */
export interface ListingView {
  listingId: number;
  nodeIndex: number;
  identityId: number;
  version: number;
  units: number;
  soldUnits: number;
  shareBp: number;
  kind: AssetKind;
  privacy: PrivacyLevel;
  isPaused: boolean;
  isRetired: boolean;
  terms: ListingTerms;
  token: Token;
}

/** Reads the number of a listing from the command line. */
export function listingArgument(text: string, name = "listingId"): number {
  return naturalArgument(name, text, { least: 1 });
}

/** Reads a listing with its newest version. @throws when there is none. */
export async function readListing(session: Session, listingId: number): Promise<ListingView> {
  const listings = contractOf(session, "NodeListings");
  const listing = await session.client.readContract({ ...listings, functionName: "listingOf", args: [listingId] });
  const terms = await readTerms(session, listingId, listing.version);
  const names = { kind: ASSET_KINDS[listing.kind] ?? "CPU", privacy: PRIVACY_LEVELS[listing.privacy] ?? "Private" };
  return { ...listing, ...names, listingId, terms, token: await readToken(session, terms.token) };
}

/** Reads the terms of a version. */
export function readTerms(session: Session, listingId: number, version: number): Promise<ListingTerms> {
  const listings = contractOf(session, "NodeListings");
  return session.client.readContract({ ...listings, functionName: "termsOf", args: [listingId, version] });
}

/** Reads what a version says beside its terms, which is in its event alone. */
export async function readDescription(
  session: Session,
  { listingId, version }: Pick<ListingView, "listingId" | "version">,
): Promise<ListingDescription> {
  const query = {
    contract: "NodeListings",
    eventName: "ListingVersionPublished",
    args: { listingId, version },
  } as const;
  const [event] = await findEvents<{ metadata: Hex; jurisdiction: Hex; specs: string }>(session, query);
  const jurisdiction = hexToString(event?.jurisdiction ?? "0x").replaceAll("\0", "");
  return { metadata: event?.metadata ?? "0x", jurisdiction, specs: event?.specs ?? "" };
}

/** Specs as people read them; those that are not as they should be are not repeated. */
export function specsText(kind: AssetKind, specs: string): string {
  if (specs === "") return "no specs";
  const parsed = parseSpecs(kind, specs);
  return "specs" in parsed ? describeSpecs(kind, parsed.specs) : "specs in an unknown form";
}
