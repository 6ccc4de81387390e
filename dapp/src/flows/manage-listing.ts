import { ASSET_KINDS, type AssetKind } from "@pqmesh/contracts/protocol/asset-kind";
import { PRIVACY_LEVELS, type PrivacyLevel } from "@pqmesh/contracts/protocol/privacy-level";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { type Address, parseEventLogs, stringToHex, zeroHash } from "viem";
import { formatBp, formatCount } from "../lib/format.ts";
import type { LeaseTerms, ListingView } from "../lib/listing-view.ts";
import { PRIVACY_SENTENCES, PRIVACY_WORDS } from "../lib/market-words.ts";
import { formatTokenExact, type TokenUnit } from "../lib/token-amount.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** What a version says. */
export interface VersionInput {
  terms: LeaseTerms;
  unit: TokenUnit;
  /** ISO 3166-1 alpha-2, or empty. */
  jurisdiction: string;
  /** JSON text. */
  specs: string;
}

/** What a listing offers. */
export interface SupplyInput {
  nodeIndex: number;
  units: number;
  shareBp: number;
  kind: AssetKind;
  privacy: PrivacyLevel;
}

/** Offers a share of a node's resource. */
export function createListingPlan(listings: Address, supply: SupplyInput, version: VersionInput): TransactionPlan {
  const { nodeIndex, units, shareBp, kind, privacy } = supply;
  const numbers = { ...supply, kind: ASSET_KINDS.indexOf(kind), privacy: PRIVACY_LEVELS.indexOf(privacy) };
  return {
    title: `List ${kind} of node ${nodeIndex}`,
    summary: `You offer ${formatBp(shareBp, 2)} of the ${kind} of node ${nodeIndex} as ${formatCount(units)} unit${units === 1 ? "" : "s"} at ${formatTokenExact(version.terms.price, version.unit)} each and epoch.`,
    facts: [...versionFacts(version), { label: "Who may lease", value: PRIVACY_SENTENCES[privacy] }],
    steps: [listingCall("Create listing", listings, "createListing", [numbers, version.terms, descriptionOf(version)])],
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: nodeListingsAbi, eventName: "ListingCreated", logs: receipt.logs });
      return `Listing ${log?.args.listingId ?? ""} is open for leases.`;
    },
  };
}

/** Publishes new terms of a listing. */
export function publishVersionPlan(
  listings: Address,
  { id, version }: ListingView,
  next: VersionInput,
): TransactionPlan {
  return {
    title: `New version of listing ${id}`,
    summary: `From now on leases of listing ${id} are opened with version ${version + 1}, at ${formatTokenExact(next.terms.price, next.unit)} a unit and epoch. Leases that are open keep theirs.`,
    facts: versionFacts(next),
    steps: [listingCall("Publish", listings, "publishVersion", [id, next.terms, descriptionOf(next)])],
    outcome: () => `Version ${version + 1} of listing ${id} is on offer.`,
  };
}

/** Changes units and share of a listing. */
export function resizePlan(listings: Address, { id }: ListingView, units: number, shareBp: number): TransactionPlan {
  return {
    title: `Resize listing ${id}`,
    summary: `Listing ${id} offers ${formatCount(units)} units, together ${formatBp(shareBp, 2)} of the resource. Leases that are open go on.`,
    facts: [],
    steps: [listingCall("Resize", listings, "resize", [id, units, shareBp])],
    outcome: () => `Listing ${id} has ${formatCount(units)} units now.`,
  };
}

/** Changes who may lease. */
export function setPrivacyPlan(listings: Address, { id }: ListingView, privacy: PrivacyLevel): TransactionPlan {
  return {
    title: `Who may lease listing ${id}`,
    summary: `${PRIVACY_SENTENCES[privacy]} Leases that are open go on.`,
    facts: [{ label: "Level", value: PRIVACY_WORDS[privacy] }],
    steps: [listingCall("Change", listings, "setPrivacy", [id, PRIVACY_LEVELS.indexOf(privacy)])],
    outcome: () => `Listing ${id}: ${PRIVACY_WORDS[privacy].toLowerCase()}.`,
  };
}

/** Pauses a listing, or opens it again. */
export function pausePlan(listings: Address, { id }: ListingView, isPaused: boolean): TransactionPlan {
  return {
    title: isPaused ? `Pause listing ${id}` : `Resume listing ${id}`,
    summary: isPaused
      ? `Nobody can open or extend leases of listing ${id} until you resume it. Leases that are open go on.`
      : `Leases of listing ${id} can be opened again.`,
    facts: [],
    steps: [listingCall(isPaused ? "Pause" : "Resume", listings, "setPaused", [id, isPaused])],
    outcome: () => (isPaused ? `Listing ${id} is paused.` : `Listing ${id} is open again.`),
  };
}

/** Retires a listing for good. */
export function retirePlan(listings: Address, { id }: ListingView): TransactionPlan {
  return {
    title: `Retire listing ${id}`,
    summary: `Nobody can open or extend leases of listing ${id} any more. Its share is free again once no lease holds units of it.`,
    facts: [],
    warning: "This cannot be undone.",
    steps: [listingCall("Retire", listings, "retire", [id])],
    outcome: () => `Listing ${id} is retired.`,
  };
}

/** Puts wallets on the operator's list of members, or takes them off. */
export function setMembersPlan(
  listings: Address,
  { identityId, wallets, isMember }: { identityId: number; wallets: readonly Address[]; isMember: boolean },
): TransactionPlan {
  const count = `${wallets.length} wallet${wallets.length === 1 ? "" : "s"}`;
  return {
    title: isMember ? "Add members" : "Remove members",
    summary: isMember
      ? `${count} may lease your listings for the private network from now on.`
      : `${count} may not lease your listings for the private network any more. Leases that are open go on.`,
    facts: wallets.slice(0, 8).map((value, i) => ({ label: `Wallet ${i + 1}`, value })),
    steps: [listingCall(isMember ? "Add" : "Remove", listings, "setMembers", [identityId, wallets, isMember])],
    outcome: () => (isMember ? `${count} were added.` : `${count} were removed.`),
  };
}

/** Withdraws an offer before it is taken. */
export function withdrawOfferPlan(listings: Address, identityId: number, nonce: bigint): TransactionPlan {
  return {
    title: "Withdraw an offer",
    summary: `The offer with number ${nonce} cannot be taken any more.`,
    facts: [{ label: "Number", value: String(nonce) }],
    steps: [listingCall("Withdraw", listings, "withdrawOffer", [identityId, nonce])],
    outcome: () => "The offer is withdrawn.",
  };
}

function versionFacts({ terms, unit, jurisdiction, specs }: VersionInput): { label: string; value: string }[] {
  return [
    { label: "Price", value: `${formatTokenExact(terms.price, unit)} a unit and epoch` },
    { label: "Term", value: `${formatCount(terms.minEpochs)} to ${formatCount(terms.maxEpochs)} epochs` },
    { label: "Uptime", value: formatBp(terms.uptimeBp, 2) },
    { label: "Breach after", value: `${formatCount(terms.maxMissedRun)} epochs missed in a row` },
    { label: "Bond of a unit", value: formatTokenExact(terms.price * BigInt(terms.bondEpochs), unit) },
    { label: "Paid by", value: terms.isMetered ? "vouchers of the client" : "proven epochs" },
    ...(jurisdiction ? [{ label: "Country", value: jurisdiction }] : []),
    { label: "Specs", value: specs },
  ];
}

function descriptionOf({ jurisdiction, specs }: VersionInput): object {
  return {
    ...{ metadata: zeroHash, specs },
    jurisdiction: jurisdiction === "" ? "0x0000" : stringToHex(jurisdiction, { size: 2 }),
  };
}

function listingCall(label: string, address: Address, functionName: string, args: readonly unknown[]) {
  return callStep(label, { address, abi: nodeListingsAbi, functionName, args });
}
