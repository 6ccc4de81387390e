import type { IndexReader } from "./index-reader.ts";

/** Requests that are answered by turns at once; further ones wait. */
const MAX_READERS = 4;

/** Readers for long requests: each needs one of its own, as it stays on one state while others have their turn. */
export class ReaderPool {
  readonly #model: IndexReader;
  readonly #opened: IndexReader[] = [];
  readonly #free: IndexReader[] = [];
  readonly #waiting: ((reader: IndexReader) => void)[] = [];

  /** @param model reader of the database, which is not used itself */
  constructor(model: IndexReader) {
    this.#model = model;
  }

  /** Does work with a reader that nobody else uses meanwhile. */
  async use<T>(work: (reader: IndexReader) => Promise<T>): Promise<T> {
    const reader = this.#free.pop() ?? this.#open() ?? (await this.#next());
    try {
      return await work(reader);
    } finally {
      const waiting = this.#waiting.shift();
      if (waiting === undefined) this.#free.push(reader);
      else waiting(reader);
    }
  }

  close(): void {
    for (const reader of this.#opened.splice(0)) reader.close();
  }

  #open(): IndexReader | undefined {
    if (this.#opened.length >= MAX_READERS) return undefined;
    const reader = this.#model.another();
    this.#opened.push(reader);
    return reader;
  }

  #next(): Promise<IndexReader> {
    return new Promise((resolve) => this.#waiting.push(resolve));
  }
}
