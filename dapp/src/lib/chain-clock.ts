/** Seconds without a new block after which the chain counts as stalled. */
const STALL_SECONDS = 45;

/**
 * Chain time: the newest block's timestamp plus the time that passed here since it arrived. The clock of this machine is never
 * asked what time it is, only how much has passed.
 */
export class ChainClock {
  readonly #now: () => number;
  readonly #listeners = new Set<() => void>();
  #timestamp: number | undefined;
  #arrivedAt = 0;

  /** @param now Monotonic milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Takes the timestamp of a block, Unix seconds; older ones are ignored. */
  note(timestamp: number): void {
    if (this.#timestamp !== undefined && timestamp <= this.#timestamp) return;
    const isFirst = this.#timestamp === undefined;
    this.#timestamp = timestamp;
    this.#arrivedAt = this.#now();
    if (isFirst) for (const listener of this.#listeners) listener();
  }

  /** Chain time in Unix seconds with fraction; undefined before the first block. */
  seconds(): number | undefined {
    if (this.#timestamp === undefined) return undefined;
    return this.#timestamp + (this.#now() - this.#arrivedAt) / 1_000;
  }

  /** True when no block has come for long. */
  isStalled(): boolean {
    return this.#timestamp !== undefined && this.#now() - this.#arrivedAt > STALL_SECONDS * 1_000;
  }

  /** Calls back on the first block; returns what ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
