import { isClosed, LEASE_STATUSES, type LeaseStatus } from "@pqmesh/contracts/protocol/lease-status";
import type { Address } from "viem";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { epochClock, type EpochClock } from "./epoch-clock.ts";
import { type ListingTerms, type ListingView, readListing, readTerms } from "./listing-state.ts";
import { usageError } from "./output.ts";
import { readToken, type Token } from "./tokens.ts";

/** A lease with what it depends on. */
export interface LeaseView {
  leaseId: bigint;
  client: Address;
  listing: ListingView;
  /** Version that the lease pins. */
  version: number;
  terms: ListingTerms;
  token: Token;
  nodeIndex: number;
  units: number;
  /** Rent of an epoch. */
  rate: bigint;
  status: LeaseStatus;
  isMetered: boolean;
  feeBp: number;
  balance: bigint;
  janitorFee: bigint;
  /** Epochs; while the lease is pending, the last one to accept it and the length of the term. */
  start: number;
  end: number;
  settledUntil: number;
  missedEpochs: number;
  noticeEnd: number;
  isDisputed: boolean;
  disputedUntil: number;
  clientShareBp: number;
  meter: { earned: bigint; redeemed: bigint; vouchersUntil: number };
  /** Only of an active lease. */
  runway: { fundedUntil: bigint; graceUntil: bigint; end: bigint } | undefined;
  clock: EpochClock;
}

/** Reads the number of a lease from the command line. */
export function leaseArgument(text: string): bigint {
  if (/^[1-9][0-9]{0,18}$/.test(text)) return BigInt(text);
  throw usageError(
    `leaseId is "${text.length > 40 ? "…" : text}", it must be a whole number from 1 on, of at most 19 digits`,
  );
}

/** Reads a lease. @throws when there is none. */
export async function readLease(session: Session, leaseId: bigint): Promise<LeaseView> {
  const { client } = session;
  const escrow = contractOf(session, "LeaseEscrow");
  const [[lease, record], [nodeIndex, rate, tokenAddress], [, meter], clock] = await Promise.all([
    client.readContract({ ...escrow, functionName: "leaseOf", args: [leaseId] }),
    client.readContract({ ...escrow, functionName: "tenancyOf", args: [leaseId] }),
    client.readContract({ ...escrow, functionName: "meterOf", args: [leaseId] }),
    epochClock(session),
  ]);
  const { listingId, version, status: statusNumber, ...stored } = lease;
  const status = LEASE_STATUSES[statusNumber] ?? "None";
  const [listing, terms, token, runway] = await Promise.all([
    readListing(session, listingId),
    readTerms(session, listingId, version),
    readToken(session, tokenAddress),
    status === "Active" ? readRunway(session, leaseId) : undefined,
  ]);
  const { missedEpochs, noticeEnd, isDisputed, disputedUntil, clientShareBp } = record;
  return {
    ...{ ...stored, leaseId, listing, version, terms, token, nodeIndex, rate, status, meter, runway, clock },
    ...{ missedEpochs, noticeEnd, isDisputed, disputedUntil, clientShareBp },
  };
}

/** What a status means, in words. */
export function statusText(status: LeaseStatus): string {
  return STATUS_TEXTS[status];
}

/** True when a lease is closed for good. */
export function isOver({ status }: Pick<LeaseView, "status">): boolean {
  return isClosed(status);
}

const STATUS_TEXTS: Readonly<Record<LeaseStatus, string>> = {
  None: "unknown",
  Pending: "waiting for the provider",
  Active: "active",
  Declined: "declined by the provider",
  NotAccepted: "not accepted in time",
  Cancelled: "cancelled by the client",
  Completed: "completed",
  OutOfFunds: "out of funds",
  EndedByClient: "ended by the client",
  EndedByProvider: "ended by the provider",
  Breached: "breached by the provider",
};

async function readRunway(session: Session, leaseId: bigint): Promise<LeaseView["runway"]> {
  const escrow = contractOf(session, "LeaseEscrow");
  const [fundedUntil, graceUntil, end] = await session.client.readContract({
    ...escrow,
    functionName: "runwayOf",
    args: [leaseId],
  });
  return { fundedUntil, graceUntil, end };
}
