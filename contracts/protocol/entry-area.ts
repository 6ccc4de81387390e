/** What enters each area that can be paused, as `IEntryPause.EntryArea` counts; the middle of a sentence, in the plural. */
export const ENTRY_AREAS = [
  "stakes of inactive nodes",
  "delegations of new delegators",
  "new listings",
  "new leases",
] as const;

/** What enters an area, also one that this version does not know; the middle of a sentence. */
export function entriesOf(area: number): string {
  return ENTRY_AREAS[area] ?? `entries of the unknown area ${area}`;
}
