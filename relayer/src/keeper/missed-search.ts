import { WORD_EPOCHS } from "@pqmesh/contracts/protocol/word-epochs";

/** Terms that missed epochs can break. */
export interface MissedLimits {
  /** Missed epochs that break nothing. */
  allowed: bigint;
  /** Missed epochs in a row that break the terms. */
  maxRun: bigint;
}

/** A search under way for the epoch in which missed epochs break the terms of a lease. */
export interface MissedSearch {
  /** First epoch that was not looked at. */
  next: bigint;
  /** Missed epochs so far. */
  missed: bigint;
  /** Missed epochs in a row up to `next`. */
  run: bigint;
  /** First epoch after the one that broke the terms. */
  brokenAt: bigint | undefined;
}

/**
 * Looks at the epochs `[search.next, until)`, as the library MissedEpochs does on chain.
 *
 * @param isMissed Whether the node was absent, degraded or inactive in an epoch.
 */
export function searchMissed(
  search: MissedSearch,
  until: bigint,
  { allowed, maxRun, isMissed }: MissedLimits & { isMissed: (epoch: bigint) => boolean },
): MissedSearch {
  let { next, missed, run, brokenAt } = search;
  for (; next < until && brokenAt === undefined; next++) {
    const isFailure = isMissed(next);
    run = isFailure ? run + 1n : 0n;
    if (isFailure) missed += 1n;
    if (isFailure && (missed > allowed || run >= maxRun)) brokenAt = next + 1n;
  }
  return { next, missed, run, brokenAt };
}

/** First epoch up to which everything must be final before the terms can be broken, whatever happens. */
export function earliestBreach({ next, missed, run }: MissedSearch, { allowed, maxRun }: MissedLimits): bigint {
  const toTotal = allowed + 1n - missed;
  const toRun = maxRun - run;
  return next + (toTotal < toRun ? toTotal : toRun);
}

/** Bits of the epochs `[from, until)` in a word of 256 epochs. */
export function bitsWithin(word: bigint, from: bigint, until: bigint): bigint {
  const first = word * WORD_EPOCHS;
  const low = from > first ? from - first : 0n;
  const high = until < first + WORD_EPOCHS ? until - first : WORD_EPOCHS;
  return high <= low ? 0n : (1n << high) - (1n << low);
}
