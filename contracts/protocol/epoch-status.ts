/** What is known about one epoch of one node; the position is the number of `IAttestationBridge.EpochStatus`. */
export const EPOCH_STATUSES = ["Inactive", "Pending", "Attested", "Absent", "Degraded", "Unreported"] as const;

/** Name of a status. */
export type EpochStatus = (typeof EPOCH_STATUSES)[number];
