import { sourceOf } from "./address-source.ts";

/** Streams that are served at once, to all addresses together. */
const MAX_STREAMS = 1_000;

/** Counts the open streams, in all and by the address they come from, so that one address cannot take every place. */
export class StreamPlaces {
  /** Streams that one address may have open. */
  readonly perAddress: number;
  readonly #bySource = new Map<string, number>();
  #taken = 0;

  constructor(perAddress: number) {
    this.perAddress = perAddress;
  }

  /** Number of open streams. */
  get taken(): number {
    return this.#taken;
  }

  /** Whether all places are taken. */
  get isFull(): boolean {
    return this.#taken >= MAX_STREAMS;
  }

  /** Whether an address has as many streams as it may have. */
  isFullFor(address: string): boolean {
    return (this.#bySource.get(sourceOf(address)) ?? 0) >= this.perAddress;
  }

  /** Takes a place; the returned function gives it back. */
  take(address: string): () => void {
    const source = sourceOf(address);
    this.#taken += 1;
    this.#bySource.set(source, (this.#bySource.get(source) ?? 0) + 1);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#taken -= 1;
      const left = (this.#bySource.get(source) ?? 0) - 1;
      if (left > 0) this.#bySource.set(source, left);
      else this.#bySource.delete(source);
    };
  }
}
