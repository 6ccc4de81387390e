import type { LiveNode } from "./relayer-client.ts";

/** Milliseconds without a new heartbeat after which a node is silent, and without an answer after which a relayer's word is old. */
const PATIENCE_MS = 15_000;

/** How a node stands by its heartbeats. */
export type PresenceState = "live" | "silent" | "unknown";

/** What all relayers together say about a node. */
export interface Presence extends Omit<LiveNode, "state" | "lastSeenMs"> {
  state: PresenceState;
  /** Chain time of the newest heartbeat, milliseconds, in the middle of what relayers tell; 0 when none heard the node. */
  lastSeenMs: number;
}

/** What one relayer said about one node. */
interface Testimony {
  newest: LiveNode;
  /** Own monotonic time at which it was said last. */
  toldAt: number;
  /** Own monotonic time at which this relayer's `lastSeenMs` grew last. */
  grewAt: number;
}

/**
 * Merges what relayers say about nodes and checks it. A relayer counts for a node once it has heard it, and calls it live as
 * long as its newest heartbeat grows; the node is live while at least half of them do. So one relayer can neither keep a
 * dead node alive nor, with a time far ahead, call a live one dead. A relayer that does not answer for a while says nothing
 * any more: when none is left, a node is unknown and not silent.
 */
export class PresenceBook {
  readonly #now: () => number;
  readonly #testimonies = new Map<number, Map<string, Testimony>>();

  /** @param now Monotonic milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Takes one round of answers by relayer; a relayer that did not answer is not in it and keeps what it said before. */
  take(answers: ReadonlyMap<string, readonly LiveNode[]>): void {
    for (const [relayer, nodes] of answers) for (const node of nodes) this.#note(relayer, node);
  }

  /** Every node heard of, as it stands now. */
  states(): Map<number, Presence> {
    return new Map([...this.#testimonies].map(([index, said]) => [index, this.#stateOf([...said.values()])]));
  }

  #note(relayer: string, node: LiveNode): void {
    const said = this.#testimonies.get(node.nodeIndex) ?? new Map<string, Testimony>();
    this.#testimonies.set(node.nodeIndex, said);
    const before = said.get(relayer);
    // A relayer's chain clock jitters by a little; only real progress counts as a sign of life.
    const grew = (node.lastSeenMs ?? 0) > (before?.newest.lastSeenMs ?? 0) + 250;
    const toldAt = this.#now();
    said.set(relayer, { newest: node, toldAt, grewAt: grew ? toldAt : (before?.grewAt ?? toldAt) });
  }

  #stateOf(said: readonly Testimony[]): Presence {
    const witnesses = said.filter(({ newest }) => newest.lastSeenMs !== null);
    witnesses.sort((a, b) => (a.newest.lastSeenMs ?? 0) - (b.newest.lastSeenMs ?? 0));
    const middle = (witnesses[Math.floor(witnesses.length / 2)] ?? said[0]!).newest;
    const current = witnesses.filter(({ toldAt }) => this.#now() - toldAt <= PATIENCE_MS);
    const live = current.filter(({ newest, grewAt }) => {
      return newest.state === "live" && this.#now() - grewAt <= PATIENCE_MS;
    });
    const state: PresenceState =
      current.length === 0 ? "unknown" : live.length * 2 >= current.length ? "live" : "silent";
    return { ...middle, lastSeenMs: middle.lastSeenMs ?? 0, state };
  }
}
