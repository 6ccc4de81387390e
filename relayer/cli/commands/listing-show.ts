import { ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import { ADMISSIONS } from "@pqmesh/contracts/protocol/privacy-level";
import type { Command } from "commander";
import { naturalArgument } from "../arguments.ts";
import { findEvents } from "../chain-history.ts";
import { type NetworkOptions, openNetwork, type Session, withNetwork } from "../chain-session.ts";
import { contractOf } from "../contracts.ts";
import { epochClock, epochsText } from "../epoch-clock.ts";
import { percentText } from "../figures.ts";
import { withExample } from "../help.ts";
import {
  type ListingDescription,
  listingArgument,
  type ListingView,
  readDescription,
  readListing,
  specsText,
} from "../listing-state.ts";
import { print } from "../output.ts";
import { tokenFigure, tokenText } from "../tokens.ts";

const CHUNK = 16;
const MAX_LISTED = 1_000;
/** Bits of one resource in packed shares, in the order of the kinds. */
const SHARE_BITS = 16n;

/** Adds `pqmesh listing show` and `list`. */
export function addListingReadCommands(listing: Command): void {
  withExample(withNetwork(listing.command("show")), "listing show 4 --json")
    .description("print a listing: what is offered, who may lease, terms, and what the node attests")
    .argument("<listingId>", "number of the listing (listing list)")
    .action(showListing);

  withExample(withNetwork(listing.command("list")), "listing list --open", "listing list --node 3 --limit 10")
    .description("print listings from the chain, newest first; the indexer's catalog searches them")
    .option("--node <nodeIndex>", "only those of this node")
    .option("--operator <identityId>", "only those of this operator")
    .option("--open", "only those that take leases and have free units")
    .option("--limit <count>", "at most so many", "50")
    .action(listListings);
}

async function showListing(listingText: string, options: NetworkOptions, command: Command): Promise<void> {
  const listingId = listingArgument(listingText);
  const session = await openNetwork(options);
  const listing = await readListing(session, listingId);
  const [description, attestedBp, clock] = await Promise.all([
    readDescription(session, listing),
    readAttestedShare(session, listing),
    epochClock(session),
  ]);
  const { terms, token, privacy } = listing;
  const rows = [
    `Listing ${listingId}: ${stateText(listing)}`,
    `  offers       ${percentText(listing.shareBp)} of the ${listing.kind} of node ${listing.nodeIndex} (identity ${listing.identityId}) in ${listing.units} units, ${listing.soldUnits} leased`,
    `  attested     ${percentText(attestedBp)} by the newest attestation that was shown`,
    `  one unit     ${specsText(listing.kind, description.specs)}${description.jurisdiction === "" ? "" : `, in ${description.jurisdiction}`}`,
    `  who          ${privacy}: ${ADMISSIONS[privacy].join(", ")}`,
    `  price        ${tokenText(terms.price, token)} for a unit and epoch${terms.isMetered ? " at most, by vouchers" : ""}`,
    `  term         ${epochsText(clock, terms.minEpochs)} to ${epochsText(clock, terms.maxEpochs)}, notice ${terms.noticeEpochs}, grace ${terms.graceEpochs}`,
    `  accepted     within ${epochsText(clock, terms.acceptEpochs)}`,
    `  breach       ${terms.maxMissedRun} missed epochs in a row, or under ${percentText(terms.uptimeBp)}; costs the provider ${terms.bondEpochs} epochs of rent`,
    `  version      ${listing.version}`,
  ];
  print(command, { ...figuresOf(listing), attestedBp, ...descriptionFigures(description) }, rows.join("\n"));
}

interface ListOptions extends NetworkOptions {
  node?: string;
  operator?: string;
  open?: boolean;
  limit: string;
}

async function listListings(options: ListOptions, command: Command): Promise<void> {
  const limit = naturalArgument("--limit", options.limit, { least: 1, most: MAX_LISTED });
  const nodeIndex = options.node === undefined ? undefined : naturalArgument("--node", options.node);
  const identityId = options.operator === undefined ? undefined : naturalArgument("--operator", options.operator);
  const session = await openNetwork(options);
  const args = { ...(nodeIndex !== undefined && { nodeIndex }), ...(identityId !== undefined && { identityId }) };
  const query = { contract: "NodeListings", eventName: "ListingCreated", args } as const;
  const ids = (await findEvents<{ listingId: number }>(session, query)).map(({ listingId }) => listingId).reverse();
  const found: ListingView[] = [];
  for (let i = 0; i < ids.length && found.length < limit; i += CHUNK) {
    const listings = await Promise.all(ids.slice(i, i + CHUNK).map((id) => readListing(session, id)));
    found.push(...listings.filter((listing) => !options.open || stateText(listing) === "open"));
  }
  const shown = found.slice(0, limit);
  const rows = shown.map((listing) => {
    const { listingId, units, soldUnits, kind, nodeIndex: node, terms, token, privacy } = listing;
    const price = `${tokenText(terms.price, token)} an epoch`;
    return `listing ${listingId}: ${units - soldUnits} of ${units} × ${kind} of node ${node}, ${price}, ${privacy}, ${stateText(listing)}`;
  });
  print(command, { listings: shown.map(figuresOf) }, rows.length > 0 ? rows.join("\n") : "There is no such listing.");
}

function stateText({ isPaused, isRetired, units, soldUnits }: ListingView): string {
  if (isRetired) return "retired";
  if (isPaused) return "paused";
  return units > soldUnits ? "open" : "all leased";
}

function figuresOf({ terms, token, ...listing }: ListingView) {
  const { token: address, price, ...rest } = terms;
  return {
    ...listing,
    freeUnits: listing.units - listing.soldUnits,
    price: tokenFigure(price, token),
    token: address,
    terms: rest,
  };
}

function descriptionFigures({ metadata, jurisdiction, specs }: ListingDescription) {
  return { metadata, jurisdiction: jurisdiction === "" ? null : jurisdiction, specs: specs === "" ? null : specs };
}

async function readAttestedShare(session: Session, { nodeIndex, kind }: ListingView): Promise<number> {
  const { attested } = await session.client.readContract({
    ...contractOf(session, "NodeListings"),
    ...{ functionName: "capacityOf", args: [nodeIndex] },
  });
  return Number((attested >> (SHARE_BITS * BigInt(ASSET_KINDS.indexOf(kind)))) & 0xffffn);
}
