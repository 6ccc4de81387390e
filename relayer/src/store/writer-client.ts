import path from "node:path";
import { Worker } from "node:worker_threads";
import type { StoreWrite, WriteReply, WriteRequest, WriterSettings } from "./store-write.ts";

/** Thrown when the database takes no writes now: disk full, locked, or input/output errors. Nothing was stored. */
export class StorageUnavailableError extends Error {
  override readonly name = "StorageUnavailableError";
}

interface Waiting {
  resolve(rows: number): void;
  reject(error: Error): void;
}

/** The thread's file lies beside this one, in TypeScript or bundled. */
const THREAD = `./attestation-writer-thread${path.extname(import.meta.url)}`;

/** The writer's thread as seen from the main thread: writes are applied one by one, in order. */
export class WriterClient {
  readonly #worker: Worker;
  readonly #waiting = new Map<number, Waiting>();
  #nextId = 1;
  #ended: Error | undefined;

  /** Settles with an error if the thread ends by itself; the service must then stop. */
  readonly failed: Promise<Error>;

  private constructor(worker: Worker, failed: Promise<Error>) {
    this.#worker = worker;
    this.failed = failed;
    worker.on("message", (reply: WriteReply) => this.#onReply(reply));
    void failed.then((error) => this.#end(error));
  }

  /** Starts the thread. @throws Error when it cannot open the database. */
  static async start(settings: WriterSettings): Promise<WriterClient> {
    const worker = new Worker(new URL(THREAD, import.meta.url), { workerData: settings });
    const failed = new Promise<Error>((resolve) => {
      worker.once("error", (error) => resolve(error as Error));
      worker.once("exit", () => resolve(new Error("the attestation store's writer has ended")));
    });
    const ready = new Promise<undefined>((resolve) => worker.once("message", () => resolve(undefined)));
    const error = await Promise.race([ready, failed]);
    if (error) throw error;
    return new WriterClient(worker, failed);
  }

  /**
   * Applies a write; resolves with the rows changed once it is synced to disk.
   *
   * @throws StorageUnavailableError when nothing of it was stored.
   */
  write(write: StoreWrite): Promise<number> {
    if (this.#ended) return Promise.reject(new StorageUnavailableError(this.#ended.message));
    const request: WriteRequest = { id: this.#nextId++, write };
    return new Promise((resolve, reject) => {
      this.#waiting.set(request.id, { resolve, reject });
      this.#worker.postMessage(request);
    });
  }

  /** Finishes all writes and ends the thread. */
  async close(): Promise<void> {
    if (this.#ended) return;
    this.#worker.postMessage("close");
    await this.failed;
  }

  #onReply(reply: WriteReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ("rows" in reply) waiting?.resolve(reply.rows);
    else waiting?.reject(new StorageUnavailableError(reply.failure));
  }

  #end(error: Error): void {
    this.#ended = error;
    for (const { reject } of this.#waiting.values()) reject(new StorageUnavailableError(error.message));
    this.#waiting.clear();
  }
}
