/** Where the screens get their figures from. */
export type Source = "indexer" | "chain" | "none";

/** Remembers which source answers, and tells who wants to know. */
export class SourceHealth {
  readonly #listeners = new Set<() => void>();
  #source: Source = "indexer";

  /** Source of the newest answer. */
  readonly current = (): Source => this.#source;

  note(source: Source): void {
    if (source === this.#source) return;
    this.#source = source;
    for (const listener of this.#listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };
}
