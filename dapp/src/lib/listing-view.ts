import { ASSET_KINDS, type AssetKind } from "@pqmesh/contracts/protocol/asset-kind";
import { BUYERS, type Buyer, PRIVACY_LEVELS, type PrivacyLevel } from "@pqmesh/contracts/protocol/privacy-level";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { type Address, type Hex, hexToString } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import { readToken, type TokenUnit } from "./token-amount.ts";

/** Listings that are read one by one while the indexer is away: the newest. */
export const CHAIN_LISTING_LIMIT = 500;

/** Terms of a version; epochs are counts, the price is in smallest units of the token for a unit and epoch. */
export interface LeaseTerms {
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

/** A listing with the terms of its newest version. */
export interface ListingView {
  id: number;
  nodeIndex: number;
  identityId: number;
  version: number;
  units: number;
  soldUnits: number;
  /** Share of the node's resource that all units are together, basis points. */
  shareBp: number;
  kind: AssetKind;
  privacy: PrivacyLevel;
  isPaused: boolean;
  isRetired: boolean;
  terms: LeaseTerms;
  unit: TokenUnit;
  /** ISO 3166-1 alpha-2, or empty. */
  jurisdiction: string;
  /** JSON text of what one unit is. */
  specs: string;
  /** Trust Score of the node, basis points; undefined without the indexer. */
  trustScore?: number;
}

/** A published version. */
export interface ListingVersion {
  version: number;
  terms: LeaseTerms;
  jurisdiction: string;
  specs: string;
  metadata: Hex;
  transaction: Hex;
}

/** What the chain says about a listing beside itself. */
export interface ListingStanding {
  /** Shares of the node's resource of this kind, basis points: taken by listings, and attested. */
  offeredBp: number;
  attestedBp: number;
  /** Epoch of the newest attestation that was shown; undefined when none was. */
  shownEpoch?: number;
  /** The provider's bond in the token of the listing. */
  bond: { free: bigint; locked: bigint };
  rule: { isAllowed: boolean; janitorFee: bigint; minDeposit: bigint };
  operator: { owner: Address; operatorWallet: Address; beneficiary: Address };
}

/** Units that can be leased. */
export function freeUnits({ units, soldUnits }: Pick<ListingView, "units" | "soldUnits">): number {
  return units - soldUnits;
}

/** Bond that the provider locks for a lease of so many units, smallest units of the token. */
export function bondFor({ price, bondEpochs }: Pick<LeaseTerms, "price" | "bondEpochs">, units: number): bigint {
  return price * BigInt(bondEpochs) * BigInt(units);
}

/** Reads a listing from the chain; undefined when there is none. */
export async function readListing(access: ChainAccess, id: number): Promise<ListingView | undefined> {
  const { client, config } = access;
  const listings = { address: config.contracts.NodeListings, abi: nodeListingsAbi } as const;
  const count = await client.readContract({ ...listings, functionName: "listingCount" });
  if (id < 1 || id > count) return undefined;
  const [found] = await readListings(access, [id]);
  return found;
}

/** Reads the newest listings from the chain, newest first, at most {@link CHAIN_LISTING_LIMIT}. */
export async function newestListings(access: ChainAccess): Promise<ListingView[]> {
  const { client, config } = access;
  const listings = { address: config.contracts.NodeListings, abi: nodeListingsAbi } as const;
  const count = await client.readContract({ ...listings, functionName: "listingCount" });
  const ids = Array.from({ length: Math.min(count, CHAIN_LISTING_LIMIT) }, (_, i) => count - i);
  return readListings(access, ids);
}

/** Reads listings from contract views; what their versions say beside the terms from logs. */
export async function readListings(access: ChainAccess, ids: readonly number[]): Promise<ListingView[]> {
  if (ids.length === 0) return [];
  const { client, config } = access;
  const listings = { address: config.contracts.NodeListings, abi: nodeListingsAbi } as const;
  const [known, versions] = await Promise.all([
    Promise.all(ids.map((id) => client.readContract({ ...listings, functionName: "listingOf", args: [id] }))),
    versionsOf(access, ids),
  ]);
  const newest = new Map(versions.map((one) => [`${one.listingId}:${one.version}`, one]));
  return Promise.all(
    known.map(async ({ kind, privacy, ...listing }, i): Promise<ListingView> => {
      const id = ids[i]!;
      const said = newest.get(`${id}:${listing.version}`)!;
      return {
        ...{ id, ...listing, kind: ASSET_KINDS[kind]!, privacy: PRIVACY_LEVELS[privacy]! },
        ...{ terms: said.terms, jurisdiction: said.jurisdiction, specs: said.specs },
        unit: await readToken(access, said.terms.token),
      };
    }),
  );
}

/** Reads every version of a listing, newest first. */
export async function readVersions(access: ChainAccess, id: number): Promise<ListingVersion[]> {
  return (await versionsOf(access, [id])).reverse();
}

async function versionsOf(
  { client, config }: ChainAccess,
  ids: readonly number[],
): Promise<(ListingVersion & { listingId: number })[]> {
  const logs = await client.getContractEvents({
    ...{ address: config.contracts.NodeListings, abi: nodeListingsAbi, eventName: "ListingVersionPublished" },
    ...{ args: { listingId: [...ids] }, fromBlock: BigInt(config.startBlock), strict: true },
  });
  return logs.map(({ args, transactionHash }) => ({
    ...{ listingId: args.listingId, version: args.version, terms: args.terms, specs: args.specs },
    ...{ metadata: args.metadata, transaction: transactionHash, jurisdiction: countryOf(args.jurisdiction) },
  }));
}

/** Reads what the chain says about a listing beside itself. */
export async function readStanding(
  { client, config }: ChainAccess,
  { nodeIndex, identityId, kind, terms }: Pick<ListingView, "nodeIndex" | "identityId" | "kind" | "terms">,
): Promise<ListingStanding> {
  const { NodeListings, LeaseEscrow, NodeRegistry } = config.contracts;
  const escrow = { address: LeaseEscrow, abi: leaseEscrowAbi } as const;
  const [capacity, bond, rule, operator] = await Promise.all([
    client.readContract({
      ...{ address: NodeListings, abi: nodeListingsAbi, functionName: "capacityOf", args: [nodeIndex] },
    }),
    client.readContract({ ...escrow, functionName: "bondOf", args: [identityId, terms.token] }),
    client.readContract({ ...escrow, functionName: "tokenRuleOf", args: [terms.token] }),
    client.readContract({
      ...{ address: NodeRegistry, abi: nodeRegistryAbi, functionName: "operatorOf", args: [identityId] },
    }),
  ]);
  return {
    offeredBp: shareOf(capacity.offered, kind),
    attestedBp: shareOf(capacity.attested, kind),
    ...(capacity.epoch > 0n && { shownEpoch: Number(capacity.epoch) }),
    ...{ bond, rule, operator },
  };
}

/** Share of a resource in packed shares, basis points. */
export function shareOf(shares: bigint, kind: AssetKind): number {
  return Number((shares >> BigInt(16 * ASSET_KINDS.indexOf(kind))) & 0xffffn);
}

/** What a wallet is to listings without an offer, by the contract. */
export async function readBuyers(
  { client, config }: ChainAccess,
  ids: readonly number[],
  wallet: Address,
): Promise<Map<number, Buyer>> {
  const listings = { address: config.contracts.NodeListings, abi: nodeListingsAbi } as const;
  const buyers = await Promise.all(
    ids.map((id) => client.readContract({ ...listings, functionName: "buyerOf", args: [id, wallet] })),
  );
  return new Map(buyers.map((buyer, i) => [ids[i]!, BUYERS[buyer]!]));
}

function countryOf(code: Hex): string {
  return code === "0x0000" ? "" : hexToString(code);
}
