/** Where steps are printed, standard output as a rule. */
export interface StepOutput {
  isTTY?: boolean;
  columns?: number;
  write(text: string): unknown;
}

/** Milliseconds between two drawings of the steps under way. */
const REDRAW_MS = 1_000;

/**
 * Prints each step of a long start when it begins and when it is done. A terminal shows below them what is under way, and for
 * how long; anything else gets whole lines only.
 */
export class StepPrinter {
  readonly #output: StepOutput;
  readonly #now: () => number;
  readonly #running = new Map<string, number>();
  #timer: NodeJS.Timeout | undefined;
  #isDrawn = false;

  constructor(output: StepOutput, now: () => number = () => performance.now()) {
    this.#output = output;
    this.#now = now;
  }

  /** Runs a step. @throws what `work` throws; the step is then not called done. */
  async run<T>(what: string, work: () => Promise<T>): Promise<T> {
    const began = this.#now();
    this.#running.set(what, began);
    if (this.#output.isTTY) this.#startDrawing();
    else this.say(`  … ${what}`);
    try {
      const result = await work();
      this.#running.delete(what);
      this.say(`  ✓ ${what} (${((this.#now() - began) / 1_000).toFixed(1)} s)`);
      return result;
    } finally {
      this.#running.delete(what);
      if (this.#running.size === 0) this.#stopDrawing();
    }
  }

  /** Prints a line above what is under way. */
  say(line: string): void {
    this.#clear();
    this.#output.write(`${line}\n`);
    this.draw();
  }

  /** Draws anew what is under way and for how long. */
  draw(): void {
    if (!this.#output.isTTY) return;
    this.#clear();
    if (this.#running.size === 0) return;
    const steps = [...this.#running].map(([what, began]) => `${what} (${Math.floor((this.#now() - began) / 1_000)} s)`);
    this.#output.write(`  … ${steps.join(", ")}`.slice(0, (this.#output.columns ?? 80) - 1));
    this.#isDrawn = true;
  }

  #startDrawing(): void {
    this.draw();
    this.#timer ??= setInterval(() => this.draw(), REDRAW_MS).unref();
  }

  #stopDrawing(): void {
    clearInterval(this.#timer);
    this.#timer = undefined;
    this.#clear();
  }

  #clear(): void {
    if (this.#isDrawn) this.#output.write("\r\u001b[K");
    this.#isDrawn = false;
  }
}
