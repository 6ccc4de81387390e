import type { Buyer } from "@pqmesh/contracts/protocol/privacy-level";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import { type Address, erc20Abi, type Hex } from "viem";
import {
  type ListingStanding,
  type ListingVersion,
  type ListingView,
  readBuyers,
  readListing,
  readStanding,
  readVersions,
} from "../lib/listing-view.ts";
import { type FoundListings, listingsFromChain, type ListingSearch, searchedToken } from "../lib/listing-search.ts";
import { listingsFromCatalog } from "../lib/catalog-source.ts";
import { readEither } from "../lib/network-services.ts";
import type { TokenUnit } from "../lib/token-amount.ts";
import { readCredits, readMarketTokens, type TokenCredit } from "../lib/token-credits.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a screen refreshes even when nobody sent a notice. */
const POLL_MS = 8_000;

/** A page of listings that fit a search. */
export function useListings(search: ListingSearch, cursor: string | undefined): UseQueryResult<FoundListings> {
  const services = useNetwork();
  const tokens = useMarketTokens().data;
  const token = searchedToken(search, tokens ?? []);
  return useQuery({
    queryKey: ["network", "listings", search, token?.address, cursor],
    queryFn: () =>
      readEither(services, {
        fromIndexer: () => listingsFromCatalog(services, search, { cursor, token }),
        fromChain: () => listingsFromChain(services, search, { cursor, token }),
      }),
    enabled: tokens !== undefined,
    placeholderData: (previous) => previous,
    refetchInterval: POLL_MS,
  });
}

/** A listing, read from the chain; null when there is none. */
export function useListing(id: number): UseQueryResult<ListingView | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "listing", id],
    queryFn: async () => (await readListing(services, id)) ?? null,
    refetchInterval: POLL_MS,
  });
}

/** Every version of a listing, newest first. */
export function useVersions({ id, version }: ListingView): UseQueryResult<ListingVersion[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["listing-versions", id, version],
    queryFn: () => readVersions(services, id),
    staleTime: Infinity,
  });
}

/** Capacity, bond and rules of a listing, read from the chain. */
export function useListingStanding(listing: ListingView): UseQueryResult<ListingStanding> {
  const services = useNetwork();
  const { id, version, nodeIndex, identityId, kind, terms } = listing;
  return useQuery({
    queryKey: ["network", "listing-standing", id, version],
    queryFn: () => readStanding(services, { nodeIndex, identityId, kind, terms }),
    refetchInterval: POLL_MS,
  });
}

/** What a wallet is to listings, by the contract; empty without a wallet. */
export function useBuyers(ids: readonly number[], wallet: Address | undefined): UseQueryResult<Map<number, Buyer>> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "buyers", wallet, ids],
    queryFn: () => readBuyers(services, ids, wallet!),
    enabled: wallet !== undefined,
    placeholderData: (previous) => previous,
    refetchInterval: POLL_MS,
  });
}

/** Tokens that leases are paid in. */
export function useMarketTokens(): UseQueryResult<TokenUnit[]> {
  const services = useNetwork();
  return useQuery({ queryKey: ["market-tokens"], queryFn: () => readMarketTokens(services), refetchInterval: 60_000 });
}

/** What escrow and disputes hold for a wallet. */
export function useCredits(wallet: Address): UseQueryResult<TokenCredit[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "token-credits", wallet],
    queryFn: () => readCredits(services, wallet),
    refetchInterval: 4_000,
  });
}

/** What a wallet holds of a token, and what a contract may take of it without a permit; smallest units. */
export function useTokenSpendable(
  wallet: Address | undefined,
  { spender, token }: { spender: Address; token: Address | undefined },
): UseQueryResult<{ balance: bigint; allowance: bigint }> {
  const { client } = useNetwork();
  return useQuery({
    queryKey: ["wallet", "token-spendable", wallet, spender, token],
    queryFn: async () => {
      const ask = { address: token!, abi: erc20Abi } as const;
      const [balance, allowance] = await Promise.all([
        client.readContract({ ...ask, functionName: "balanceOf", args: [wallet!] }),
        client.readContract({ ...ask, functionName: "allowance", args: [wallet!, spender] }),
      ]);
      return { balance, allowance };
    },
    enabled: wallet !== undefined && token !== undefined,
    refetchInterval: POLL_MS,
  });
}

/** Hash of the delivery key that the chain knows of a wallet; zero when none. */
export function useDeliveryKeyHash(wallet: Address): UseQueryResult<Hex> {
  const { client, config } = useNetwork();
  return useQuery({
    queryKey: ["wallet", "delivery-key", wallet],
    queryFn: () =>
      client.readContract({
        ...{ address: config.contracts.LeaseEscrow, abi: leaseEscrowAbi, functionName: "deliveryKeyHashOf" },
        args: [wallet],
      }),
    refetchInterval: POLL_MS,
  });
}

/** What nodes attested and offer, packed shares, read from the chain. */
export function useCapacities(nodes: readonly number[]): UseQueryResult<NodeCapacity[]> {
  const { client, config } = useNetwork();
  return useQuery({
    queryKey: ["wallet", "capacities", nodes],
    queryFn: () =>
      Promise.all(
        nodes.map(async (nodeIndex): Promise<NodeCapacity> => {
          const listings = { address: config.contracts.NodeListings, abi: nodeListingsAbi } as const;
          const capacity = await client.readContract({ ...listings, functionName: "capacityOf", args: [nodeIndex] });
          return { nodeIndex, ...capacity };
        }),
      ),
    refetchInterval: POLL_MS,
  });
}

/** Packed shares of a node. */
export interface NodeCapacity {
  nodeIndex: number;
  offered: bigint;
  attested: bigint;
  /** Epoch of the attestation that was shown; 0 when none was. */
  epoch: bigint;
}
