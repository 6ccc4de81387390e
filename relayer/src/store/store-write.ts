/** How attestations enter the store: as leaves of their open epoch, as late history, or as leaves fetched from a peer. */
export type AppendMode = "leaf" | "history" | "fetched";

/** Attestations that are stored in one way; with a receipt they all belong to its epoch. */
export interface AppendGroup {
  mode: AppendMode;
  /** Wire forms back to back. */
  wires: Uint8Array;
  /** Digests back to back, 32 bytes each, in the order of the wires. */
  digests: Uint8Array;
  /** Chain time of arrival, milliseconds. */
  receivedMs: number;
  /** Receipt over the digests in this order. */
  receipt?: { epoch: number; root: Uint8Array; signature: Uint8Array };
}

/** Heartbeats of one node in one epoch, as this relayer counted them. */
export interface HeartbeatRow {
  nodeIndex: number;
  received: number;
  expected: number;
  jitterMicros: number;
  intervalMicros: number;
  latencyMicros: number;
  /** Chain time of the newest heartbeat, milliseconds. */
  lastSeenMs: number;
}

/** One transaction of the store's writer. */
export type StoreWrite =
  | { kind: "append"; groups: AppendGroup[] }
  | { kind: "heartbeats"; epoch: number; rows: HeartbeatRow[] }
  | { kind: "heads" }
  | { kind: "prune"; beforeEpoch: number; limit: number };

/** What the writer's thread is started with. */
export interface WriterSettings {
  file: string;
  /** Size at which the database takes no more, bytes; undefined: the disk decides. */
  maxBytes?: number;
  /** How long a write waits for another process's lock, milliseconds. */
  lockTimeoutMs: number;
}

/** A write on its way to the writer's thread. */
export interface WriteRequest {
  id: number;
  write: StoreWrite;
}

/** Answer to a write: rows changed once it is synced to disk, or why nothing of it was stored. */
export type WriteReply = { id: number; rows: number } | { id: number; failure: string };
