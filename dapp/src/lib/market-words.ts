import type { LeaseStatus } from "@pqmesh/contracts/protocol/lease-status";
import type { PrivacyLevel } from "@pqmesh/contracts/protocol/privacy-level";

/** Privacy levels in a few words. */
export const PRIVACY_WORDS: Readonly<Record<PrivacyLevel, string>> = {
  Private: "Private",
  PrivateNetwork: "Private network",
  P2P: "By invitation",
  PublicNetwork: "Operators",
  FullPublic: "Public",
};

/** Who each level admits, in a sentence. */
export const PRIVACY_SENTENCES: Readonly<Record<PrivacyLevel, string>> = {
  Private: "Only the operator's own wallets can lease.",
  PrivateNetwork: "Only wallets on the operator's list of members can lease.",
  P2P: "Only clients that the operator named in a signed offer can lease.",
  PublicNetwork: "Every owner of a registered operator identity can lease.",
  FullPublic: "Everybody can lease.",
};

/** Where a lease is, for badges. */
export const STATUS_WORDS: Readonly<Record<LeaseStatus, string>> = {
  None: "Unknown",
  Pending: "Waiting for the provider",
  Active: "Active",
  Declined: "Declined",
  NotAccepted: "Not accepted in time",
  Cancelled: "Cancelled",
  Completed: "Completed",
  OutOfFunds: "Out of funds",
  EndedByClient: "Ended by the client",
  EndedByProvider: "Ended by the provider",
  Breached: "Breached",
};

/** Why a lease is closed, and what that meant for the money. */
export const CLOSE_SENTENCES: Readonly<Partial<Record<LeaseStatus, string>>> = {
  Declined: "The provider declined. The whole deposit returned to the client.",
  NotAccepted: "The provider did not accept in time. The whole deposit returned to the client.",
  Cancelled: "The client took it back before the provider accepted. The whole deposit returned to the client.",
  Completed: "The agreed term is over. Every epoch was settled by what the committee reported.",
  OutOfFunds: "Its rent ran out, and nobody paid in before the grace was over.",
  EndedByClient: "The client gave notice, and the notice is over. What was not used returned to the client.",
  EndedByProvider: "The provider gave notice, and the notice is over. What was not used returned to the client.",
  Breached:
    "The node missed more epochs than the terms allow. What was left and the provider's bond went to the client.",
};
