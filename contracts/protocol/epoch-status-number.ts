// Numbers of IAttestationBridge.EpochStatus, written in the portable subset of AssemblyScript so that the subgraph's mappings
// and every TypeScript program compile this same file.

/** Outside the node's active intervals; in an uptime page also: nothing reported. */
export const EPOCH_INACTIVE: i32 = 0;

/** Not reported, and the report window is open. */
export const EPOCH_PENDING: i32 = 1;

/** Reported, and in neither list; or proven by the node itself. */
export const EPOCH_ATTESTED: i32 = 2;

/** Reported as absent; or the leaf was invalid or withheld. */
export const EPOCH_ABSENT: i32 = 3;

/** Reported as degraded. */
export const EPOCH_DEGRADED: i32 = 4;

/** The report window closed without a report. */
export const EPOCH_UNREPORTED: i32 = 5;

/** Name of a status as the Solidity enum and the subgraph's schema write it; empty for a number that is none. */
export function epochStatusName(status: i32): string {
  if (status === EPOCH_INACTIVE) return "Inactive";
  if (status === EPOCH_PENDING) return "Pending";
  if (status === EPOCH_ATTESTED) return "Attested";
  if (status === EPOCH_ABSENT) return "Absent";
  if (status === EPOCH_DEGRADED) return "Degraded";
  return status === EPOCH_UNREPORTED ? "Unreported" : "";
}
