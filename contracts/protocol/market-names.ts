// Names of the marketplace's Solidity enums in order, separated by spaces. In the subset that AssemblyScript shares with
// TypeScript, so that the subgraph's mappings and every program read the same lists.

/** `INodeListings.AssetKind`. */
export const ASSET_KIND_NAMES = "CPU GPU Memory Storage Network Container";

/** `INodeListings.PrivacyLevel`. */
export const PRIVACY_LEVEL_NAMES = "Private PrivateNetwork P2P PublicNetwork FullPublic";

/** `ILeases.LeaseStatus`. */
export const LEASE_STATUS_NAMES =
  "None Pending Active Declined NotAccepted Cancelled Completed OutOfFunds EndedByClient EndedByProvider Breached";

/** `ILeases.SweepOutcome`. */
export const SWEEP_OUTCOME_NAMES = "Closed Settled NotOverdue Disputed AlreadyClosed Failed";

/** `ILeaseDisputes.Outcome`. */
export const DISPUTE_OUTCOME_NAMES = "None Agreed Ruled Silent Withdrawn";
