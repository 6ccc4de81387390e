/** Numbers of the areas that can be paused, as `IEntryPause.EntryArea` counts. */
export const EntryArea = { Stake: 0, Delegation: 1, Listing: 2, Lease: 3 } as const;

/** Name of an area. */
export type EntryAreaName = keyof typeof EntryArea;
