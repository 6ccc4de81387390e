import { SIGNED_ATTESTATION_BYTES } from "@pqmesh/contracts/protocol/attestation";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import { inTransaction } from "./database.ts";
import type { AppendMode, HeartbeatRow, PackedGroup, StoreWrite } from "./store-write.ts";
import { asBuffer, DIGEST_BYTES, ITEM_BYTES, wireEpoch, wireNodeIndex, wireSequence } from "./wire-fields.ts";

interface Entry {
  mode: AppendMode;
  epoch: number;
  nodeIndex: number;
  sequence: number;
  digest: Buffer;
  wire: Buffer;
  receivedMs: number;
  batchId: number | null;
  batchIndex: number | null;
}

interface Place {
  id: number;
  rank: number;
  digest: Uint8Array;
}

/** Applies writes to the attestation database, each in one transaction. The only writer of its tables. */
export class AttestationWriter {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #places: StatementSync;
  readonly #setRank: StatementSync;
  readonly #setBatch: StatementSync;
  readonly #insertBatch: StatementSync;
  readonly #setHeartbeats: StatementSync;

  constructor(db: DatabaseSync) {
    this.#db = db;
    this.#insert = db.prepare(
      `INSERT INTO attestation
         (epoch, node_index, rank, sequence, digest, received_ms, batch_id, batch_index, wire)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (epoch, node_index, rank) DO NOTHING`,
    );
    this.#places = db.prepare(
      "SELECT id, rank, digest FROM attestation WHERE epoch = ? AND node_index = ? ORDER BY rank",
    );
    this.#setRank = db.prepare("UPDATE attestation SET rank = ? WHERE id = ?");
    this.#setBatch = db.prepare(
      "UPDATE attestation SET batch_id = ?, batch_index = ? WHERE id = ? AND batch_id IS NULL",
    );
    this.#insertBatch = db.prepare("INSERT INTO receipt_batch (epoch, root, digests, signature) VALUES (?, ?, ?, ?)");
    this.#setHeartbeats = db.prepare(
      `INSERT INTO heartbeat_epoch (epoch, node_index, received, expected, jitter_micros, interval_micros,
         latency_micros, last_seen_ms) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
       ON CONFLICT (epoch, node_index) DO UPDATE SET received = excluded.received, expected = excluded.expected,
         jitter_micros = excluded.jitter_micros, interval_micros = excluded.interval_micros,
         latency_micros = excluded.latency_micros, last_seen_ms = excluded.last_seen_ms`,
    );
  }

  /** Applies one write completely or not at all; returns the rows it added or removed. @throws what SQLite throws. */
  apply(write: StoreWrite): number {
    return inTransaction(this.#db, () => {
      switch (write.kind) {
        case "append":
          return this.#appendAll(write.groups, asBuffer(write.bytes));
        case "heartbeats":
          return this.#saveHeartbeats(write.epoch, write.rows);
        case "heads":
          return this.#saveHeads();
        case "prune":
          return this.#prune(write.beforeEpoch, write.limit);
      }
    });
  }

  #appendAll(groups: PackedGroup[], bytes: Buffer): number {
    let rest = bytes;
    for (const group of groups) {
      const digests = rest.subarray(0, group.count * DIGEST_BYTES);
      const end = group.count * ITEM_BYTES;
      this.#append(group, digests, rest.subarray(digests.length, end));
      rest = rest.subarray(end);
    }
    return groups.reduce((rows, { count }) => rows + count, 0);
  }

  #append({ mode, receivedMs, receipt, count }: PackedGroup, digests: Buffer, wires: Buffer): void {
    const batchId = receipt
      ? Number(this.#insertBatch.run(receipt.epoch, receipt.root, digests, receipt.signature).lastInsertRowid)
      : null;
    for (let i = 0; i < count; i++) {
      const wire = wires.subarray(i * SIGNED_ATTESTATION_BYTES, (i + 1) * SIGNED_ATTESTATION_BYTES);
      this.#place({
        mode,
        epoch: wireEpoch(wire),
        nodeIndex: wireNodeIndex(wire),
        sequence: wireSequence(wire),
        digest: digests.subarray(i * DIGEST_BYTES, (i + 1) * DIGEST_BYTES),
        wire,
        receivedMs,
        batchId,
        batchIndex: batchId === null ? null : i,
      });
    }
  }

  #place(entry: Entry): void {
    if (entry.mode !== "leaf" || !this.#tryInsert(entry, 0)) this.#placeBeside(entry);
  }

  /** Places an entry whose epoch and node may have others already. */
  #placeBeside(entry: Entry): void {
    const places = this.#places.all(entry.epoch, entry.nodeIndex) as unknown as Place[];
    const free = Math.max(0, ...places.map(({ rank }) => rank)) + 1;
    const same = places.find(({ digest }) => entry.digest.equals(digest));
    if (same) this.#setBatch.run(entry.batchId, entry.batchIndex, same.id);
    if (entry.mode !== "fetched") {
      if (!same) this.#tryInsert(entry, free);
      return;
    }
    if (same?.rank === 0) return;
    const leaf = places.find(({ rank }) => rank === 0);
    if (leaf) this.#setRank.run(free, leaf.id);
    if (same) this.#setRank.run(0, same.id);
    else this.#tryInsert(entry, 0);
  }

  #tryInsert(entry: Entry, rank: number): boolean {
    const { epoch, nodeIndex, sequence, digest, receivedMs, batchId, batchIndex, wire } = entry;
    const { changes } = this.#insert.run(
      epoch,
      nodeIndex,
      rank,
      sequence,
      digest,
      receivedMs,
      batchId,
      batchIndex,
      wire,
    );
    return changes === 1;
  }

  #saveHeartbeats(epoch: number, rows: HeartbeatRow[]): number {
    for (const row of rows) {
      this.#setHeartbeats.run(
        epoch,
        row.nodeIndex,
        row.received,
        row.expected,
        row.jitterMicros,
        row.intervalMicros,
        row.latencyMicros,
        row.lastSeenMs,
      );
    }
    return rows.length;
  }

  /** Looks through what was stored since the last time. Among equal sequences the one that came first stays. */
  #saveHeads(): number {
    const { last_id: from } = this.#db.prepare("SELECT last_id FROM heads_saved").get() as { last_id: number };
    const { changes } = this.#db
      .prepare(
        `INSERT INTO node_head (node_index, sequence, epoch, digest)
         SELECT node_index, sequence, epoch, digest FROM attestation WHERE id > ? ORDER BY id
         ON CONFLICT (node_index) DO UPDATE SET sequence = excluded.sequence, epoch = excluded.epoch,
           digest = excluded.digest WHERE excluded.sequence > node_head.sequence`,
      )
      .run(from);
    this.#db.exec("UPDATE heads_saved SET last_id = coalesce((SELECT max(id) FROM attestation), last_id)");
    return Number(changes);
  }

  #prune(beforeEpoch: number, limit: number): number {
    const removed = [
      `DELETE FROM attestation WHERE id IN (
         SELECT id FROM attestation WHERE epoch < ? AND NOT EXISTS (
           SELECT 1 FROM node_head AS head
           WHERE head.node_index = attestation.node_index AND head.digest = attestation.digest)
         LIMIT ?)`,
      "DELETE FROM receipt_batch WHERE id IN (SELECT id FROM receipt_batch WHERE epoch < ? LIMIT ?)",
      `DELETE FROM heartbeat_epoch WHERE (epoch, node_index) IN
         (SELECT epoch, node_index FROM heartbeat_epoch WHERE epoch < ? LIMIT ?)`,
    ].map((sql) => Number(this.#db.prepare(sql).run(beforeEpoch, limit).changes));
    return removed.reduce((sum, changes) => sum + changes, 0);
  }
}
