import { ASSET_KINDS, type AssetKind } from "@pqmesh/contracts/protocol/asset-kind";
import { LEASE_STATUSES, type LeaseStatus, isClosed } from "@pqmesh/contracts/protocol/lease-status";
import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import type { Address } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import type { LeaseTerms } from "./listing-view.ts";
import { readToken, type TokenUnit } from "./token-amount.ts";

/** A lease as the escrow holds it now; amounts are smallest units of its token. */
export interface LeaseView {
  id: number;
  client: Address;
  listingId: number;
  version: number;
  units: number;
  feeBp: number;
  status: LeaseStatus;
  isMetered: boolean;
  balance: bigint;
  janitorFee: bigint;
  /** First epoch that is paid; while Pending, the last epoch in which it can be accepted. */
  start: number;
  /** First epoch after the agreed term; while Pending, the length of the term in epochs. */
  end: number;
  settledUntil: number;
  record: {
    missedEpochs: number;
    missedRun: number;
    leastRun: number;
    /** 0 when nobody gave notice. */
    noticeEnd: number;
    isNoticeByProvider: boolean;
    disputedUntil: number;
    clientShareBp: number;
    isDisputed: boolean;
  };
  nodeIndex: number;
  identityId: number;
  kind: AssetKind;
  /** Terms that hold for it. */
  terms: LeaseTerms;
  /** Rent of an epoch. */
  rate: bigint;
  unit: TokenUnit;
  /** Of an active lease: first epoch that is not paid for, first in which a top-up is too late, first after the lease. */
  runway?: { fundedUntil: number; graceUntil: number; end: number };
  /** Of a metered lease. */
  meter?: { earned: bigint; redeemed: bigint; vouchersUntil: number };
}

/** Epochs of an active lease that are not settled yet, by what the committee reported so far. */
export interface Unsettled {
  proven: number;
  missed: number;
  unreported: number;
  /** Rent of the proven ones, before the fee, and of the missed ones. */
  toProvider: bigint;
  toClient: bigint;
}

/** Reads leases from the escrow. */
export function readLeases(access: ChainAccess, ids: readonly number[]): Promise<LeaseView[]> {
  return Promise.all(ids.map((id) => readLease(access, id)));
}

/** Number of leases ever opened; their numbers run from 1. */
export async function readLeaseCount({ client, config }: ChainAccess): Promise<number> {
  const escrow = { address: config.contracts.LeaseEscrow, abi: leaseEscrowAbi } as const;
  return Number(await client.readContract({ ...escrow, functionName: "leaseCount" }));
}

/** Reads a lease from the escrow. @throws when there is none. */
export async function readLease(access: ChainAccess, id: number): Promise<LeaseView> {
  const { client, config } = access;
  const escrow = { address: config.contracts.LeaseEscrow, abi: leaseEscrowAbi } as const;
  const listings = { address: config.contracts.NodeListings, abi: nodeListingsAbi } as const;
  const [lease, record] = await client.readContract({ ...escrow, functionName: "leaseOf", args: [BigInt(id)] });
  const status = LEASE_STATUSES[lease.status]!;
  const { listingId, version } = lease;
  const [listing, terms, runway, meter] = await Promise.all([
    client.readContract({ ...listings, functionName: "listingOf", args: [listingId] }),
    client.readContract({ ...listings, functionName: "termsOf", args: [listingId, version] }),
    status === "Active" ? readRunway(access, id) : undefined,
    lease.isMetered ? client.readContract({ ...escrow, functionName: "meterOf", args: [BigInt(id)] }) : undefined,
  ]);
  return {
    ...{ id, ...lease, status, record, terms, rate: terms.price * BigInt(lease.units) },
    ...{ nodeIndex: listing.nodeIndex, identityId: listing.identityId, kind: ASSET_KINDS[listing.kind]! },
    unit: await readToken(access, terms.token),
    ...(runway && { runway }),
    ...(meter && { meter: meter[1] }),
  };
}

/** A lease can close between two reads: then it has no runway any more. */
async function readRunway({ client, config }: ChainAccess, id: number): Promise<LeaseView["runway"]> {
  const escrow = { address: config.contracts.LeaseEscrow, abi: leaseEscrowAbi } as const;
  const read = client.readContract({ ...escrow, functionName: "runwayOf", args: [BigInt(id)] });
  const found = await read.catch(async (error: unknown) => {
    const [{ status }] = await client.readContract({ ...escrow, functionName: "leaseOf", args: [BigInt(id)] });
    if (isClosed(LEASE_STATUSES[status]!)) return undefined;
    throw error;
  });
  if (!found) return undefined;
  const [fundedUntil, graceUntil, end] = found.map(Number) as [number, number, number];
  return { fundedUntil, graceUntil, end };
}

/** Counts the epochs of an active lease that are over but not settled; `epoch` is the running one. */
export async function readUnsettled(
  { client, config }: ChainAccess,
  { nodeIndex, settledUntil, runway, rate }: Pick<LeaseView, "nodeIndex" | "settledUntil" | "runway" | "rate">,
  epoch: number,
): Promise<Unsettled> {
  const until = Math.min(epoch, runway?.fundedUntil ?? settledUntil);
  if (until <= settledUntil) return { proven: 0, missed: 0, unreported: 0, toProvider: 0n, toClient: 0n };
  const { attested, absent, degraded, inactive, unreported, pending } = await client.readContract({
    ...{ address: config.contracts.AttestationBridge, abi: attestationBridgeAbi, functionName: "uptime" },
    args: [nodeIndex, BigInt(settledUntil), BigInt(until)],
  });
  const missed = absent + degraded + inactive;
  return {
    ...{ proven: Number(attested), missed: Number(missed), unreported: Number(unreported + pending) },
    ...{ toProvider: attested * rate, toClient: missed * rate },
  };
}

/** Numbers of the leases that a wallet opened, newest first, from the escrow's logs. */
export async function leasesOfClient({ client, config }: ChainAccess, wallet: Address): Promise<number[]> {
  const logs = await client.getContractEvents({
    ...{ address: config.contracts.LeaseEscrow, abi: leaseEscrowAbi, eventName: "LeaseOpened" },
    ...{ args: { client: wallet }, fromBlock: BigInt(config.startBlock), strict: true },
  });
  return logs.map(({ args }) => Number(args.leaseId)).reverse();
}

/** Numbers of the leases of listings, newest first, from the escrow's logs. */
export async function leasesOfListings({ client, config }: ChainAccess, ids: readonly number[]): Promise<number[]> {
  if (ids.length === 0) return [];
  const logs = await client.getContractEvents({
    ...{ address: config.contracts.LeaseEscrow, abi: leaseEscrowAbi, eventName: "LeaseOpened" },
    ...{ args: { listingId: [...ids] }, fromBlock: BigInt(config.startBlock), strict: true },
  });
  return logs.map(({ args }) => Number(args.leaseId)).reverse();
}

/** First epoch after a lease by term or notice; undefined before it was accepted. */
export function endOf({ status, end, record }: Pick<LeaseView, "status" | "end" | "record">): number | undefined {
  if (status === "Pending") return undefined;
  return record.noticeEnd > 0 && record.noticeEnd < end ? record.noticeEnd : end;
}

/** Most that is of use to pay in now, smallest units: the rest of term or notice, less what is there. */
export function topUpLimit(lease: LeaseView): bigint {
  const { settledUntil, rate, balance } = lease;
  const most = BigInt((endOf(lease) ?? lease.end) - settledUntil) * rate - balance;
  return most > 0n ? most : 0n;
}
