import { type AssetKind, ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import { formatSpecs, type ListingSpecs } from "@pqmesh/contracts/protocol/listing-specs";
import type { PrivacyLevel } from "@pqmesh/contracts/protocol/privacy-level";

/** A listing of a devnet. */
export interface ListingSeed {
  node: number;
  /** As `INodeListings.AssetKind` numbers it. */
  kind: number;
  privacy: PrivacyLevel;
  units: number;
  shareBp: number;
  /** Smallest units of the stablecoin for a unit and epoch. */
  price: bigint;
  jurisdiction: string;
  isMetered: boolean;
  /** JSON of what one unit is. */
  specs: string;
}

interface Offer<Kind extends AssetKind> {
  node: number;
  units: number;
  shareBp: number;
  price: bigint;
  jurisdiction: string;
  privacy?: PrivacyLevel;
  isMetered?: boolean;
  specs: ListingSpecs<Kind>;
}

function listing<Kind extends AssetKind>(kind: Kind, { specs, ...offer }: Offer<Kind>): ListingSeed {
  const text = formatSpecs(kind, specs);
  return { privacy: "FullPublic", isMetered: false, ...offer, kind: ASSET_KINDS.indexOf(kind), specs: text };
}

/** One listing of each kind, and of each way to be let in that a visitor can try; the n-th of them is listing n. */
export const LISTINGS: readonly ListingSeed[] = [
  listing("CPU", {
    ...{ node: 0, units: 32, shareBp: 5_000, price: 1_200n, jurisdiction: "DE" },
    specs: { threads: 2, architecture: "x86-64", clockMhz: 3_200 },
  }),
  listing("Storage", {
    ...{ node: 1, units: 100, shareBp: 8_000, price: 300n, jurisdiction: "FI" },
    specs: { storageGib: 64, medium: "NVMe", isEncrypted: true },
  }),
  listing("GPU", {
    ...{ node: 2, units: 4, shareBp: 10_000, price: 9_000n, jurisdiction: "JP" },
    specs: { model: "NVIDIA L4", devices: 1, memoryMib: 24_576, interconnect: "PCIe" },
  }),
  listing("Container", {
    ...{ node: 3, units: 20, shareBp: 6_000, price: 700n, jurisdiction: "CA", privacy: "PublicNetwork" },
    specs: { milliThreads: 500, memoryMib: 1_024, storageGib: 8, architecture: "arm64" },
  }),
  listing("Memory", {
    ...{ node: 0, units: 16, shareBp: 4_000, price: 450n, jurisdiction: "DE", privacy: "P2P" },
    specs: { memoryMib: 8_192, isErrorCorrecting: true },
  }),
  listing("Network", {
    ...{ node: 1, units: 10, shareBp: 5_000, price: 150n, jurisdiction: "FI", isMetered: true },
    specs: { megabitsPerSecond: 100, publicIpv4Addresses: 1, hasIpv6: true },
  }),
];

/** What the clients of a devnet rent at its start, by the place of the listing in {@link LISTINGS}, from 1 on. */
const LEASES: readonly { client: number; listing: number; units: number }[] = [
  { client: 0, listing: 1, units: 2 },
  { client: 1, listing: 2, units: 5 },
  { client: 2, listing: 3, units: 1 },
];

/** A lease of a devnet, of the listing with this id on the chain. */
export interface LeaseSeed {
  client: number;
  listingId: number;
  price: bigint;
  units: number;
}

/**
 * What a devnet of so many operators lists, and which leases of it are opened: ids count what is listed, nothing else. Only the
 * first node of each operator has a wallet to show its capacity with; they are the first nodes.
 */
export function marketOf(operators: number): { listings: ListingSeed[]; leases: LeaseSeed[] } {
  const listings = LISTINGS.filter(({ node }) => node < operators);
  const leases = LEASES.flatMap(({ client, listing, units }) => {
    const seed = LISTINGS[listing - 1];
    const listingId = seed ? listings.indexOf(seed) + 1 : 0;
    return seed && listingId > 0 ? [{ client, listingId, price: seed.price, units }] : [];
  });
  return { listings, leases };
}
