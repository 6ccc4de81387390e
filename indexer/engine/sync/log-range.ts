import type { ChainSource } from "../rpc/chain-source.ts";
import type { ChainLog, LogFilter } from "../rpc/chain-types.ts";
import { RpcResponseError } from "../rpc/rpc-client.ts";

const FIRST_SPAN = 100;
const LARGEST_SPAN = 50_000;
/** Growth of the span from one range to the next. */
const LARGEST_FACTOR = 4;
/** Logs of one answer that the span is steered to; enough to be fast, few enough to be held in memory twice. */
const WANTED_LOGS = 4_000;

/** Logs of a range of blocks. */
export interface LogBatch {
  readonly from: number;
  readonly to: number;
  readonly logs: readonly ChainLog[];
}

/**
 * Reads logs range by range. The span grows while answers are small and shrinks when they are large or an endpoint
 * refuses; the next range is asked for while the last one is being processed.
 */
export class LogRangeReader {
  readonly #source: ChainSource;
  #span = FIRST_SPAN;
  #ahead: { readonly from: number; readonly batch: Promise<LogBatch | undefined> } | undefined;

  constructor(source: ChainSource) {
    this.#source = source;
  }

  /** Logs from `from` on, up to `limit` at most. */
  async read(from: number, limit: number, filter: LogFilter): Promise<LogBatch> {
    const ahead = this.#ahead?.from === from ? await this.#ahead.batch : undefined;
    this.#ahead = undefined;
    const batch = ahead !== undefined && ahead.to <= limit ? ahead : await this.#fetch(from, limit, filter);
    const blocks = batch.to - batch.from + 1;
    const factor = Math.min(LARGEST_FACTOR, WANTED_LOGS / Math.max(1, batch.logs.length));
    this.#span = Math.min(LARGEST_SPAN, Math.max(1, Math.round(blocks * factor)));
    const next = batch.to + 1;
    if (next <= limit) {
      const pending = this.#fetch(next, limit, filter).catch(() => undefined);
      this.#ahead = { from: next, batch: pending };
    }
    return batch;
  }

  /** Drops what was read ahead, because the filter changed. */
  discard(): void {
    this.#ahead = undefined;
  }

  async #fetch(from: number, limit: number, filter: LogFilter): Promise<LogBatch> {
    for (;;) {
      const to = Math.min(limit, from + this.#span - 1);
      try {
        return { from, to, logs: await this.#source.logs(from, to, filter) };
      } catch (error) {
        if (!(error instanceof RpcResponseError) || to === from) throw error;
        this.#span = Math.max(1, Math.floor((to - from + 1) / 2));
      }
    }
  }
}
