import { EventEmitter, once } from "node:events";
import { Worker } from "node:worker_threads";

import type { IndexerConfig } from "../config/indexer-config.ts";
import type { IndexingEvent, IndexingStatus } from "./indexing-event.ts";

/** Milliseconds that the thread gets to finish its batch when it is stopped. */
const STOP_TIMEOUT = 4_000;

/** Catching up makes short-lived objects at a high rate; with a bounded heap they are collected before they pile up. */
const HEAP_LIMITS = { maxYoungGenerationSizeMb: 24, maxOldGenerationSizeMb: 512 };

interface WorkerEvents {
  opened: [];
  committed: [Extract<IndexingEvent, { kind: "committed" }>];
  status: [IndexingStatus];
  fatal: [string];
}

/** The indexing thread as the server sees it. */
export class IndexingWorker extends EventEmitter<WorkerEvents> {
  #worker: Worker;
  #stopping = false;
  #lastSign = Date.now();
  status: IndexingStatus = {
    state: "starting",
    block: undefined,
    chainHead: undefined,
    problem: undefined,
    handlersRun: 0,
    reorgs: 0,
    rpcRequests: 0,
    rpcFailures: 0,
  };

  constructor(config: IndexerConfig) {
    super();
    this.#worker = new Worker(new URL("./indexing-thread.ts", import.meta.url), {
      workerData: config,
      resourceLimits: HEAP_LIMITS,
    });
    this.#worker.on("message", (event: IndexingEvent) => this.#handle(event));
    this.#worker.on("error", (error: Error) => this.emit("fatal", `indexing crashed: ${error.message}`));
    this.#worker.on("exit", () => {
      if (!this.#stopping) this.emit("fatal", "the indexing thread ended by itself");
    });
  }

  /** Milliseconds since the thread was heard of; it speaks after every batch and every look at the chain. */
  get silence(): number {
    return Date.now() - this.#lastSign;
  }

  /** Ends the thread after its current batch. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#worker.threadId === -1) return;
    const ended = once(this.#worker, "exit");
    this.#worker.postMessage("stop");
    const timer = setTimeout(() => void this.#worker.terminate(), STOP_TIMEOUT);
    await ended;
    clearTimeout(timer);
  }

  #handle(event: IndexingEvent): void {
    this.#lastSign = Date.now();
    switch (event.kind) {
      case "opened":
        this.emit("opened");
        break;
      case "status":
        this.status = event.status;
        this.emit("status", event.status);
        break;
      case "committed":
        this.status = { ...this.status, block: event.block };
        this.emit("committed", event);
        break;
      case "fatal":
        this.#stopping = true;
        this.emit("fatal", event.message);
        break;
    }
  }
}
