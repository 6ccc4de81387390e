import type { Logger } from "pino";
import type { ChainEvent } from "./chain-events.ts";
import { type BlockHeader, ChainMovedError, type ChainReader } from "./chain-reader.ts";
import { type ChainScope, ChainState } from "./chain-state.ts";
import type { AcceptedReport } from "./chain-view.ts";
import type { Undo } from "./undo.ts";

/** Blocks that can be taken back one by one; a deeper reorg rebuilds the view from the chain. */
const REORG_WINDOW_BLOCKS = 64;

/** What one step of the follower changed. */
export interface SyncChange {
  /** Blocks taken back. */
  reorgDepth: number;
  accepted: AcceptedReport[];
  /** Reports that a reorg took off the chain; the same report may be among `accepted` again. */
  dropped: AcceptedReport[];
}

/** What {@link ChainSync} needs. */
export interface ChainSyncOptions {
  reader: ChainReader;
  startBlock: bigint;
  scope: ChainScope | undefined;
  /** Start of epoch 0 in Unix seconds and length of an epoch in seconds. */
  schedule: { genesis: bigint; length: bigint };
  /** Epochs for which reports and beacons are kept. */
  retainEpochs: bigint;
  /** Asks for another endpoint because this one is far behind; false when there is none. */
  abandon: (reason: string) => boolean;
  log: Logger;
}

interface KnownBlock {
  header: BlockHeader;
  /** How to take the block's events back, oldest first. */
  undos: Undo[];
  /** Reports accepted in the block. */
  reports: AcceptedReport[];
}

/** Keeps a {@link ChainState} equal to the events of the endpoint's canonical chain. */
export class ChainSync {
  readonly #options: ChainSyncOptions;
  #state: ChainState;
  /** Newest blocks, oldest first; every block's parent is the one before it. */
  #window: KnownBlock[] = [];

  constructor(options: ChainSyncOptions) {
    this.#options = options;
    this.#state = new ChainState(options.scope);
  }

  get state(): ChainState {
    return this.#state;
  }

  /** Newest block taken in, undefined before the first step. */
  get head(): BlockHeader | undefined {
    return this.#window.at(-1)?.header;
  }

  /** Hash of a recent block, undefined outside the window. */
  hashOf(number: bigint): BlockHeader["hash"] | undefined {
    return this.#window.find(({ header }) => header.number === number)?.header.hash;
  }

  /**
   * Takes in what happened since the last step; the state changes only after everything was read.
   *
   * @returns undefined when nothing changed.
   * @throws ChainMovedError when the chain moved meanwhile: call again.
   */
  async step(): Promise<SyncChange | undefined> {
    const latest = await this.#options.reader.block("latest");
    const { head } = this;
    if (!head) return this.#rebuild(latest);
    if (this.#position(latest.hash) >= 0) return undefined;
    if (latest.number > head.number + BigInt(REORG_WINDOW_BLOCKS)) return this.#catchUp(head, latest);
    const behind = head.number - latest.number;
    if (behind > REORG_WINDOW_BLOCKS && this.#options.abandon(`its head is ${behind} blocks behind`)) return undefined;
    const branch = await this.#branchTo(latest);
    return branch ? this.#follow(branch) : this.#rebuild(latest);
  }

  /** Blocks from the first unknown one to `latest`, or undefined when they leave the known chain below the window. */
  async #branchTo(latest: BlockHeader): Promise<BlockHeader[] | undefined> {
    const branch = [latest];
    const oldest = this.#window[0]!.header.number;
    let first = latest;
    while (this.#position(first.parentHash) < 0) {
      if (first.number <= oldest) return undefined;
      const parent = await this.#options.reader.block({ hash: first.parentHash });
      if (parent.number !== first.number - 1n) throw new ChainMovedError(`block ${first.number} has no parent`);
      branch.unshift(parent);
      first = parent;
    }
    return branch;
  }

  async #follow(branch: BlockHeader[]): Promise<SyncChange> {
    const eventsByBlock: ChainEvent[][] = [];
    for (const { hash } of branch) eventsByBlock.push(await this.#options.reader.eventsOf(hash));
    const removed = this.#window.splice(this.#position(branch[0]!.parentHash) + 1).reverse();
    for (const { undos } of removed) undos.reverse().forEach((undo) => undo());
    const added = branch.map((block, i) => this.#take(block, eventsByBlock[i]!));
    this.#window.splice(0, this.#window.length - REORG_WINDOW_BLOCKS - 1);
    this.#forgetOld();
    const reportsOf = (blocks: KnownBlock[]) => blocks.flatMap(({ reports }) => reports);
    return { reorgDepth: removed.length, accepted: reportsOf(added), dropped: reportsOf(removed.reverse()) };
  }

  #take(header: BlockHeader, events: ChainEvent[]): KnownBlock {
    const undos = events.map((event) => this.#state.apply(event));
    const known = { header, undos, reports: reportsIn(this.#state, events) };
    this.#window.push(known);
    return known;
  }

  /** A gap too long to follow block by block; the head known so far must still be part of the chain. */
  async #catchUp(head: BlockHeader, latest: BlockHeader): Promise<SyncChange> {
    const { reader } = this.#options;
    if ((await reader.block(head.number)).hash !== head.hash) return this.#rebuild(latest);
    const events: ChainEvent[] = [];
    const range = { from: head.number + 1n, to: latest.number, passingFrom: head.number + 1n };
    await reader.eventsOfRange(range, (batch) => void events.push(...batch));
    await this.#requireCanonical(latest);
    for (const event of events) this.#state.apply(event);
    this.#window = [{ header: latest, undos: [], reports: [] }];
    this.#forgetOld();
    return { reorgDepth: 0, accepted: reportsIn(this.#state, events), dropped: [] };
  }

  async #rebuild(latest: BlockHeader): Promise<SyncChange> {
    const { reader, startBlock, scope, schedule, log } = this.#options;
    const state = new ChainState(scope);
    const range = { from: startBlock < latest.number ? startBlock : latest.number, to: latest.number };
    const retainedSince = schedule.genesis + this.#firstRetained(latest.timestamp) * schedule.length;
    const passingFrom = await reader.firstBlockSince(retainedSince, range);
    await reader.eventsOfRange({ ...range, passingFrom }, (events) => events.forEach((event) => state.apply(event)));
    await this.#requireCanonical(latest);
    const change = {
      reorgDepth: this.head ? REORG_WINDOW_BLOCKS + 1 : 0,
      accepted: state.reports.missingFrom(this.#state.reports),
      dropped: this.#state.reports.missingFrom(state.reports),
    };
    this.#state = state;
    this.#window = [{ header: latest, undos: [], reports: [] }];
    this.#forgetOld();
    log.info({ block: latest.number.toString(), reorgDepth: change.reorgDepth }, "chain view built");
    return change;
  }

  /** Place of a block in the window, -1 when it is not there. */
  #position(hash: BlockHeader["hash"]): number {
    return this.#window.findLastIndex(({ header }) => header.hash === hash);
  }

  async #requireCanonical({ number, hash }: BlockHeader): Promise<void> {
    const now = await this.#options.reader.block(number);
    if (now.hash !== hash) throw new ChainMovedError(`block ${number} was replaced while its logs were read`);
  }

  #forgetOld(): void {
    const oldest = this.#firstRetained(this.head!.timestamp);
    this.#state.reports.forgetBefore(oldest);
    this.#state.disputes.forgetBefore(oldest, this.head!.number);
    this.#state.ownEpochs.forgetBefore(oldest);
    this.#state.fees.forgetBefore(oldest);
    this.#state.leases.forgetBefore(this.head!.number);
  }

  #firstRetained(timestamp: bigint): bigint {
    const { schedule, retainEpochs } = this.#options;
    const epoch = (timestamp - schedule.genesis) / schedule.length;
    return epoch > retainEpochs ? epoch - retainEpochs : 0n;
  }
}

function reportsIn({ reports }: ChainState, events: ChainEvent[]): AcceptedReport[] {
  return events.flatMap((event) => {
    if (event.eventName !== "ReportAccepted") return [];
    return reports.report(event.args.shard, event.args.epoch) ?? [];
  });
}
