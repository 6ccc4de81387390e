/** How attestations enter the store: as leaves of their open epoch, as late history, or as leaves fetched from a peer. */
export type AppendMode = "leaf" | "history" | "fetched";

/** How a group of attestations is stored; with a receipt they all belong to its epoch. */
export interface AppendHeader {
  mode: AppendMode;
  /** Chain time of arrival, milliseconds. */
  receivedMs: number;
  /** Receipt over the digests in their order. */
  receipt?: { epoch: number; root: Uint8Array; signature: Uint8Array };
}

/** Attestations that are stored in one way. */
export interface AppendGroup extends AppendHeader {
  items: readonly { wire: Uint8Array; digest: Uint8Array }[];
}

/** A group in the bytes of an append: `count` digests of 32 bytes, then as many wire forms. */
export interface PackedGroup extends AppendHeader {
  count: number;
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
  | { kind: "append"; groups: PackedGroup[]; bytes: Uint8Array }
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
