import { entriesOf } from "@pqmesh/contracts/protocol/entry-area";
import { isoTime } from "./iso-time.ts";

type Arguments = readonly unknown[];

const time = (value: unknown): string => isoTime(value as bigint);
const text = (value: unknown): string => String(value);

/** What the errors of governance mean. */
export const GOVERNANCE_REFUSALS: Readonly<Record<string, (args: Arguments) => string>> = {
  EntryPause_InvalidEnd: ([until, earliest, latest]) =>
    `the pause would end at ${time(until)}; it must end after ${time(earliest)} and at ${time(latest)} at the latest`,
  EntryPause_NotGuardian: ([caller]) => `${text(caller)} is neither the DAO nor a guardian who may do this now`,
  EntryPause_TooSoon: ([, from]) => `the guardian can pause this area again from ${time(from)} on`,
  MeshTimelock_NotApproved: ([id, unapprovedFrom]) =>
    `operation ${text(id)} of the timelock is critical and waits for the approver (proposal approve)${unapprovedFrom === 0n ? "" : `; from ${time(unapprovedFrom)} on it needs none`}`,
  MeshTimelock_NotPending: ([id]) => `the timelock has not scheduled operation ${text(id)}, or has executed it`,
  MeshTimelock_RoleConflict: ([account]) =>
    `account ${text(account)} would be proposer and approver of the timelock; critical operations need two`,
  MeshTimelock_TableClosed: () => "only a vote can change which calls of the timelock are critical",
  EntryPause_Paused: ([area, until]) =>
    `${entriesOf(Number(area))} are paused until ${time(until)} because of an emergency; what is there already can leave as ever`,
};
