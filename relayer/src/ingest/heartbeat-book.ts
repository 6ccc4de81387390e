import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { ChainView } from "../chain/chain-view.ts";
import type { Heartbeat } from "../session/frames.ts";
import { mostHeartbeats, RATE_TOLERANCE } from "../session/heartbeat-rules.ts";
import type { HeartbeatRow } from "../store/store-write.ts";

/** What a relayer sees of a node now. */
export interface LiveNode {
  nodeIndex: number;
  state: "live" | "silent";
  /** Chain time of the newest heartbeat, milliseconds. */
  lastSeenMs: number;
  /** Received of expected heartbeats in this epoch and the one before, basis points. */
  heartbeatRatioBp: number;
  /** Round trip as the node measured it from acknowledgements and signed it last; 0 while unknown. */
  latencyMicros: number;
  cpuLoadBp: number;
  memoryUsedBp: number;
  storageUsedBp: number;
}

interface Presence {
  lastSeenAt: number;
  /** Heartbeats that could have been counted at that moment beside the one that was. */
  allowance: number;
  intervalMs: number;
  counter: number;
  latencyMicros: number;
  heartbeat: Heartbeat;
}

interface EpochCount {
  received: number;
  intervalMs: number;
  gaps: number;
  deviationMs: number;
  latencyMicros: number;
  lastSeenAt: number;
}

/** Missed intervals after which a node is silent. */
const MISSED_INTERVALS = 3;
/** Heartbeats counted at once: as many as may be missed before a node is silent. */
const LARGEST_BURST = MISSED_INTERVALS;
/** A node with slow heartbeats may miss half of one. */
const LEAST_PATIENCE = 1.5;
/** Epochs whose counts stay in memory: beyond the time in which a committee asks for them. */
const EPOCHS_IN_MEMORY = 8;

/** Counts heartbeats per node and epoch and knows who is live. Times between heartbeats are monotonic. */
export class HeartbeatBook {
  readonly #chain: Pick<ChainView, "nowMs" | "currentEpoch" | "epochGenesis" | "epochLengthSeconds">;
  readonly #longestSilenceMs: number;
  readonly #now: () => number;
  readonly #openedAtMs: number;
  readonly #presences = new Map<number, Presence>();
  readonly #epochs = new Map<number, Map<number, EpochCount>>();

  /**
   * @param longestSilenceMs Silence after which a node is silent at the latest.
   * @param now Monotonic milliseconds.
   */
  constructor(
    chain: Pick<ChainView, "nowMs" | "currentEpoch" | "epochGenesis" | "epochLengthSeconds">,
    longestSilenceMs: number,
    now: () => number = () => performance.now(),
  ) {
    this.#chain = chain;
    this.#longestSilenceMs = longestSilenceMs;
    this.#now = now;
    this.#openedAtMs = chain.nowMs();
  }

  /**
   * Takes a heartbeat of a node that announced this interval. One is not counted whose counter does not grow (modulo
   * 2^32, unless the node fell silent and may have started again), or that exceeds twice the announced rate after a
   * burst of what a connection may have held up.
   *
   * @returns What became of it.
   */
  record(nodeIndex: number, intervalMs: number, heartbeat: Heartbeat): "counted" | "repeated" | "too-early" {
    const now = this.#now();
    const before = this.#presences.get(nodeIndex);
    let allowance = LARGEST_BURST;
    if (before) {
      const sinceMs = now - before.lastSeenAt;
      const isRestart = sinceMs > this.#patienceMs(intervalMs);
      if (!isRestart && !grows(before.counter, heartbeat.counter)) return "repeated";
      allowance = Math.min(LARGEST_BURST, before.allowance + (RATE_TOLERANCE * sinceMs) / intervalMs);
      if (allowance < 1) return "too-early";
    }
    const latencyMicros = before?.latencyMicros ?? 0;
    const counter = heartbeat.counter;
    this.#presences.set(nodeIndex, {
      lastSeenAt: now,
      allowance: allowance - 1,
      intervalMs,
      counter,
      latencyMicros,
      heartbeat,
    });
    const count = this.#countOf(Number(this.#chain.currentEpoch()), nodeIndex, intervalMs);
    count.received += 1;
    count.intervalMs = intervalMs;
    count.lastSeenAt = now;
    count.latencyMicros = latencyMicros;
    if (!before) return "counted";
    count.gaps += 1;
    count.deviationMs += Math.abs(now - before.lastSeenAt - intervalMs);
    return "counted";
  }

  /** Notes the round trip that a node signed in its newest attestation. */
  noteLatency(nodeIndex: number, latencyMicros: number): void {
    const presence = this.#presences.get(nodeIndex);
    if (presence) presence.latencyMicros = latencyMicros;
  }

  /** What is seen of a node; undefined when it was not heard since the service started. */
  live(nodeIndex: number): LiveNode | undefined {
    const presence = this.#presences.get(nodeIndex);
    if (!presence) return undefined;
    const silentForMs = this.#now() - presence.lastSeenAt;
    const { cpuLoadBp, memoryUsedBp, storageUsedBp } = presence.heartbeat;
    return {
      nodeIndex,
      state: silentForMs <= this.#patienceMs(presence.intervalMs) ? "live" : "silent",
      lastSeenMs: Math.floor(this.#chain.nowMs() - silentForMs),
      heartbeatRatioBp: this.#recentRatioBp(nodeIndex),
      latencyMicros: presence.latencyMicros,
      cpuLoadBp,
      memoryUsedBp,
      storageUsedBp,
    };
  }

  /** Nodes heard since the service started. */
  seenNodes(): number[] {
    return [...this.#presences.keys()].sort((a, b) => a - b);
  }

  /** Counts of an epoch of a shard, by node index; undefined when the epoch is no longer in memory. */
  shardStats(epoch: bigint, shard: number): HeartbeatRow[] | undefined {
    const rows = this.epochStats(epoch);
    return rows?.filter(({ nodeIndex }) => shardOf(nodeIndex) === shard);
  }

  /** Counts of an epoch, by node index; undefined when the epoch is no longer in memory. */
  epochStats(epoch: bigint): HeartbeatRow[] | undefined {
    const counts = this.#epochs.get(Number(epoch));
    if (!counts) return undefined;
    return [...counts]
      .sort(([a], [b]) => a - b)
      .map(([nodeIndex, count]) => this.#toRow(Number(epoch), nodeIndex, count));
  }

  #toRow(epoch: number, nodeIndex: number, count: EpochCount): HeartbeatRow {
    return {
      nodeIndex,
      received: Math.min(count.received, mostHeartbeats(this.#chain.epochLengthSeconds, count.intervalMs)),
      expected: this.#expected(epoch, count.intervalMs),
      jitterMicros: count.gaps === 0 ? 0 : Math.round((count.deviationMs / count.gaps) * 1_000),
      intervalMicros: count.intervalMs * 1_000,
      latencyMicros: count.latencyMicros,
      lastSeenMs: Math.floor(this.#chain.nowMs() - (this.#now() - count.lastSeenAt)),
    };
  }

  /** Heartbeats that fit into the part of an epoch that has passed and that this service saw; at least 1. */
  #expected(epoch: number, intervalMs: number): number {
    const lengthMs = this.#chain.epochLengthSeconds * 1_000;
    const startMs = Number(this.#chain.epochGenesis) * 1_000 + epoch * lengthMs;
    const fromMs = Math.max(startMs, this.#openedAtMs);
    const untilMs = Math.min(startMs + lengthMs, this.#chain.nowMs());
    return Math.max(1, Math.floor((untilMs - fromMs) / intervalMs));
  }

  #recentRatioBp(nodeIndex: number): number {
    const current = Number(this.#chain.currentEpoch());
    let received = 0;
    let expected = 0;
    const { intervalMs } = this.#presences.get(nodeIndex) ?? { intervalMs: 1 };
    for (const epoch of [current - 1, current]) {
      if (!this.#epochs.has(epoch)) continue;
      received += this.#epochs.get(epoch)?.get(nodeIndex)?.received ?? 0;
      expected += this.#expected(epoch, intervalMs);
    }
    return expected === 0 ? 0 : Math.min(10_000, Math.floor((received * 10_000) / expected));
  }

  #patienceMs(intervalMs: number): number {
    return Math.max(Math.min(MISSED_INTERVALS * intervalMs, this.#longestSilenceMs), LEAST_PATIENCE * intervalMs);
  }

  #countOf(epoch: number, nodeIndex: number, intervalMs: number): EpochCount {
    let counts = this.#epochs.get(epoch);
    if (!counts) {
      counts = new Map();
      this.#epochs.set(epoch, counts);
      for (const old of this.#epochs.keys()) if (old <= epoch - EPOCHS_IN_MEMORY) this.#epochs.delete(old);
    }
    let count = counts.get(nodeIndex);
    if (!count) {
      count = { received: 0, intervalMs, gaps: 0, deviationMs: 0, latencyMicros: 0, lastSeenAt: 0 };
      counts.set(nodeIndex, count);
    }
    return count;
  }
}

/** True when a counter is ahead of another by less than half of the numbers modulo 2^32. */
function grows(before: number, counter: number): boolean {
  const ahead = (counter - before) >>> 0;
  return ahead > 0 && ahead < 2 ** 31;
}
