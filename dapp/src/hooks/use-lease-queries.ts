import type { EpochStatus } from "@pqmesh/contracts/protocol/epoch-status";
import { useQuery, type UseQueryResult } from "@tanstack/react-query";
import type { Address } from "viem";
import {
  type DisputeRow,
  type OpenDispute,
  readArbitrator,
  readDisputes,
  readDisputeTerms,
  readOpenDispute,
} from "../lib/lease-dispute.ts";
import { type LeaseStory, readLeaseStory } from "../lib/lease-story.ts";
import { leasesFromChain, leasesFromIndexer, type LeaseList, type LeaseParty } from "../lib/lease-list.ts";
import { type LeaseView, readLease, readLeaseCount, readUnsettled, type Unsettled } from "../lib/lease-view.ts";
import { type ListingView, readListings } from "../lib/listing-view.ts";
import { type NetworkServices, readEither, runningEpoch } from "../lib/network-services.ts";
import { readStatuses } from "../lib/probe-view.ts";
import { type IncomeEntry, incomeFromChain, incomeFromIndexer, listingsOfOperator } from "../lib/provider-income.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a screen refreshes even when nobody sent a notice: leases are watched live. */
const POLL_MS = 4_000;
/** Disputes that the page of disputes shows. */
const DISPUTES = 100;

/** Leases that a wallet opened. */
export function useOwnLeases(wallet: Address): UseQueryResult<LeaseList> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "leases", wallet],
    queryFn: () => readLeaseList(services, { client: wallet }),
    refetchInterval: POLL_MS,
  });
}

/** Finds leases by the indexer, or by the chain while it is away. */
function readLeaseList(services: NetworkServices, party: LeaseParty): Promise<LeaseList> {
  return readEither(services, {
    fromIndexer: () => leasesFromIndexer(services, services.indexer, party),
    fromChain: () => leasesFromChain(services, party),
  });
}

/** A lease as the escrow holds it; null when there is none. */
export function useLease(id: number): UseQueryResult<LeaseView | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "lease", id],
    queryFn: async () => {
      const count = await readLeaseCount(services);
      return id >= 1 && id <= count ? readLease(services, id) : null;
    },
    refetchInterval: POLL_MS,
  });
}

/** What happened to a lease; null when nobody knows. */
export function useLeaseStory(id: number): UseQueryResult<LeaseStory | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "lease-story", id],
    queryFn: async () => (await readLeaseStory(services, id)) ?? null,
    refetchInterval: POLL_MS,
  });
}

/** Epochs of a lease that are over but not settled. */
export function useUnsettled(lease: LeaseView): UseQueryResult<Unsettled> {
  const services = useNetwork();
  const { id, settledUntil, status, nodeIndex, runway, rate } = lease;
  return useQuery({
    queryKey: ["network", "lease-unsettled", id, settledUntil],
    queryFn: async () => {
      const asked = { nodeIndex, settledUntil, rate, ...(runway && { runway }) };
      return readUnsettled(services, asked, await runningEpoch(services));
    },
    enabled: status === "Active",
    refetchInterval: POLL_MS,
  });
}

/** What the committee says of epochs of a node, in their order; read again while one of them can still be reported. */
export function useCommitteeView(nodeIndex: number, epochs: readonly number[]): UseQueryResult<EpochStatus[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["committee-view", nodeIndex, epochs],
    queryFn: () => readStatuses(services, nodeIndex, epochs),
    refetchInterval: ({ state }) => (state.data?.includes("Pending") ? POLL_MS : 60_000),
  });
}

/** The open dispute of a lease; null when it has none. */
export function useOpenDispute(leaseId: number): UseQueryResult<OpenDispute | null> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "lease-dispute", leaseId],
    queryFn: async () => (await readOpenDispute(services, leaseId)) ?? null,
    refetchInterval: POLL_MS,
  });
}

/** Bond and arbitrator of a dispute about a lease. */
export function useDisputeTerms(leaseId: number): UseQueryResult<{ bond: bigint; arbitrator: Address }> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "lease-dispute-terms", leaseId],
    queryFn: () => readDisputeTerms(services, leaseId),
    refetchInterval: 60_000,
  });
}

/** Disputes of leases, newest first, and who decides them. */
export function useLeaseDisputes(): UseQueryResult<{ rows: DisputeRow[]; arbitrator: Address }> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["network", "lease-disputes"],
    queryFn: async () => {
      const [rows, arbitrator] = await Promise.all([readDisputes(services, DISPUTES), readArbitrator(services)]);
      return { rows, arbitrator };
    },
    refetchInterval: POLL_MS,
  });
}

/** Listings of an operator, newest first, read from the chain. */
export function useOwnListings(identityId: number): UseQueryResult<ListingView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "listings", identityId],
    queryFn: async () => readListings(services, await listingsOfOperator(services, identityId)),
    refetchInterval: POLL_MS,
  });
}

/** Leases of an operator's listings. */
export function useLeasesOf(identityId: number, listings: readonly number[]): UseQueryResult<LeaseList> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "leases-of", identityId, listings],
    queryFn: () => readLeaseList(services, { identityId, listings }),
    placeholderData: (previous) => previous,
    refetchInterval: POLL_MS,
  });
}

/** What leases paid an operator, oldest first. */
export function useIncome(identityId: number, listings: readonly number[]): UseQueryResult<IncomeEntry[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "income", identityId, listings],
    queryFn: () =>
      readEither(services, {
        fromIndexer: () => incomeFromIndexer(services, services.indexer, identityId),
        fromChain: () => incomeFromChain(services, listings),
      }),
    placeholderData: (previous) => previous,
    refetchInterval: POLL_MS,
  });
}
