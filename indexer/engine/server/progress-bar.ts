import type { IndexingStatus } from "../sync/indexing-event.ts";

const WIDTH = 30;
/** Milliseconds between two drawings. */
const INTERVAL = 200;

/** Where the bar is drawn, a terminal as a rule. */
export interface ProgressOutput {
  write(text: string): unknown;
}

/**
 * Draws how far catching up has come, one line that is drawn over again: share, blocks, handlers run per second. The line
 * goes away at the head of the chain.
 */
export class ProgressBar {
  readonly #output: ProgressOutput;
  readonly #now: () => number;
  #start: { readonly time: number; readonly block: number; readonly handlers: number } | undefined;
  #drawn = 0;

  constructor(output: ProgressOutput, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
  }

  /** Takes notice of where the indexer stands. */
  update({ state, block, chainHead, handlersRun }: IndexingStatus): void {
    if (state !== "syncing" || block === undefined || chainHead === undefined) {
      this.#clear();
      return;
    }
    const time = this.#now();
    this.#start ??= { time, block: block.number, handlers: handlersRun };
    if (this.#drawn !== 0 && time - this.#drawn < INTERVAL) return;
    this.#drawn = time;
    const share = Math.min(1, (block.number - this.#start.block) / Math.max(1, chainHead - this.#start.block));
    const filled = Math.round(share * WIDTH);
    const seconds = (time - this.#start.time) / 1_000;
    const rate = seconds > 0 ? Math.round((handlersRun - this.#start.handlers) / seconds) : 0;
    const bar = "#".repeat(filled) + "-".repeat(WIDTH - filled);
    const percent = `${Math.floor(share * 100)} %`.padStart(5);
    this.#output.write(`\r\u001b[K[${bar}] ${percent}  block ${block.number} of ${chainHead}  ${rate} events/s`);
  }

  #clear(): void {
    if (this.#drawn !== 0) this.#output.write("\r\u001b[K");
    this.#drawn = 0;
    this.#start = undefined;
  }
}
