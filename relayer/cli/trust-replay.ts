import {
  EPOCH_ABSENT,
  EPOCH_ATTESTED,
  EPOCH_DEGRADED,
  epochStatusName,
} from "@pqmesh/contracts/protocol/epoch-status-number";
import { LEASE_STATUSES } from "@pqmesh/contracts/protocol/lease-status";
import { FOR_EVER } from "@pqmesh/contracts/protocol/for-ever";
import { SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import {
  auditAfter,
  decayedRatio,
  FULL_BP,
  qualityBp,
  ratioBp,
  trustScore,
  TrustWeights,
} from "@pqmesh/contracts/protocol/trust-score";
import { WORD_EPOCHS } from "@pqmesh/contracts/protocol/word-epochs";
import { type Hex, hexToBytes, hexToString } from "viem";

const PAGE_EPOCHS = 256n;
/** Quality of an epoch that nobody measured. */
const UNMEASURED = 255;

/** An event of one of the contracts that decide about trust, as decoded from a log. */
export interface TrustEvent {
  readonly name: string;
  readonly args: Readonly<Record<string, unknown>>;
  /** Unix seconds of its block. */
  readonly timestamp: bigint;
}

/** Arguments of the events that count; each event has some of them. */
interface Fields {
  id: Hex;
  previousValue: bigint;
  newValue: bigint;
  effectiveAt: bigint;
  nodeIndex: number;
  shard: number;
  epoch: bigint;
  epochs: readonly bigint[];
  absent: Hex;
  degraded: Hex;
  quality: Hex;
  fromEpoch: bigint;
  untilEpoch: bigint;
  slashId: bigint;
  until: bigint;
  listingId: number;
  leaseId: bigint;
  status: number;
}

/** A move of a score and what moved it. */
interface TrustMove {
  readonly timestamp: bigint;
  readonly cause: string;
  readonly fromBp: number;
  readonly toBp: number;
}

/** A Trust Score with its three inputs. Ratios are millionths, the rest basis points. */
export interface TrustState {
  readonly attestedRatio: number;
  readonly behaviourRatio: number;
  readonly auditBp: number;
  readonly slashes: number;
  /** Words of 256 epochs in which leases of the node were breached. */
  readonly breachedWords: number;
  readonly isBarred: boolean;
  readonly weights: TrustWeights;
  readonly trustScore: number;
  readonly moves: readonly TrustMove[];
}

interface EpochSample {
  status: number;
  quality: number;
}

interface Page {
  attestedBefore: number;
  behaviourBefore: number;
  samples: Map<bigint, EpochSample>;
}

interface Governed {
  before: number;
  after: number;
  effectiveAt: bigint;
}

/** Computes the Trust Score of one node from events alone, in the order of the chain, by the rules of the index. */
export class TrustReplay {
  readonly #nodeIndex: number;
  readonly #parameters = new Map<string, Governed>();
  readonly #intervals: { from: bigint; until: bigint }[] = [];
  readonly #degradedReports = new Map<bigint, boolean>();
  readonly #pages = new Map<bigint, Page>();
  readonly #moves: TrustMove[] = [];
  readonly #slashNodes = new Set<bigint>();
  readonly #listings = new Set<number>();
  /** Open leases of the node, each with the first epoch that is not settled. */
  readonly #leases = new Map<bigint, bigint>();
  readonly #breachedWords = new Set<bigint>();
  #attested = 0;
  #behaviour = 0;
  #slashes = 0;
  #isBarred = false;
  #score = 0;
  #weights = new TrustWeights(0, 0, 0);

  constructor(nodeIndex: number) {
    this.#nodeIndex = nodeIndex;
  }

  /** Takes note of the next event of the chain. */
  add({ name, args, timestamp }: TrustEvent): void {
    const fields = args as unknown as Fields;
    if (name === "ParameterSet") return this.#govern(fields);
    if (name === "ReportAccepted") return this.#report(fields, timestamp);
    if (name === "NodeSlashPardoned") return this.#pardon(fields.slashId, timestamp);
    if (name.startsWith("Lease")) return this.#lease(name, fields, timestamp);
    if (fields.nodeIndex !== this.#nodeIndex) return;
    if (name === "ListingCreated") this.#listings.add(fields.listingId);
    else if (name === "NodeActivated") this.#activate(fields.fromEpoch);
    else if (name === "NodeDeactivated" || name === "NodeBarred") this.#deactivate(fields.untilEpoch);
    else if (name === "EpochVoided") this.#void(fields.epoch, timestamp);
    else if (name === "EpochsAdmitted") for (const epoch of fields.epochs) this.#admit(epoch, timestamp);
    else if (name === "NodeSlashed") this.#slash(fields.slashId, timestamp);
    else if (name === "NodeJailed") this.#jail(fields.until === FOR_EVER, timestamp);
    else if (name === "NodeUnjailed") this.#jail(false, timestamp);
  }

  /** What is known after the events so far. */
  get state(): TrustState {
    return {
      attestedRatio: this.#attested,
      behaviourRatio: this.#behaviour,
      auditBp: auditAfter(this.#slashes, this.#breachedWords.size, this.#isBarred),
      slashes: this.#slashes,
      breachedWords: this.#breachedWords.size,
      isBarred: this.#isBarred,
      weights: this.#weights,
      trustScore: this.#score,
      moves: this.#moves,
    };
  }

  #govern(fields: Fields): void {
    const { id, previousValue, newValue, effectiveAt } = fields;
    const name = hexToString(id, { size: 32 });
    if (!name.startsWith("trust")) return;
    this.#parameters.set(name, { before: Number(previousValue), after: Number(newValue), effectiveAt });
  }

  #report(fields: Fields, timestamp: bigint): void {
    const { epoch, shard, absent, degraded, quality } = fields;
    if (shard !== Math.floor(this.#nodeIndex / SHARD_SIZE)) return;
    const local = this.#nodeIndex % SHARD_SIZE;
    const isDegraded = isListed(degraded, local);
    this.#degradedReports.set(epoch, isDegraded);
    if (!this.#isActive(epoch)) return;
    const status = isListed(absent, local) ? EPOCH_ABSENT : isDegraded ? EPOCH_DEGRADED : EPOCH_ATTESTED;
    const sample = { status, quality: hexToBytes(quality)[local] ?? 0 };
    this.#page(epoch).samples.set(epoch, sample);
    this.#addSample(sample, this.#governed("trustHalfLifeEpochs", timestamp));
    this.#rate(`epoch ${epoch} ${epochStatusName(status).toLowerCase()}`, timestamp);
  }

  #void(epoch: bigint, timestamp: bigint): void {
    if (!this.#isActive(epoch)) return;
    const quality = this.#pages.get(epoch / PAGE_EPOCHS)?.samples.get(epoch)?.quality ?? 0;
    this.#correct(epoch, { status: EPOCH_ABSENT, quality }, timestamp);
    this.#rate(`epoch ${epoch} voided`, timestamp);
  }

  #admit(epoch: bigint, timestamp: bigint): void {
    if (!this.#isActive(epoch)) return;
    const status = this.#degradedReports.get(epoch) === true ? EPOCH_DEGRADED : EPOCH_ATTESTED;
    this.#correct(epoch, { status, quality: UNMEASURED }, timestamp);
    this.#rate(`epoch ${epoch} attested by the node itself`, timestamp);
  }

  #slash(slashId: bigint, timestamp: bigint): void {
    if (slashId !== 0n) this.#slashNodes.add(slashId);
    this.#slashes += 1;
    this.#rate(slashId === 0n ? "punished, nothing to take" : `slash ${slashId}`, timestamp);
  }

  #pardon(slashId: bigint, timestamp: bigint): void {
    if (!this.#slashNodes.delete(slashId)) return;
    this.#slashes -= 1;
    this.#rate(`slash ${slashId} pardoned`, timestamp);
  }

  #lease(name: string, { leaseId, listingId, until, status }: Fields, timestamp: bigint): void {
    if (name === "LeaseOpened" && this.#listings.has(listingId)) this.#leases.set(leaseId, 0n);
    const settledUntil = this.#leases.get(leaseId);
    if (settledUntil === undefined) return;
    if (name === "LeaseSettled") this.#leases.set(leaseId, until);
    if (name !== "LeaseClosed") return;
    this.#leases.delete(leaseId);
    if (LEASE_STATUSES[status] === "Breached") this.#breach(leaseId, settledUntil - 1n, timestamp);
  }

  /** @param epoch The one that broke the terms. */
  #breach(leaseId: bigint, epoch: bigint, timestamp: bigint): void {
    const word = epoch / WORD_EPOCHS;
    if (this.#breachedWords.has(word)) return;
    this.#breachedWords.add(word);
    this.#rate(`lease ${leaseId} breached in epoch ${epoch}`, timestamp);
  }

  #jail(isBarred: boolean, timestamp: bigint): void {
    this.#isBarred = isBarred;
    this.#rate(isBarred ? "barred for ever" : "jail changed", timestamp);
  }

  #activate(from: bigint): void {
    const same = this.#intervals.find((interval) => interval.from === from);
    if (same) same.until = FOR_EVER;
    else this.#intervals.push({ from, until: FOR_EVER });
  }

  #deactivate(until: bigint): void {
    const newest = this.#intervals.at(-1);
    if (newest && until < newest.until) newest.until = until;
  }

  #isActive(epoch: bigint): boolean {
    return this.#intervals.some(({ from, until }) => from <= epoch && epoch < until);
  }

  /** Replaces a sample and computes the ratios anew from its page on, with the half-life in force now. */
  #correct(epoch: bigint, sample: EpochSample, timestamp: bigint): void {
    const first = epoch / PAGE_EPOCHS;
    this.#page(epoch).samples.set(epoch, sample);
    const halfLife = this.#governed("trustHalfLifeEpochs", timestamp);
    const numbers = [...this.#pages.keys()].filter((number) => number >= first).sort((a, b) => (a < b ? -1 : 1));
    for (const number of numbers) {
      const page = this.#pages.get(number)!;
      if (number === first) [this.#attested, this.#behaviour] = [page.attestedBefore, page.behaviourBefore];
      else [page.attestedBefore, page.behaviourBefore] = [this.#attested, this.#behaviour];
      const ordered = [...page.samples].sort(([a], [b]) => (a < b ? -1 : 1));
      for (const [, each] of ordered) this.#addSample(each, halfLife);
    }
  }

  /** A page; a new one begins with what the next one begins with, or with the ratios of now. */
  #page(epoch: bigint): Page {
    const number = epoch / PAGE_EPOCHS;
    const known = this.#pages.get(number);
    if (known) return known;
    const later = [...this.#pages.keys()].filter((each) => each > number).sort((a, b) => (a < b ? -1 : 1))[0];
    const next = later === undefined ? undefined : this.#pages.get(later);
    const page = {
      attestedBefore: next?.attestedBefore ?? this.#attested,
      behaviourBefore: next?.behaviourBefore ?? this.#behaviour,
      samples: new Map<bigint, EpochSample>(),
    };
    this.#pages.set(number, page);
    return page;
  }

  #addSample({ status, quality }: EpochSample, halfLife: number): void {
    const isAbsent = status === EPOCH_ABSENT;
    this.#attested = decayedRatio(this.#attested, isAbsent ? 0 : FULL_BP, halfLife);
    this.#behaviour = decayedRatio(this.#behaviour, isAbsent ? 0 : qualityBp(quality), halfLife);
  }

  #rate(cause: string, timestamp: bigint): void {
    this.#weights = new TrustWeights(
      this.#governed("trustWeightAttestedBp", timestamp),
      this.#governed("trustWeightBehaviourBp", timestamp),
      this.#governed("trustWeightAuditBp", timestamp),
    );
    const audit = auditAfter(this.#slashes, this.#breachedWords.size, this.#isBarred);
    const toBp = trustScore(ratioBp(this.#attested), ratioBp(this.#behaviour), audit, this.#weights);
    if (toBp !== this.#score) this.#moves.push({ timestamp, cause, fromBp: this.#score, toBp });
    this.#score = toBp;
  }

  #governed(name: string, timestamp: bigint): number {
    const row = this.#parameters.get(name);
    if (!row) throw new Error(`no event says what the parameter ${name} is`);
    return timestamp >= row.effectiveAt ? row.after : row.before;
  }
}

function isListed(list: Hex, local: number): boolean {
  const bytes = hexToBytes(list);
  for (let i = 0; i + 1 < bytes.length; i += 2) {
    if (((bytes[i]! << 8) | bytes[i + 1]!) === local) return true;
  }
  return false;
}
