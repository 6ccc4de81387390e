import { setTimeout as sleep } from "node:timers/promises";
import type { Logger } from "pino";

import type { ChainSource } from "../rpc/chain-source.ts";
import type { BlockHeader, BlockPointer, ChainHeader, ChainLog, LogFilter } from "../rpc/chain-types.ts";
import { WrongChainError } from "../rpc/rpc-client.ts";
import type { RpcClient } from "../rpc/rpc-client.ts";
import type { IndexStore } from "../store/index-store.ts";
import type { BlockFailure, BlockProcessor } from "./block-processor.ts";
import type { IndexingEvent, IndexingState } from "./indexing-event.ts";
import { LogRangeReader } from "./log-range.ts";
import { findCommonAncestor, verifyGenesis } from "./reorg.ts";
import { ChainMovedError, ChainReplacedError, FatalSyncError } from "./sync-error.ts";

/** Blocks inside the undo window that are read and committed together. */
const LIVE_CHUNK = 64;
/** Blocks that stay undoable on a chain that makes nothing final; more would cost too much space. */
const LARGEST_UNDO_WINDOW = 10_000;
const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;
/** Looks at a head that stays the same after which the next endpoint is asked. */
const PATIENCE = 60;
/** Milliseconds between two progress lines while catching up. */
const PROGRESS_INTERVAL = 5_000;

/** What a follower works with. */
export interface FollowerParts {
  readonly store: IndexStore;
  readonly source: ChainSource;
  readonly client: RpcClient;
  readonly processor: BlockProcessor;
  readonly logger: Logger;
  readonly settings: {
    readonly startBlock: number;
    readonly undoBlocks: number;
    readonly pollMs: number;
    /** Keep every block undoable that the chain does not call final, however old. */
    readonly finalizedTag: boolean;
    /** Block that counts as the head once the chain has it. */
    readonly until: number | undefined;
    /** Whether a chain that replaced the indexed one stops the indexer or is indexed from nothing. */
    readonly onChainRestart: "stop" | "resync";
  };
  readonly report: (event: IndexingEvent) => void;
}

/** Outcome of running the handlers of several blocks. */
interface RunResult {
  readonly last: BlockPointer | undefined;
  readonly changed: Set<string>;
  readonly failed: { readonly block: BlockPointer; readonly failure: BlockFailure } | undefined;
}

/**
 * Keeps the database at the head of the chain. Blocks older than the undo window are read in long ranges and written in
 * one go; younger ones are chained by parent hash and recorded so that they can be undone.
 */
export class ChainFollower {
  readonly #parts: FollowerParts;
  readonly #ranges: LogRangeReader;
  #state: IndexingState = "starting";
  #problem: string | undefined;
  #chainHead: number | undefined;
  #handlersRun = 0;
  #reorgs = 0;
  #lastProgress = 0;
  #looks = 0;

  constructor(parts: FollowerParts) {
    this.#parts = parts;
    this.#ranges = new LogRangeReader(parts.source);
  }

  /**
   * Follows the chain until the signal stops it. Troubles with endpoints are waited out.
   * @throws FatalSyncError when the database does not fit the chain
   */
  async run(signal: AbortSignal): Promise<void> {
    let pause = FIRST_PAUSE;
    let verified = false;
    while (!signal.aborted) {
      try {
        if (this.#parts.store.genesisHash() === undefined) verified = false;
        if (!verified) await verifyGenesis(this.#parts.store, this.#parts.source);
        verified = true;
        const moved = await this.#step();
        pause = FIRST_PAUSE;
        if (!moved) await sleep(this.#parts.settings.pollMs, undefined, { signal });
      } catch (error) {
        if (signal.aborted) return;
        if (error instanceof ChainReplacedError && this.#parts.settings.onChainRestart === "resync") {
          this.#startAnew(error);
          continue;
        }
        if (error instanceof FatalSyncError || error instanceof WrongChainError) throw error;
        if (!isDatabaseError(error)) this.#parts.client.leave();
        if (!(error instanceof ChainMovedError)) {
          this.#parts.logger.warn({ error: (error as Error).message, pause }, "indexing is held up, trying again");
          this.#setState(isDatabaseError(error) ? "blocked" : "disconnected", (error as Error).message);
        }
        await sleep(pause, undefined, { signal }).catch(() => undefined);
        pause = Math.min(pause * 2, LONGEST_PAUSE);
      }
    }
  }

  /** Forgets the chain that is gone. */
  #startAnew(reason: ChainReplacedError): void {
    const { store, processor, logger } = this.#parts;
    logger.warn({ reason: reason.message }, "the chain was replaced, indexing it anew");
    store.clear();
    processor.sources.removeCreatedAfter(-1);
    this.#ranges.discard();
    this.#reorgs++;
    this.#setState("syncing", undefined);
  }

  /** One look at the chain; true when there may be more to do at once. */
  async #step(): Promise<boolean> {
    const { store, source } = this.#parts;
    const chainHead = await this.#readHead();
    this.#chainHead = chainHead.number;
    const head = store.head() ?? (await this.#begin(chainHead));
    if (head === undefined) return false;
    if (head.hash === chainHead.hash) return this.#arrive(head);
    if (await this.#isStuck(head)) return false;
    const settled = await this.#settledBlock(chainHead);
    if (head.number < settled) {
      const [current] = await source.headers([head.number]);
      if (current?.hash !== head.hash) return this.#repair(head, chainHead);
      this.#setState("syncing", undefined);
      await this.#advanceSettled(head.number + 1, settled);
      return true;
    }
    store.ensureIndexes();
    return this.#advanceLive(head, { chainHead, settled });
  }

  /** The newest block, or the one to stop at when the chain is beyond it. */
  async #readHead(): Promise<ChainHeader> {
    const { source, settings } = this.#parts;
    const newest = await source.head();
    if (settings.until === undefined || newest.number <= settings.until) return newest;
    const [end] = await source.headers([settings.until]);
    if (end === undefined) throw new ChainMovedError(`the endpoint lacks block ${settings.until}`);
    return end;
  }

  /** The newest block that need not be undoable: outside of the undo window and, as far as the chain tells, final. */
  async #settledBlock(chainHead: BlockHeader): Promise<number> {
    const { source, settings } = this.#parts;
    const byDepth = chainHead.number - settings.undoBlocks;
    const final = settings.finalizedTag ? await source.finalized() : undefined;
    if (final === undefined) return byDepth;
    return Math.max(Math.min(byDepth, final), chainHead.number - LARGEST_UNDO_WINDOW);
  }

  /** Notes the block in front of the first one, so that even that one can be undone. */
  async #begin(chainHead: BlockHeader): Promise<BlockHeader | undefined> {
    const { store, source, settings } = this.#parts;
    const number = Math.max(0, settings.startBlock - 1);
    if (chainHead.number < number) {
      this.#setState(
        "syncing",
        `the chain is at block ${chainHead.number}, before the start block ${settings.startBlock}`,
      );
      return undefined;
    }
    const [header] = await source.headers([number]);
    if (header === undefined) throw new ChainMovedError(`the endpoint lacks block ${number}`);
    store.begin();
    store.setHead(header);
    store.setHistoryFrom(number);
    store.commit();
    return header;
  }

  /** The head is indexed; a failure behind it has left the chain. */
  #arrive(head: BlockHeader): boolean {
    const { store } = this.#parts;
    store.ensureIndexes();
    if (store.fatalError() !== undefined) store.clearErrorsAfter(head.number);
    this.#looks = (this.#looks + 1) % PATIENCE;
    if (this.#looks === 0) this.#parts.client.leave();
    this.#setState("live", undefined);
    return false;
  }

  // Failures

  /** True while a handler's failure stands: its block is still the chain's. */
  async #isStuck(head: BlockHeader): Promise<boolean> {
    const { store, source } = this.#parts;
    const failure = store.fatalError();
    if (failure === undefined) return false;
    const [current, block] = await source.headers([head.number, failure.block]);
    if (this.#state === "failed" && current?.hash === head.hash && block?.hash === failure.blockHash) return true;
    store.clearErrorsAfter(head.number);
    return false;
  }

  #fail({ block, failure }: { block: BlockPointer; failure: BlockFailure }): void {
    const { store } = this.#parts;
    store.addError({ block: block.number, blockHash: block.hash, ...failure, fatal: true });
    this.#setState("failed", `handler ${failure.handler} failed at block ${block.number}: ${failure.message}`);
  }

  // Old blocks

  /** Indexes one range of blocks that no reorg can reach. */
  async #advanceSettled(from: number, limit: number): Promise<void> {
    const { store, source, processor } = this.#parts;
    const batch = await this.#ranges.read(from, limit, processor.sources.filter());
    const pointers = await this.#pointersOf(batch.logs);
    await this.#inTransaction(async () => {
      const result = await this.#runBlocks(pointers, batch.logs, { history: false, until: batch.to });
      const end = result.failed === undefined ? batch.to : result.failed.block.number - 1;
      const [header] = await source.headers([end]);
      if (header === undefined) throw new ChainMovedError(`the endpoint lacks block ${end}`);
      store.setHead(header);
      store.setHistoryFrom(end);
      if (result.failed !== undefined) this.#fail(result.failed);
      return { header, changed: result.changed };
    });
    this.#reportProgress(batch.to, limit);
  }

  /** Blocks of a range that have logs; their times come with the logs or, from older nodes, with the headers. */
  async #pointersOf(logs: readonly ChainLog[]): Promise<BlockPointer[]> {
    const byNumber = new Map<number, ChainLog>();
    for (const log of logs) if (!byNumber.has(log.blockNumber)) byNumber.set(log.blockNumber, log);
    const missing = [...byNumber.values()]
      .filter((log) => log.blockTimestamp === undefined)
      .map((log) => log.blockNumber);
    const headers = new Map((await this.#parts.source.headers(missing)).map((header) => [header?.number, header]));
    return [...byNumber.values()].map((log) => {
      const timestamp = log.blockTimestamp ?? headers.get(log.blockNumber)?.timestamp;
      if (timestamp === undefined) throw new ChainMovedError(`the endpoint lacks block ${log.blockNumber}`);
      return { number: log.blockNumber, hash: log.blockHash, timestamp };
    });
  }

  // Young blocks

  /** Indexes the blocks up to the head, or unwinds those that the chain dropped. */
  async #advanceLive(
    head: BlockHeader,
    { chainHead, settled }: { readonly chainHead: ChainHeader; readonly settled: number },
  ): Promise<boolean> {
    const { source, processor, store } = this.#parts;
    const count = Math.min(LIVE_CHUNK, chainHead.number - head.number);
    const numbers = Array.from({ length: Math.max(0, count) }, (_, i) => head.number + 1 + i);
    const headers = await this.#chainedHeaders(numbers, chainHead);
    const [first] = headers;
    const last = headers.at(-1);
    if (first === undefined || last === undefined || first.parentHash !== head.hash)
      return this.#repair(head, chainHead);
    const filter = processor.sources.filter();
    const told =
      first === last ? await source.blockLogs(first, filter) : await source.logs(first.number, last.number, filter);
    const logs = [...told, ...(await this.#withheldLogs(headers, told, filter))];
    const hashes = new Map(headers.map((header) => [header.number, header.hash]));
    if (logs.some((log) => hashes.get(log.blockNumber) !== log.blockHash))
      throw new ChainMovedError("logs of another fork");
    await this.#inTransaction(async () => {
      const result = await this.#runBlocks(headers, logs, { history: true, until: last.number });
      const end = headers.find((header) => header.number === result.last?.number) ?? head;
      for (const header of headers) if (header.number <= end.number) store.setHead(header);
      if (result.failed !== undefined) this.#fail(result.failed);
      store.prune(settled);
      return { header: end, changed: result.changed };
    });
    if (this.#state !== "failed") this.#setState(last.number === chainHead.number ? "live" : "syncing", undefined);
    return this.#state !== "failed";
  }

  /** Logs that the endpoint left out of blocks that it has; turns to the next endpoint when there are some. */
  async #withheldLogs(
    headers: readonly ChainHeader[],
    told: readonly ChainLog[],
    filter: LogFilter,
  ): Promise<ChainLog[]> {
    const { source, client, logger } = this.#parts;
    const withheld = await source.withheldLogs(headers, told, filter);
    if (withheld.length === 0) return [];
    logger.warn({ block: withheld[0]?.blockNumber, logs: withheld.length }, "the endpoint left out logs");
    client.leave();
    return withheld;
  }

  /** Headers of consecutive blocks, checked to be one chain. */
  async #chainedHeaders(numbers: readonly number[], chainHead: ChainHeader): Promise<ChainHeader[]> {
    const [only] = numbers;
    if (numbers.length === 1 && only === chainHead.number) return [chainHead];
    const headers = await this.#parts.source.headers(numbers);
    return headers.map((header, i) => {
      const previous = headers[i - 1];
      if (header === undefined || (previous !== undefined && header.parentHash !== previous.hash)) {
        throw new ChainMovedError("the chain moved while its headers were read");
      }
      return header;
    });
  }

  /** Unwinds to the last block that the chain still has; false when the endpoint only lags behind. */
  async #repair(head: BlockHeader, chainHead: BlockHeader): Promise<boolean> {
    const { store, source, processor, logger } = this.#parts;
    const ancestor = await findCommonAncestor(store, source, chainHead);
    if (ancestor === undefined) {
      this.#parts.client.leave();
      return false;
    }
    store.begin();
    const changed = store.unwind(ancestor);
    store.commit();
    processor.sources.removeCreatedAfter(ancestor.number);
    this.#ranges.discard();
    this.#reorgs++;
    const unwound = head.number - ancestor.number;
    logger.warn({ from: head.number, to: ancestor.number, unwound }, "the chain was reorganized, blocks unwound");
    this.#parts.report({ kind: "committed", block: pointerOf(ancestor), entities: changed, unwound });
    return true;
  }

  // Shared

  /** Runs the handlers of blocks in order, asking for the logs of data sources that they create. */
  async #runBlocks(
    blocks: readonly BlockPointer[],
    initialLogs: readonly ChainLog[],
    range: { readonly history: boolean; readonly until: number },
  ): Promise<RunResult> {
    const { processor, source } = this.#parts;
    const logs = groupByBlock(initialLogs);
    const pending = [...blocks];
    const changed = new Set<string>();
    let last: BlockPointer | undefined;
    for (let i = 0; i < pending.length; i++) {
      const block = pending[i] as BlockPointer;
      const upcoming = pending.slice(i + 1, i + 50).filter((other) => logs.has(other.number));
      const outcome = await processor.process(block, logs.get(block.number) ?? [], {
        history: range.history,
        upcoming,
      });
      this.#handlersRun += outcome.handlersRun;
      if (outcome.failure !== undefined) return { last, changed, failed: { block, failure: outcome.failure } };
      last = block;
      for (const name of outcome.changed) changed.add(name);
      if (outcome.created.size === 0 || block.number === range.until) continue;
      this.#ranges.discard();
      const more = await source.logs(block.number + 1, range.until, processor.sources.filter(outcome.created));
      mergeLogs(logs, more);
      if (!range.history) mergeBlocks(pending, await this.#pointersOf(more));
    }
    return { last, changed, failed: undefined };
  }

  async #inTransaction(work: () => Promise<{ header: BlockHeader; changed: ReadonlySet<string> }>): Promise<void> {
    const { store, processor, report } = this.#parts;
    store.begin();
    let result: { header: BlockHeader; changed: ReadonlySet<string> };
    try {
      result = await work();
      store.commit();
    } catch (error) {
      store.rollback();
      processor.sources.removeCreatedAfter(store.head()?.number ?? 0);
      this.#ranges.discard();
      throw error;
    }
    this.#looks = 0;
    report({ kind: "committed", block: pointerOf(result.header), entities: [...result.changed], unwound: 0 });
  }

  #reportProgress(block: number, limit: number): void {
    this.#setState(this.#state, this.#problem);
    if (Date.now() - this.#lastProgress < PROGRESS_INTERVAL) return;
    this.#lastProgress = Date.now();
    const percent = Math.floor((100 * block) / Math.max(1, limit));
    this.#parts.logger.info({ block, of: limit, percent, handlersRun: this.#handlersRun }, "catching up");
  }

  #setState(state: IndexingState, problem: string | undefined): void {
    if (state === "live" && this.#state !== "live")
      this.#parts.logger.info({ block: this.#chainHead }, "at the head of the chain");
    this.#state = state;
    this.#problem = problem;
    const { store, client, report } = this.#parts;
    const head = store.head();
    report({
      kind: "status",
      status: {
        state,
        problem,
        block: head === undefined ? undefined : pointerOf(head),
        chainHead: this.#chainHead,
        handlersRun: this.#handlersRun,
        reorgs: this.#reorgs,
        rpcRequests: client.requests,
        rpcFailures: client.failures,
      },
    });
  }
}

/** The disk is full, the file is damaged or the like; the chain is not to blame. */
function isDatabaseError(error: unknown): boolean {
  return (error as { code?: unknown }).code === "ERR_SQLITE_ERROR";
}

function pointerOf({ number, hash, timestamp }: BlockHeader): BlockPointer {
  return { number, hash, timestamp };
}

function groupByBlock(logs: readonly ChainLog[]): Map<number, ChainLog[]> {
  const groups = new Map<number, ChainLog[]>();
  for (const log of logs) {
    const group = groups.get(log.blockNumber);
    if (group === undefined) groups.set(log.blockNumber, [log]);
    else group.push(log);
  }
  return groups;
}

/** Adds logs that were asked for later; both requests may have matched the same log. */
function mergeLogs(groups: Map<number, ChainLog[]>, logs: readonly ChainLog[]): void {
  for (const log of logs) {
    const group = groups.get(log.blockNumber);
    if (group === undefined) groups.set(log.blockNumber, [log]);
    else if (!group.some((known) => known.logIndex === log.logIndex)) {
      group.push(log);
      group.sort((a, b) => a.logIndex - b.logIndex);
    }
  }
}

function mergeBlocks(pending: BlockPointer[], more: readonly BlockPointer[]): void {
  const known = new Set(pending.map((block) => block.number));
  for (const block of more) if (!known.has(block.number)) pending.push(block);
  pending.sort((a, b) => a.number - b.number);
}
