import { entriesOf } from "@pqmesh/contracts/protocol/entry-area";
import { formatUnits } from "viem";
import { capitalised, formatTime } from "./format.ts";

type Sentence = string | ((args: readonly unknown[]) => string);

const time = (value: unknown): string => formatTime(value as bigint);
const text = (value: unknown): string => String(value);

const entries = (area: unknown): string => entriesOf(Number(area));

/** What each error of governance means, and what to do about it. */
export const GOVERNANCE_SENTENCES: Readonly<Record<string, Sentence>> = {
  EntryPause_InvalidEnd: ([until, earliest, latest]) =>
    `The pause would end at ${time(until)}; it must end after ${time(earliest)} and at ${time(latest)} at the latest.`,
  EntryPause_InvalidTerm: ([until, latest]) =>
    `The guardian's term would end at ${time(until)}; it must end in the future, at ${time(latest)} at the latest.`,
  EntryPause_NotGuardian: "Only the DAO or its emergency guardian can do this.",
  EntryPause_NotPaused: ([area]) => `${capitalised(entries(area))} are not paused.`,
  EntryPause_Paused: ([area, until]) =>
    `${capitalised(entries(area))} are paused until ${time(until)} because of an emergency. What is there already can leave as ever.`,
  EntryPause_TooSoon: ([area, from]) => `The guardian can pause this again from ${time(from)} on: ${entries(area)}.`,
  MeshTimelock_NotApproved: ([, from]) =>
    from === 0n
      ? "This operation is critical: the approver must approve it first."
      : `The approver must approve this, or it waits until ${time(from)}: it replaces approvers.`,
  MeshTimelock_NotPending: "Nothing is scheduled under this id: it was executed, cancelled or never proposed.",
  MeshTimelock_RoleConflict: ([account]) => `${text(account)} cannot both propose and approve.`,
  MeshTimelock_TableClosed: "Only the DAO, by a proposal that was approved, changes what is critical.",
  QuadraticRound_Certified: "This identity is certified: its votes stay.",
  QuadraticRound_HeldTooLate: ([, , startsAt]) =>
    `This wallet must hold its identity since the season began at ${time(startsAt)}; it has held it for less, or was never synced.`,
  QuadraticRound_InvalidOption: ([option]) => `Option ${text(option)} does not fit the kind of the round.`,
  QuadraticRound_InvalidPeriod: ([, , longest]) =>
    `A season begins in the future and lasts ${text(longest)} s at most, less than MESH needs to leave and to count again.`,
  QuadraticRound_InvalidTerms: ([field]) => `The terms of the round do not fit its kind: ${text(field)}.`,
  QuadraticRound_NoCredits: "A season must give credits.",
  QuadraticRound_NotCertified: "Only wallets with a certified identity have credits.",
  QuadraticRound_NotNow: ([startsAt, endsAt]) =>
    `Credits can be spent from ${time(startsAt)} until ${time(endsAt)}, and not now.`,
  QuadraticRound_NotOver: ([endsAt]) => `The round has a result from ${time(endsAt)} on.`,
  QuadraticRound_OptionCount: ([count, max]) => `A round has two to ${text(max)} options; ${text(count)} were given.`,
  QuadraticRound_SeasonNotOpen: ([season]) =>
    `Rounds can be added to season ${text(season)} only after it was opened and before it begins.`,
  QuadraticRound_TooFewCredits: ([cost, credits]) =>
    `These votes cost ${text(cost)} credits together with those of this season before; there are ${text(credits)}.`,
  QuadraticRound_TooFewUnits: ([units, min]) =>
    `This season asks for ${formatUnits(min as bigint, 9)} units; the identity has ${formatUnits(units as bigint, 9)}. Stake or lock more MESH.`,
  QuadraticRound_UnknownRound: ([round]) => `There is no round ${text(round)}.`,
  QuadraticRound_WrongOption: ([option, count]) =>
    `Option ${text(option)} is listed twice, out of order, or is not one of ${text(count)}.`,
  QuadraticRound_WrongSeason: ([season, next]) => `The next season has number ${text(next)}, not ${text(season)}.`,
};
