/** What enters each area, as `IEntryPause.EntryArea` counts; the middle of a sentence. */
export const ENTRY_AREAS = ["stakes of new nodes", "new delegations", "new listings", "new leases"] as const;

/** Numbers of the areas. */
export const EntryArea = { Stake: 0, Delegation: 1, Listing: 2, Lease: 3 } as const;

/** Name of an area. */
export type EntryAreaName = keyof typeof EntryArea;
