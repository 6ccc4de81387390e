/** Longest reason of a ballot, in UTF-16 units: more is not sent from here, and the index keeps no more of what others send. */
export const MAX_REASON = 1_000;

/** A reason as the index keeps it: its beginning, which ends with a whole character. */
export function keptReason(reason: string): string {
  if (reason.length <= MAX_REASON) return reason;
  const isSplit = (reason.charCodeAt(MAX_REASON - 1) & 0xfc00) === 0xd800;
  return reason.slice(0, isSplit ? MAX_REASON - 1 : MAX_REASON);
}

/** What was kept of a reason, and how long it was where it was cut. @param length Of the whole, in UTF-16 units. */
export function reasonWords(kept: string, length: number): string {
  return length <= MAX_REASON ? kept : `${kept} … (cut, ${length.toLocaleString("en-GB")} characters in all)`;
}
