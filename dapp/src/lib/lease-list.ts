import type { AssetKind } from "@pqmesh/contracts/protocol/asset-kind";
import { isClosed, type LeaseStatus } from "@pqmesh/contracts/protocol/lease-status";
import type { Address } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import type { IndexerClient } from "./indexer-client.ts";
import { leasesOfClient, leasesOfListings, type LeaseView, readLeases } from "./lease-view.ts";
import { readToken } from "./token-amount.ts";

/** Closed leases that the indexer is asked for: the newest. */
export const CLOSED_LEASES = 500;
/** Open leases that the indexer is asked for; graph-node's limit for one answer. */
const OPEN_LEASES = 1_000;

const LEASES = `query Leases($open: Lease_filter!, $closed: Lease_filter!) {
  open: leases(first: ${OPEN_LEASES}, orderBy: number, orderDirection: desc, where: $open) { number }
  closed: leases(first: ${CLOSED_LEASES}, orderBy: number, orderDirection: desc, where: $closed) {
    number client units status rate token start settledUntil isDisputed listing { number kind } node { nodeIndex }
  }
}`;
const OPEN_STATUSES: LeaseStatus[] = ["Pending", "Active"];

/** A lease in a list. */
export type LeaseSummary = Pick<
  LeaseView,
  "id" | "client" | "listingId" | "nodeIndex" | "kind" | "units" | "status" | "start" | "settledUntil" | "rate" | "unit"
> &
  Pick<LeaseView, "runway"> & { record: Pick<LeaseView["record"], "isDisputed"> };

/** Leases of somebody, newest first. */
export interface LeaseList {
  /** As the escrow holds them. */
  open: LeaseView[];
  /** At most {@link CLOSED_LEASES} while the indexer answers. */
  closed: LeaseSummary[];
}

/** Whose leases: a wallet that opened them, or the operator of listings. */
export type LeaseParty = { client: Address } | { identityId: number; listings: readonly number[] };

interface RawLease {
  number: string;
  client: Address;
  units: number;
  status: LeaseStatus;
  rate: string;
  token: Address;
  start: string | null;
  settledUntil: string | null;
  isDisputed: boolean;
  listing: { number: number; kind: AssetKind };
  node: { nodeIndex: number };
}

/**
 * Finds leases by the indexer; those that are open are then read from the escrow.
 *
 * @throws IndexerAwayError when there is no usable answer in time.
 */
export async function leasesFromIndexer(
  access: ChainAccess,
  indexer: IndexerClient,
  party: LeaseParty,
): Promise<LeaseList> {
  const who = "client" in party ? { client: party.client.toLowerCase() } : { operator: String(party.identityId) };
  const data = await indexer.query<{ open: { number: string }[]; closed: RawLease[] }>(LEASES, {
    open: { ...who, status_in: OPEN_STATUSES },
    closed: { ...who, status_not_in: OPEN_STATUSES },
  });
  const [open, closed] = await Promise.all([
    readLeases(
      access,
      data.open.map(({ number }) => Number(number)),
    ),
    Promise.all(data.closed.map((raw) => summaryOf(access, raw))),
  ]);
  const justClosed = open.filter(({ status }) => isClosed(status));
  return { open: open.filter(({ status }) => !isClosed(status)), closed: [...justClosed, ...closed].sort(newestFirst) };
}

/** Finds leases by the escrow's logs and reads each. */
export async function leasesFromChain(access: ChainAccess, party: LeaseParty): Promise<LeaseList> {
  const ids =
    "client" in party ? await leasesOfClient(access, party.client) : await leasesOfListings(access, party.listings);
  const leases = await readLeases(access, ids);
  return {
    open: leases.filter(({ status }) => !isClosed(status)),
    closed: leases.filter(({ status }) => isClosed(status)),
  };
}

async function summaryOf(access: ChainAccess, raw: RawLease): Promise<LeaseSummary> {
  const { number, client, units, status, rate, token, start, settledUntil, isDisputed, listing, node } = raw;
  return {
    ...{ id: Number(number), client, units, status, rate: BigInt(rate), record: { isDisputed } },
    ...{ start: Number(start ?? 0), settledUntil: Number(settledUntil ?? 0), nodeIndex: node.nodeIndex },
    ...{ listingId: listing.number, kind: listing.kind, unit: await readToken(access, token) },
  };
}

function newestFirst(a: LeaseSummary, b: LeaseSummary): number {
  return b.id - a.id;
}
