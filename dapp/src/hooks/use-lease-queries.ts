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
import {
  leasesOfClient,
  leasesOfListings,
  type LeaseView,
  readLease,
  readLeaseCount,
  readLeases,
  readUnsettled,
  type Unsettled,
} from "../lib/lease-view.ts";
import { type ListingView, readListings } from "../lib/listing-view.ts";
import { runningEpoch } from "../lib/network-services.ts";
import { type IncomeEntry, listingsOfOperator, readIncome } from "../lib/provider-income.ts";
import { useNetwork } from "./use-network.ts";

/** Milliseconds after which a screen refreshes even when nobody sent a notice: leases are watched live. */
const POLL_MS = 4_000;
/** Disputes that the page of disputes shows. */
const DISPUTES = 100;

/** Leases that a wallet opened, newest first, read from the chain. */
export function useOwnLeases(wallet: Address): UseQueryResult<LeaseView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "leases", wallet],
    queryFn: async () => readLeases(services, await leasesOfClient(services, wallet)),
    refetchInterval: POLL_MS,
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

/** Leases of listings, newest first, read from the chain. */
export function useLeasesOf(listings: readonly number[]): UseQueryResult<LeaseView[]> {
  const services = useNetwork();
  return useQuery({
    queryKey: ["wallet", "leases-of", listings],
    queryFn: async () => readLeases(services, await leasesOfListings(services, listings)),
    placeholderData: (previous) => previous,
    refetchInterval: POLL_MS,
  });
}

/** What leases paid an operator, oldest first. */
export function useIncome(leases: readonly LeaseView[]): UseQueryResult<IncomeEntry[]> {
  const services = useNetwork();
  const ids = leases.map(({ id }) => id);
  return useQuery({
    queryKey: ["wallet", "income", ids],
    queryFn: () => readIncome(services, leases),
    placeholderData: (previous) => previous,
    refetchInterval: POLL_MS,
  });
}
