import type { Migration } from "./database.ts";

/** Schema of a relayer's attestations, oldest step first. */
export const ATTESTATION_MIGRATIONS: Migration[] = [
  {
    name: "attestations-1",
    sql: `
      -- One acknowledged batch of leaves of one epoch; digests are the leaves of its receipt tree, 32 bytes each.
      CREATE TABLE receipt_batch (
        id INTEGER PRIMARY KEY,
        epoch INTEGER NOT NULL,
        root BLOB NOT NULL,
        digests BLOB NOT NULL,
        signature BLOB NOT NULL
      ) STRICT;
      CREATE INDEX receipt_batch_epoch ON receipt_batch (epoch);

      -- Every attestation that was verified. rank 0 is the node's leaf of the epoch; 1 and up are history that came
      -- after the epoch closed and rival statements, in order of arrival.
      CREATE TABLE attestation (
        id INTEGER PRIMARY KEY,
        epoch INTEGER NOT NULL,
        node_index INTEGER NOT NULL,
        rank INTEGER NOT NULL,
        sequence INTEGER NOT NULL,
        digest BLOB NOT NULL,
        received_ms INTEGER NOT NULL,
        batch_id INTEGER,
        batch_index INTEGER,
        wire BLOB NOT NULL
      ) STRICT;
      CREATE UNIQUE INDEX attestation_place ON attestation (epoch, node_index, rank);

      -- The attestation with the highest sequence that was ever held of each node; it outlives every pruning. Saved once
      -- per epoch: rows of attestation after heads_saved.last_id are to be looked through when the store opens.
      CREATE TABLE node_head (
        node_index INTEGER PRIMARY KEY,
        sequence INTEGER NOT NULL,
        epoch INTEGER NOT NULL,
        digest BLOB NOT NULL
      ) STRICT;
      CREATE TABLE heads_saved (only_row INTEGER PRIMARY KEY CHECK (only_row = 1), last_id INTEGER NOT NULL) STRICT;
      INSERT INTO heads_saved VALUES (1, 0);

      CREATE TABLE heartbeat_epoch (
        epoch INTEGER NOT NULL,
        node_index INTEGER NOT NULL,
        received INTEGER NOT NULL,
        expected INTEGER NOT NULL,
        jitter_micros INTEGER NOT NULL,
        interval_micros INTEGER NOT NULL,
        latency_micros INTEGER NOT NULL,
        last_seen_ms INTEGER NOT NULL,
        PRIMARY KEY (epoch, node_index)
      ) STRICT, WITHOUT ROWID;`,
  },
  {
    name: "attestations-2",
    sql: `
      -- Pages of one node's attestations, newest first.
      CREATE INDEX attestation_node ON attestation (node_index, epoch DESC, rank);`,
  },
  {
    name: "attestations-3",
    sql: `
      -- Several attestations with one sequence of a node.
      CREATE INDEX attestation_sequence ON attestation (node_index, sequence);`,
  },
];
