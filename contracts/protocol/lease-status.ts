import { DISPUTE_OUTCOME_NAMES, LEASE_STATUS_NAMES, SWEEP_OUTCOME_NAMES } from "./market-names.ts";
import { wordsOf } from "./words.ts";

/** Where a lease is; the position is the number of `ILeases.LeaseStatus`. */
export const LEASE_STATUSES = wordsOf(LEASE_STATUS_NAMES);

/** Name of a status. */
export type LeaseStatus = (typeof LEASE_STATUSES)[number];

/** What became of one lease in a sweep; the position is the number of `ILeases.SweepOutcome`. */
export const SWEEP_OUTCOMES = wordsOf(SWEEP_OUTCOME_NAMES);

/** Name of an outcome of a sweep. */
export type SweepOutcome = (typeof SWEEP_OUTCOMES)[number];

/** How a dispute ended; the position is the number of `ILeaseDisputes.Outcome`. */
export const DISPUTE_OUTCOMES = wordsOf(DISPUTE_OUTCOME_NAMES);

/** Name of an outcome of a dispute. */
export type DisputeOutcome = (typeof DISPUTE_OUTCOMES)[number];

/** Returns true for a lease that is closed for good: its status is the reason. */
export function isClosed(status: LeaseStatus): boolean {
  return LEASE_STATUSES.indexOf(status) > LEASE_STATUSES.indexOf("Active");
}
