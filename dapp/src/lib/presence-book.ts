import type { LiveNode } from "./relayer-client.ts";

/** Milliseconds without a new heartbeat after which this browser itself calls a node silent. */
const PATIENCE_MS = 15_000;

/** How a node stands by its heartbeats. */
export type PresenceState = "live" | "silent" | "unknown";

/** What all relayers together say about a node. */
export interface Presence extends Omit<LiveNode, "state" | "lastSeenMs"> {
  state: PresenceState;
  /** Chain time of the newest heartbeat that any relayer tells, milliseconds. */
  lastSeenMs: number;
}

interface Memory {
  newest: LiveNode;
  lastSeenMs: number;
  /** Own monotonic time at which `lastSeenMs` grew last. */
  grewAt: number;
  saysLive: boolean;
}

/**
 * Merges what relayers say about nodes and checks it: a node whose newest heartbeat does not grow any more is silent, even if
 * a relayer goes on calling it live. Relayers are not believed, and one that hangs does not hide a death.
 */
export class PresenceBook {
  readonly #now: () => number;
  readonly #memories = new Map<number, Memory>();

  /** @param now Monotonic milliseconds. */
  constructor(now: () => number = () => performance.now()) {
    this.#now = now;
  }

  /** Takes one round of answers, one list per relayer that answered. */
  take(answers: readonly LiveNode[][]): void {
    const round = new Map<number, { newest: LiveNode; lastSeenMs: number; saysLive: boolean }>();
    for (const node of answers.flat()) {
      const lastSeenMs = node.lastSeenMs ?? 0;
      const seen = round.get(node.nodeIndex);
      const isNewer = !seen || lastSeenMs > seen.lastSeenMs;
      round.set(node.nodeIndex, {
        newest: isNewer ? node : seen.newest,
        lastSeenMs: Math.max(lastSeenMs, seen?.lastSeenMs ?? 0),
        saysLive: node.state === "live" || (seen?.saysLive ?? false),
      });
    }
    for (const [nodeIndex, seen] of round) this.#note(nodeIndex, seen);
  }

  /** Every node heard of, as it stands now. */
  states(): Map<number, Presence> {
    return new Map([...this.#memories].map(([nodeIndex, memory]) => [nodeIndex, this.#stateOf(memory)]));
  }

  #note(nodeIndex: number, seen: { newest: LiveNode; lastSeenMs: number; saysLive: boolean }): void {
    const before = this.#memories.get(nodeIndex);
    // A relayer's chain clock jitters by a little; only real progress counts as a sign of life.
    const grew = !before || seen.lastSeenMs > before.lastSeenMs + 250;
    const lastSeenMs = grew ? seen.lastSeenMs : before.lastSeenMs;
    this.#memories.set(nodeIndex, { ...seen, lastSeenMs, grewAt: grew ? this.#now() : before.grewAt });
  }

  #stateOf({ newest, lastSeenMs, grewAt, saysLive }: Memory): Presence {
    const isFresh = this.#now() - grewAt <= PATIENCE_MS;
    const state: PresenceState = lastSeenMs === 0 ? "unknown" : saysLive && isFresh ? "live" : "silent";
    return { ...newest, lastSeenMs, state };
  }
}
