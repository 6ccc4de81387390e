import { formatTime } from "./format.ts";

type Sentence = string | ((args: readonly unknown[]) => string);

const time = (value: unknown): string => formatTime(value as bigint);
const text = (value: unknown): string => String(value);

/** What enters an area, as `IEntryPause.EntryArea` counts. */
const ENTRIES = ["Stakes of new nodes", "New delegations", "New listings", "New leases"];
const entriesOf = (area: unknown): string => ENTRIES[Number(area)] ?? `Entries of area ${text(area)}`;

/** What each error of governance means, and what to do about it. */
export const GOVERNANCE_SENTENCES: Readonly<Record<string, Sentence>> = {
  EntryPause_InvalidEnd: ([until, earliest, latest]) =>
    `The pause would end at ${time(until)}; it must end after ${time(earliest)} and at ${time(latest)} at the latest.`,
  EntryPause_InvalidTerm: ([until, latest]) =>
    `The guardian's term would end at ${time(until)}; it must end in the future, at ${time(latest)} at the latest.`,
  EntryPause_NotGuardian: "Only the DAO or its emergency guardian can do this.",
  EntryPause_NotPaused: ([area]) => `${entriesOf(area)} are not paused.`,
  EntryPause_Paused: ([area, until]) =>
    `${entriesOf(area)} are paused until ${time(until)} because of an emergency. What is there already can leave as ever.`,
  EntryPause_TooSoon: ([area, from]) => `The guardian can pause this again from ${time(from)} on: ${entriesOf(area)}.`,
};
