/** Reasons of a revocation by their codes (RFC 5280 section 5.3.1); 7 means nothing, and 8 takes a certificate off a list. */
const REASON_WORDS: Readonly<Record<number, string>> = {
  0: "no reason given",
  1: "key compromised",
  2: "authority compromised",
  3: "affiliation changed",
  4: "superseded",
  5: "no longer used",
  6: "on hold",
  8: "removed from the list",
  9: "privilege withdrawn",
  10: "attribute authority compromised",
};

/** What a reason code means. */
export function reasonWords(code: number): string {
  return REASON_WORDS[code] ?? `reason ${code}`;
}
