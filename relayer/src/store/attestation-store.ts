import { ReceiptTree, SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { bytesToHex, type Hex } from "viem";
import { AppendBuffer } from "./append-buffer.ts";
import { ATTESTATION_MIGRATIONS } from "./attestation-schema.ts";
import { openDatabase } from "./database.ts";
import type { AppendGroup, HeartbeatRow } from "./store-write.ts";
import { asBuffer, DIGEST_BYTES, wireEpoch, wireNodeIndex, wireSequence } from "./wire-fields.ts";
import { WriterClient } from "./writer-client.ts";

/** Where and how attestations are stored. */
export interface StoreOptions {
  /** Database file, created when missing. */
  file: string;
  /** Size at which the database takes no more, bytes; undefined: the disk decides. */
  maxBytes?: number;
  /** How long a write waits for another process's lock, milliseconds; default 2,000. */
  lockTimeoutMs?: number;
}

/** The attestation with the highest sequence held of a node. */
export interface NodeHead {
  sequence: number;
  epoch: number;
  digest: Buffer;
}

/** A node's leaf of an epoch. */
export interface HeldLeaf {
  nodeIndex: number;
  digest: Hex;
}

/** A leaf that was fetched from a peer and verified. */
export interface FetchedLeaf {
  wire: Uint8Array;
  digest: Hex;
}

/** A stored attestation. */
export interface HeldAttestation {
  epoch: bigint;
  nodeIndex: number;
  sequence: bigint;
  digest: Hex;
  /** True when it stands for its node in its epoch; false for late history and rival statements. */
  isLeaf: boolean;
  /** Chain time of arrival, milliseconds. */
  receivedMs: number;
}

/** What proves that this relayer held an attestation in time. */
export interface StoredReceipt {
  epoch: bigint;
  root: Hex;
  index: number;
  size: number;
  path: Hex[];
  signature: Hex;
}

/** Two stored attestations of a node that exclude each other. */
export interface StoredFork {
  nodeIndex: number;
  places: readonly [{ epoch: bigint; digest: Hex }, { epoch: bigint; digest: Hex }];
}

/** A page of a node's attestations, newest first. */
export interface AttestationPage {
  attestations: HeldAttestation[];
  /** Give it as `beforeEpoch` to go on; undefined at the end of what is stored. */
  nextBefore: bigint | undefined;
}

const DEFAULT_LOCK_TIMEOUT_MS = 2_000;
const READ_LOCK_TIMEOUT_MS = 250;

/**
 * Durable store of verified attestations. Reads are synchronous and see only what is synced to disk; writes go through
 * a thread of their own, one transaction each, so that neither a sync nor a locked database stops the event loop.
 *
 * Warning: it stores what it is given. Callers verify first.
 */
export class AttestationStore {
  readonly #db: DatabaseSync;
  readonly #writer: WriterClient;
  readonly #heads: Map<number, NodeHead>;
  readonly #buffer = new AppendBuffer();
  /** Writes since the store was opened, by epoch. */
  readonly #changes = new Map<number, number>();
  readonly #leaves: StatementSync;
  readonly #leafWire: StatementSync;
  readonly #all: StatementSync;
  readonly #page: StatementSync;

  private constructor(db: DatabaseSync, writer: WriterClient) {
    this.#db = db;
    this.#writer = writer;
    this.#heads = readHeads(db);
    this.#leaves = db.prepare(
      `SELECT node_index, digest FROM attestation
       WHERE epoch = ? AND node_index BETWEEN ? AND ? AND rank = 0 ORDER BY node_index`,
    );
    this.#leafWire = db.prepare("SELECT wire FROM attestation WHERE epoch = ? AND node_index = ? AND rank = 0");
    this.#all = db.prepare(
      `SELECT epoch, node_index, sequence, digest, rank, received_ms FROM attestation
       WHERE epoch = ? AND node_index = ? ORDER BY rank`,
    );
    this.#page = db.prepare(
      `SELECT epoch, node_index, sequence, digest, rank, received_ms FROM attestation
       WHERE node_index = ? AND epoch < ? ORDER BY epoch DESC, rank LIMIT ?`,
    );
  }

  /** Opens the store and starts its writer. @throws Error when the file cannot be opened. */
  static async open({
    file,
    maxBytes,
    lockTimeoutMs = DEFAULT_LOCK_TIMEOUT_MS,
  }: StoreOptions): Promise<AttestationStore> {
    const db = openDatabase(file, ATTESTATION_MIGRATIONS);
    try {
      db.exec(`PRAGMA busy_timeout = ${READ_LOCK_TIMEOUT_MS}; PRAGMA query_only = ON`);
      const writer = await WriterClient.start({ file, maxBytes, lockTimeoutMs });
      return new AttestationStore(db, writer);
    } catch (error) {
      db.close();
      throw error;
    }
  }

  /** Settles with an error if the writer ends by itself; the service must then stop. */
  get failed(): Promise<Error> {
    return this.#writer.failed;
  }

  /** The attestation with the highest sequence ever held of a node; it outlives every pruning. */
  headOf(nodeIndex: number): NodeHead | undefined {
    return this.#heads.get(nodeIndex);
  }

  /** Wire form of {@link headOf}. */
  headWire(nodeIndex: number): Uint8Array | undefined {
    const head = this.headOf(nodeIndex);
    return head && this.wireOf(BigInt(head.epoch), nodeIndex, bytesToHex(head.digest));
  }

  /** Leaves of a shard's epoch, by node index. */
  leavesOf(epoch: bigint, shard: number): HeldLeaf[] {
    const first = shard * SHARD_SIZE;
    const rows = this.#leaves.all(epoch, first, first + SHARD_SIZE - 1);
    return rows.map((row) => ({ nodeIndex: row.node_index as number, digest: bytesToHex(row.digest as Uint8Array) }));
  }

  /** Wire form of a node's leaf of an epoch. */
  wire(epoch: bigint, nodeIndex: number): Uint8Array | undefined {
    return this.#leafWire.get(epoch, nodeIndex)?.wire as Uint8Array | undefined;
  }

  /** Wire form of the attestation with this digest, leaf or not. */
  wireOf(epoch: bigint, nodeIndex: number, digest: Hex): Uint8Array | undefined {
    const row = this.#db
      .prepare("SELECT wire FROM attestation WHERE epoch = ? AND node_index = ? AND digest = ?")
      .get(epoch, nodeIndex, Buffer.from(digest.slice(2), "hex"));
    return row?.wire as Uint8Array | undefined;
  }

  /** A number that is another one after an attestation of the epoch was stored, while the store is open. */
  changesOf(epoch: bigint): number {
    return this.#changes.get(Number(epoch)) ?? 0;
  }

  /** All attestations held of a node for an epoch, its leaf first. */
  held(epoch: bigint, nodeIndex: number): HeldAttestation[] {
    return this.#all.all(epoch, nodeIndex).map(toHeld);
  }

  /**
   * Attestations of a node for epochs before `beforeEpoch`, newest first. A page ends with a whole epoch: it has more
   * than `limit` when the last epoch has several.
   */
  attestationsOf(nodeIndex: number, { beforeEpoch, limit }: { beforeEpoch: bigint; limit: number }): AttestationPage {
    const found = this.#page.all(nodeIndex, beforeEpoch, limit).map(toHeld);
    const last = found.at(-1);
    if (!last || found.length < limit) return { attestations: found, nextBefore: undefined };
    const earlier = found.filter(({ epoch }) => epoch !== last.epoch);
    const isMore = this.#page.get(nodeIndex, last.epoch, 1) !== undefined;
    const attestations = [...earlier, ...this.held(last.epoch, nodeIndex)];
    return { attestations, nextBefore: isMore ? last.epoch : undefined };
  }

  /**
   * Pairs of attestations of one epoch, or with one sequence, of which at least one was stored after `id`.
   *
   * @param limit Attestations looked at, oldest first.
   * @returns The pairs, and the `id` to go on from; the same one when there was nothing new.
   */
  forksAfter(id: number, limit: number): { forks: StoredFork[]; lastId: number } {
    const fresh = "SELECT id, epoch, node_index, sequence, digest FROM attestation WHERE id > ?1 ORDER BY id LIMIT ?2";
    const { last } = this.#db.prepare(`SELECT max(id) AS last FROM (${fresh})`).get(id, limit) as {
      last: number | null;
    };
    const pairs = (shared: string): string => `SELECT fresh.node_index AS nodeIndex, fresh.epoch AS epoch,
      fresh.digest AS digest, other.epoch AS otherEpoch, other.digest AS otherDigest FROM (${fresh}) AS fresh
      JOIN attestation AS other ON other.node_index = fresh.node_index AND other.${shared} = fresh.${shared}
      WHERE other.digest <> fresh.digest`;
    const rows = this.#db.prepare(`${pairs("epoch")} UNION ${pairs("sequence")}`).all(id, limit);
    const forks = rows.map((row) => {
      const at = (epoch: unknown, digest: unknown) => {
        return { epoch: BigInt(epoch as number), digest: bytesToHex(digest as Uint8Array) };
      };
      const places = [at(row.epoch, row.digest), at(row.otherEpoch, row.otherDigest)] as const;
      return { nodeIndex: row.nodeIndex as number, places };
    });
    return { forks, lastId: last ?? id };
  }

  /** Digest of the attestation stored under an `id` of {@link forksAfter}; undefined when there is none. */
  digestAt(id: number): Hex | undefined {
    const row = this.#db.prepare("SELECT digest FROM attestation WHERE id = ?").get(id);
    return row && bytesToHex(row.digest as Uint8Array);
  }

  /** An attestation that shares epoch or sequence with another one of its node, undefined when none is held. */
  rivalOf(
    place: { nodeIndex: number; epoch: number; sequence: number },
    digest: Uint8Array,
  ): { epoch: bigint; digest: Hex } | undefined {
    const { nodeIndex, epoch, sequence } = place;
    const held = "SELECT epoch, digest FROM attestation WHERE node_index = ?1 AND digest <> ?2";
    const bytes = Buffer.from(digest);
    const row =
      this.#db.prepare(`${held} AND sequence = ?3`).get(nodeIndex, bytes, sequence) ??
      this.#db.prepare(`${held} AND epoch = ?3`).get(nodeIndex, bytes, epoch);
    return row && { epoch: BigInt(row.epoch as number), digest: bytesToHex(row.digest as Uint8Array) };
  }

  /** The receipt that was signed for an attestation; undefined when none was. */
  receiptOf(epoch: bigint, nodeIndex: number, digest: Hex): StoredReceipt | undefined {
    const row = this.#db
      .prepare(
        `SELECT batch.root, batch.digests, batch.signature, attestation.batch_index AS position
         FROM attestation JOIN receipt_batch AS batch ON batch.id = attestation.batch_id
         WHERE attestation.epoch = ? AND node_index = ? AND digest = ?`,
      )
      .get(epoch, nodeIndex, Buffer.from(digest.slice(2), "hex"));
    if (!row) return undefined;
    const tree = new ReceiptTree(splitDigests(row.digests as Uint8Array));
    const index = row.position as number;
    const signature = bytesToHex(row.signature as Uint8Array);
    return { epoch, root: tree.root, index, size: tree.size, path: tree.path(index), signature };
  }

  /**
   * Stores groups of verified attestations in one transaction; resolves once they are synced to disk.
   *
   * @throws StorageUnavailableError when nothing of it was stored.
   */
  async append(groups: readonly AppendGroup[]): Promise<void> {
    const { write, release } = this.#buffer.pack(groups);
    try {
      await this.#writer.write(write);
    } finally {
      release();
    }
    for (const { items } of groups) {
      for (const { wire, digest } of items) {
        this.#raiseHead(asBuffer(wire), digest);
        this.#countChange(wireEpoch(asBuffer(wire)));
      }
    }
  }

  /**
   * Stores verified leaves that were fetched from peers; each becomes its node's leaf of its epoch, and a different
   * one that stood there is kept beside it.
   *
   * @throws StorageUnavailableError when nothing of it was stored.
   */
  async insertFetched(leaves: readonly FetchedLeaf[], receivedMs: number): Promise<void> {
    if (leaves.length === 0) return;
    const items = leaves.map(({ wire, digest }) => ({ wire, digest: Buffer.from(digest.slice(2), "hex") }));
    await this.append([{ mode: "fetched", items, receivedMs }]);
  }

  /** Stores heartbeat counts of an epoch, replacing those of the same nodes. @throws StorageUnavailableError */
  async saveHeartbeats(epoch: bigint, rows: HeartbeatRow[]): Promise<void> {
    if (rows.length > 0) await this.#writer.write({ kind: "heartbeats", epoch: Number(epoch), rows });
  }

  /** Stored heartbeat counts of a shard's epoch, by node index. */
  heartbeatsOf(epoch: bigint, shard: number): HeartbeatRow[] {
    const first = shard * SHARD_SIZE;
    return this.#db
      .prepare(
        `SELECT node_index AS nodeIndex, received, expected, jitter_micros AS jitterMicros,
           interval_micros AS intervalMicros, latency_micros AS latencyMicros, last_seen_ms AS lastSeenMs
         FROM heartbeat_epoch WHERE epoch = ? AND node_index BETWEEN ? AND ? ORDER BY node_index`,
      )
      .all(epoch, first, first + SHARD_SIZE - 1) as unknown as HeartbeatRow[];
  }

  /** Saves the heads of what was stored since the last time, so that opening is quick. @throws StorageUnavailableError */
  async saveHeads(): Promise<void> {
    await this.#writer.write({ kind: "heads" });
  }

  /**
   * Forgets at most `limit` rows of each table from epochs before `beforeEpoch`; every saved head stays.
   *
   * @returns Rows removed; call again until it is 0.
   * @throws StorageUnavailableError
   */
  prune(beforeEpoch: bigint, limit: number): Promise<number> {
    for (const epoch of this.#changes.keys()) if (epoch < beforeEpoch) this.#changes.delete(epoch);
    return this.#writer.write({ kind: "prune", beforeEpoch: Number(beforeEpoch), limit });
  }

  /** Finishes all writes and closes the database. */
  async close(): Promise<void> {
    await this.#writer.close();
    if (this.#db.isOpen) this.#db.close();
  }

  #countChange(epoch: number): void {
    this.#changes.set(epoch, (this.#changes.get(epoch) ?? 0) + 1);
  }

  #raiseHead(wire: Buffer, digest: Uint8Array): void {
    const nodeIndex = wireNodeIndex(wire);
    const sequence = wireSequence(wire);
    const known = this.#heads.get(nodeIndex);
    if (known && known.sequence >= sequence) return;
    this.#heads.set(nodeIndex, { sequence, epoch: wireEpoch(wire), digest: asBuffer(digest) });
  }
}

/** Heads as they were saved, raised by what was stored since then. */
function readHeads(db: DatabaseSync): Map<number, NodeHead> {
  const heads = new Map<number, NodeHead>();
  const saved = "SELECT node_index, sequence, epoch, digest FROM node_head";
  const since = `SELECT node_index, sequence, epoch, digest FROM attestation
    WHERE id > (SELECT last_id FROM heads_saved) ORDER BY id`;
  for (const row of [...db.prepare(saved).iterate(), ...db.prepare(since).iterate()]) {
    const [nodeIndex, sequence, epoch] = [row.node_index, row.sequence, row.epoch] as [number, number, number];
    const known = heads.get(nodeIndex);
    if (known && known.sequence >= sequence) continue;
    heads.set(nodeIndex, { sequence, epoch, digest: asBuffer(row.digest as Uint8Array) });
  }
  return heads;
}

function splitDigests(digests: Uint8Array): Uint8Array[] {
  const count = digests.length / DIGEST_BYTES;
  return Array.from({ length: count }, (_, i) => digests.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES));
}

function toHeld(row: Record<string, unknown>): HeldAttestation {
  return {
    epoch: BigInt(row.epoch as number),
    nodeIndex: row.node_index as number,
    sequence: BigInt(row.sequence as number),
    digest: bytesToHex(row.digest as Uint8Array),
    isLeaf: row.rank === 0,
    receivedMs: row.received_ms as number,
  };
}
