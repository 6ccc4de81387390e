import { type Presence, PresenceBook } from "./presence-book.ts";
import { fetchLiveNodes, type LiveNode } from "./relayer-client.ts";

/** Milliseconds between two rounds of questions. */
const POLL_MS = 3_000;

/** What is heard of the nodes now. */
export interface PresenceSnapshot {
  nodes: ReadonlyMap<number, Presence>;
  /** URLs of relayers that answered in the last round; undefined before the first. */
  answering?: ReadonlySet<string>;
}

/** Asks every relayer again and again who is live while somebody listens. */
export class PresenceWatch {
  readonly #urls: readonly string[];
  readonly #book = new PresenceBook();
  readonly #listeners = new Set<() => void>();
  #snapshot: PresenceSnapshot = { nodes: new Map() };
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(urls: readonly string[]) {
    this.#urls = urls;
  }

  /** The newest state; the same object until something changes. */
  snapshot(): PresenceSnapshot {
    return this.#snapshot;
  }

  /** Begins to ask with the first listener and ends with the last. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    if (this.#listeners.size === 1) void this.#round();
    return () => {
      this.#listeners.delete(listener);
      if (this.#listeners.size === 0) clearTimeout(this.#timer);
    };
  }

  async #round(): Promise<void> {
    const answers = await Promise.allSettled(this.#urls.map((url) => fetchLiveNodes(url)));
    const heard = new Map<string, LiveNode[]>();
    answers.forEach((answer, i) => {
      if (answer.status === "fulfilled") heard.set(this.#urls[i]!, answer.value);
    });
    this.#book.take(heard);
    const answering = new Set(heard.keys());
    const nodes = answering.size > 0 ? this.#book.states() : new Map<number, Presence>();
    this.#snapshot = { nodes, answering };
    for (const listener of this.#listeners) listener();
    clearTimeout(this.#timer);
    if (this.#listeners.size > 0) this.#timer = setTimeout(() => void this.#round(), POLL_MS);
  }
}
