import { type Presence, PresenceBook } from "./presence-book.ts";
import { fetchLiveNodes, type LiveNode } from "./relayer-client.ts";

/** Milliseconds between the beginnings of two rounds of questions. */
const POLL_MS = 3_000;

/** How to ask, when not as the dApp does. */
interface Asking {
  fetch?: (url: string) => Promise<LiveNode[]>;
  pollMs?: number;
}

/** What is heard of the nodes now. */
export interface PresenceSnapshot {
  nodes: ReadonlyMap<number, Presence>;
  /** URLs of relayers that answered in the last round; undefined before the first. */
  answering?: ReadonlySet<string>;
}

/** Asks every relayer again and again who is live while somebody listens. */
export class PresenceWatch {
  readonly #urls: readonly string[];
  readonly #fetch: (url: string) => Promise<LiveNode[]>;
  readonly #pollMs: number;
  readonly #book = new PresenceBook();
  readonly #listeners = new Set<() => void>();
  #snapshot: PresenceSnapshot = { nodes: new Map() };
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isAsking = false;
  #lastRound = -Infinity;

  constructor(urls: readonly string[], { fetch = fetchLiveNodes, pollMs = POLL_MS }: Asking = {}) {
    this.#urls = urls;
    this.#fetch = fetch;
    this.#pollMs = pollMs;
  }

  /** The newest state; the same object until something changes. */
  readonly snapshot = (): PresenceSnapshot => this.#snapshot;

  /**
   * Begins to ask with the first listener and ends with the last. Listeners may come and go as often as they like: rounds
   * never overlap and stay apart by the polling interval.
   */
  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    this.#schedule();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) this.#cancel();
    };
  };

  #schedule(): void {
    if (this.#isAsking || this.#timer !== undefined || this.#listeners.size === 0) return;
    const wait = Math.max(0, this.#lastRound + this.#pollMs - performance.now());
    this.#timer = setTimeout(() => void this.#round(), wait);
  }

  #cancel(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  async #round(): Promise<void> {
    this.#timer = undefined;
    this.#isAsking = true;
    this.#lastRound = performance.now();
    const answers = await Promise.allSettled(this.#urls.map((url) => this.#fetch(url)));
    const heard = new Map<string, LiveNode[]>();
    answers.forEach((answer, i) => {
      if (answer.status === "fulfilled") heard.set(this.#urls[i]!, answer.value);
    });
    this.#book.take(heard);
    this.#snapshot = { nodes: this.#book.states(), answering: new Set(heard.keys()) };
    this.#isAsking = false;
    this.#schedule();
    for (const listener of [...this.#listeners]) listener();
  }
}
