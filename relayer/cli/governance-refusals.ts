type Arguments = readonly unknown[];

const time = (value: unknown): string => new Date(Number(value) * 1_000).toISOString();
const text = (value: unknown): string => String(value);

/** What enters an area, as `IEntryPause.EntryArea` counts. */
const ENTRIES = ["stakes of new nodes", "new delegations", "new listings", "new leases"];

/** What the errors of governance mean. */
export const GOVERNANCE_REFUSALS: Readonly<Record<string, (args: Arguments) => string>> = {
  EntryPause_Paused: ([area, until]) =>
    `${ENTRIES[Number(area)] ?? `entries of area ${text(area)}`} are paused until ${time(until)} because of an emergency; what is there already can leave as ever`,
};
