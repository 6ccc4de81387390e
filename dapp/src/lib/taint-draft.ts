import { type ActionDraft, DraftProblem } from "./action-draft.ts";
import { durationOf } from "./action-field-values.ts";
import type { AuthorityView } from "./certificate-view.ts";
import { formatTime } from "./format.ts";

/** Since when what an authority issued is not good, and until when the rest is; Unix seconds. */
export interface TaintDates {
  from: number;
  rotateBy: number;
}

/** Seconds for which the transaction may wait to be mined without its date being past. */
const LEAST_REST_SECONDS = 600;

/** Dates of a taint from two lengths of time. @throws DraftProblem naming a field that is wrong. */
export function readTaint(fields: ActionDraft["fields"], authority: AuthorityView, now: number): TaintDates {
  const dates = { from: now - durationOf(fields, "ago"), rotateBy: now + durationOf(fields, "rest") };
  const { taintedFrom, revokedAt } = authority;
  if (dates.from <= 0) throw new DraftProblem("ago", "That was before 1970.");
  if (dates.rotateBy < now + LEAST_REST_SECONDS) throw new DraftProblem("rest", "Enter at least 10 min, or revoke it.");
  if (taintedFrom !== undefined && dates.from > taintedFrom) {
    throw new DraftProblem("ago", `It is tainted since ${formatTime(taintedFrom)}, which only moves earlier.`);
  }
  if (revokedAt !== undefined && dates.rotateBy > revokedAt) {
    throw new DraftProblem("rest", `It is revoked at ${formatTime(revokedAt)}, which only moves earlier.`);
  }
  return dates;
}
