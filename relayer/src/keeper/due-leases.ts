import { WORD_EPOCHS } from "@pqmesh/contracts/protocol/word-epochs";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { RpcResponseError } from "../chain/json-rpc.ts";
import type { LeaseTerm, OpenLease } from "../chain/lease-records.ts";
import type { LeaseReader, LeaseTerms, Marks } from "./lease-reader.ts";
import { bitsWithin, earliestBreach, type MissedLimits, type MissedSearch, searchMissed } from "./missed-search.ts";

/** Why a lease can be closed, as `ILeases.LeaseStatus` says. */
export type CloseReason = "NotAccepted" | "Completed" | "OutOfFunds" | "EndedByClient" | "EndedByProvider" | "Breached";

/** A lease that can be closed by anyone. */
export interface DueLease {
  lease: OpenLease;
  reason: CloseReason;
  /** First epoch in which it could be closed. */
  dueSince: bigint;
}

/** How far missed epochs of a lease were counted. */
interface Count {
  search: MissedSearch;
  /** End of the agreed term, on which the missed epochs that are allowed depend. */
  end: bigint;
}

const FULL_BP = 10_000n;
/** Leases looked at together. */
const CHUNK = 16;

/**
 * Finds the leases that can be closed, by the rules of the escrow and from final epochs alone.
 *
 * Most leases cost nothing to look at: after a look it is known how many epochs must at least pass until the terms can be
 * broken, and the node's marks are read again no sooner.
 */
export class DueLeases {
  readonly #chain: ChainFollower;
  readonly #reader: LeaseReader;
  readonly #counts = new Map<bigint, Count>();
  /** Leases about which the endpoint refused an answer in the newest look, and why; they hold up no other. */
  readonly unreadable = new Map<bigint, string>();

  constructor(chain: ChainFollower, reader: LeaseReader) {
    this.#chain = chain;
    this.#reader = reader;
  }

  /** Leases that can be closed in an epoch, those that could be for longest first. One look at a time. */
  async look(epoch: bigint): Promise<DueLease[]> {
    const { leases } = this.#chain;
    for (const leaseId of this.#counts.keys()) if (!leases.get(leaseId)) this.#counts.delete(leaseId);
    const marks = new MarksOfLook(this.#reader);
    const open = [...leases.open()];
    this.unreadable.clear();
    const due: DueLease[] = [];
    for (let i = 0; i < open.length; i += CHUNK) {
      const looks = open.slice(i, i + CHUNK).map((lease) => this.#tryLookAt(lease, epoch, marks));
      due.push(...(await Promise.all(looks)).filter((found) => found !== undefined));
    }
    return due.sort((a, b) => Number(a.dueSince - b.dueSince) || Number(a.lease.leaseId - b.lease.leaseId));
  }

  async #tryLookAt(lease: OpenLease, epoch: bigint, marks: MarksOfLook): Promise<DueLease | undefined> {
    try {
      return await this.#lookAt(lease, epoch, marks);
    } catch (error) {
      if (!(error instanceof RpcResponseError)) throw error;
      this.unreadable.set(lease.leaseId, error.message);
      return undefined;
    }
  }

  async #lookAt(lease: OpenLease, epoch: bigint, marks: MarksOfLook): Promise<DueLease | undefined> {
    const { acceptBy, term } = lease;
    if (!term) return epoch > acceptBy ? { lease, reason: "NotAccepted", dueSince: acceptBy + 1n } : undefined;
    if (term.isDisputed) return undefined;
    const { horizonEpochs } = this.#chain;
    const finalBefore = epoch > horizonEpochs ? epoch - horizonEpochs : 0n;
    const end = endOf(lease, term);
    if (finalBefore <= term.settledUntil && end > finalBefore) return undefined;
    const terms = await this.#reader.terms(lease.listingId, lease.version);
    const search = await this.#count({ lease, term, terms, marks }, { end, finalBefore });
    if (search.brokenAt !== undefined) {
      return { lease, reason: "Breached", dueSince: search.brokenAt + horizonEpochs };
    }
    if (search.next < end) return undefined;
    const reason = endReason(term, end);
    const grace = reason === "OutOfFunds" ? terms.graceEpochs : 0n;
    const dueSince = end + (grace > horizonEpochs ? grace : horizonEpochs);
    return epoch >= dueSince ? { lease, reason, dueSince } : undefined;
  }

  /** Counts missed epochs as far as they are final, when the terms could be broken in them or the lease ends with them. */
  async #count(work: Work, { end, finalBefore }: { end: bigint; finalBefore: bigint }): Promise<MissedSearch> {
    const { lease, term, terms } = work;
    const limits = {
      allowed: ((FULL_BP - terms.uptimeBp) * (term.end - term.start)) / FULL_BP,
      maxRun: terms.maxMissedRun,
    };
    const known = this.#counts.get(lease.leaseId);
    const isKnown = known?.end === term.end && known.search.next >= term.settledUntil;
    let search = isKnown ? known.search : await this.#begin(work, limits);
    const until = end < finalBefore ? end : finalBefore;
    const canEnd = until === end || until >= earliestBreach(search, limits);
    if (search.brokenAt === undefined && search.next < until && canEnd) {
      search = await this.#advance(work, { search, until, limits });
    }
    this.#counts.set(lease.leaseId, { search, end: term.end });
    return search;
  }

  /** A count that begins with what is settled; the run up to there is looked for in the epochs before. */
  async #begin(work: Work, { maxRun }: MissedLimits): Promise<MissedSearch> {
    const { start, settledUntil, missed } = work.term;
    const from = settledUntil - start > maxRun ? settledUntil - maxRun : start;
    const nothing = { next: from, missed: 0n, run: 0n, brokenAt: undefined };
    const limits = { allowed: settledUntil, maxRun: settledUntil + 1n };
    const { run } = await this.#read(work, { search: nothing, until: settledUntil, limits });
    return { next: settledUntil, missed, run, brokenAt: undefined };
  }

  /** Counts on, up to the first word with an epoch about which a dispute is not over. */
  async #advance(work: Work, step: Step): Promise<MissedSearch> {
    const { search } = step;
    const { until, missed } = await this.#reader.service(work.terms.nodeIndex, search.next, step.until);
    if (until <= search.next) return search;
    return missed === 0n ? { ...search, next: until, run: 0n } : this.#read(work, { ...step, until });
  }

  async #read({ terms: { nodeIndex }, marks }: Work, { search, until, limits }: Step): Promise<MissedSearch> {
    let found = search;
    while (found.next < until && found.brokenAt === undefined) {
      const word = found.next / WORD_EPOCHS;
      const wordEnd = (word + 1n) * WORD_EPOCHS;
      const missed = await this.#missedIn(nodeIndex, word, marks);
      const isMissed = (epoch: bigint): boolean => ((missed >> (epoch % WORD_EPOCHS)) & 1n) === 1n;
      found = searchMissed(found, wordEnd < until ? wordEnd : until, { ...limits, isMissed });
    }
    return found;
  }

  /** Epochs of a word in which a node was absent, degraded or inactive, as bits. */
  async #missedIn(nodeIndex: number, word: bigint, marks: MarksOfLook): Promise<bigint> {
    const { failed, unreported } = await marks.of(nodeIndex, word);
    const all = (1n << WORD_EPOCHS) - 1n;
    const wordEnd = (word + 1n) * WORD_EPOCHS;
    const active = (this.#chain.node(nodeIndex)?.intervals ?? [])
      .map(({ from, until = wordEnd }) => bitsWithin(word, from, until))
      .reduce((bits, interval) => bits | interval, 0n);
    return (failed & ~unreported & all) | (all ^ active);
  }
}

interface Work {
  lease: OpenLease;
  term: LeaseTerm;
  terms: LeaseTerms;
  marks: MarksOfLook;
}

interface Step {
  search: MissedSearch;
  until: bigint;
  limits: MissedLimits;
}

/** Marks read in one look: leases of one node share them. */
class MarksOfLook {
  readonly #reader: LeaseReader;
  readonly #read = new Map<string, Promise<Marks>>();

  constructor(reader: LeaseReader) {
    this.#reader = reader;
  }

  of(nodeIndex: number, word: bigint): Promise<Marks> {
    const key = `${nodeIndex}:${word}`;
    const known = this.#read.get(key) ?? this.#reader.marks(nodeIndex, word);
    this.#read.set(key, known);
    return known;
  }
}

/** First epoch after a lease by term, notice or funds. */
function endOf({ balance, rate }: OpenLease, { end, noticeEnd, settledUntil }: LeaseTerm): bigint {
  const funded = settledUntil + balance / rate;
  return [noticeEnd ?? end, funded].reduce((least, epoch) => (epoch < least ? epoch : least), end);
}

function endReason({ noticeEnd, isNoticeByProvider, end: termEnd }: LeaseTerm, end: bigint): CloseReason {
  if (end === noticeEnd) return isNoticeByProvider ? "EndedByProvider" : "EndedByClient";
  return end === termEnd ? "Completed" : "OutOfFunds";
}
