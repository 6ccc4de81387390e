import { decodeSignedAttestation, encodeSignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import type { SignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import type { DatabaseSync, StatementSync } from "node:sqlite";
import type { Address, Hex } from "viem";
import { inTransaction, type Migration, openDatabase } from "../store/database.ts";

const MIGRATIONS: Migration[] = [
  {
    name: "journal-1",
    sql: `
      CREATE TABLE attestation (
        sequence INTEGER PRIMARY KEY,
        epoch INTEGER NOT NULL UNIQUE,
        digest TEXT NOT NULL,
        wire BLOB NOT NULL
      ) STRICT;
      CREATE TABLE receipt (
        sequence INTEGER NOT NULL,
        relayer TEXT NOT NULL,
        body TEXT NOT NULL,
        PRIMARY KEY (sequence, relayer)
      ) STRICT;`,
  },
];

/** Newest entry of a node's provenance chain. */
export interface JournalHead {
  sequence: bigint;
  epoch: bigint;
  digest: Hex;
}

/** An attestation of the journal. */
export interface JournalEntry extends JournalHead {
  signed: SignedAttestation;
}

/**
 * The agent's durable record of every attestation it signed. An entry is on disk before the attestation leaves the host,
 * and neither a sequence nor an epoch can be entered twice, so that no restart makes the key sign one of them again.
 */
export class Journal {
  readonly #db: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #since: StatementSync;

  /**
   * @param file Database file; created when missing.
   * @param maxPages Pages of the database at most; default: as many as the disk takes.
   */
  constructor(file: string, maxPages?: number) {
    this.#db = openDatabase(file, MIGRATIONS);
    if (maxPages !== undefined) this.#db.exec(`PRAGMA max_page_count = ${maxPages}`);
    this.#insert = this.#db.prepare("INSERT INTO attestation (sequence, epoch, digest, wire) VALUES (?, ?, ?, ?)");
    this.#since = this.#db.prepare("SELECT wire FROM attestation WHERE sequence >= ? ORDER BY sequence LIMIT ?");
  }

  /** Newest entry, undefined while the node has signed nothing. */
  head(): JournalHead | undefined {
    const row = this.#db
      .prepare("SELECT sequence, epoch, digest FROM attestation ORDER BY sequence DESC LIMIT 1")
      .get();
    if (!row) return undefined;
    return { sequence: BigInt(row.sequence as number), epoch: BigInt(row.epoch as number), digest: row.digest as Hex };
  }

  /**
   * Enters a signed attestation, synced to disk when this returns.
   *
   * @throws Error when it is not the successor of the head, or its epoch is not newer than the head's.
   */
  append(signed: SignedAttestation, digest: Hex): void {
    const { sequence, epoch, previous } = signed.attestation;
    const head = this.head();
    if (head && (sequence !== head.sequence + 1n || epoch <= head.epoch || previous !== head.digest)) {
      throw new Error(
        `attestation ${sequence} for epoch ${epoch} does not follow ${head.sequence} for epoch ${head.epoch}`,
      );
    }
    inTransaction(this.#db, () => {
      this.#insert.run(sequence, epoch, digest, encodeSignedAttestation(signed));
    });
  }

  /**
   * Makes an attestation that the network holds for this node the head of the journal (`agent recover`). It replaces an
   * older head, and another attestation of the same sequence.
   *
   * @throws Error when the journal went further: what follows would be signed a second time.
   */
  adopt(signed: SignedAttestation, digest: Hex): void {
    const head = this.head();
    const { sequence, epoch } = signed.attestation;
    if (head && head.sequence > sequence) {
      throw new Error(`the journal is at sequence ${head.sequence}, it cannot go back to ${sequence}`);
    }
    inTransaction(this.#db, () => {
      this.#db.prepare("DELETE FROM attestation WHERE epoch >= ? OR sequence >= ?").run(epoch, sequence);
      this.#insert.run(sequence, epoch, digest, encodeSignedAttestation(signed));
    });
  }

  /** Wire forms from a sequence on, oldest first. */
  wiresFrom(sequence: bigint, limit: number): Uint8Array[] {
    return this.#since.all(sequence, limit).map((row) => row.wire as Uint8Array);
  }

  /** The attestation with this sequence. */
  entry(sequence: bigint): SignedAttestation | undefined {
    const row = this.#db.prepare("SELECT wire FROM attestation WHERE sequence = ?").get(sequence);
    return row ? decodeSignedAttestation(row.wire as Uint8Array) : undefined;
  }

  /** Digest of the attestation with this sequence. */
  digestOf(sequence: bigint): Hex | undefined {
    return this.#db.prepare("SELECT digest FROM attestation WHERE sequence = ?").get(sequence)?.digest as
      Hex | undefined;
  }

  /** Keeps a relayer's receipt: the proof that it held the attestation in time. */
  addReceipt(sequence: bigint, relayer: Address, receipt: unknown): void {
    this.#db
      .prepare("INSERT OR IGNORE INTO receipt (sequence, relayer, body) VALUES (?, ?, ?)")
      .run(sequence, relayer, JSON.stringify(receipt));
  }

  /** Attestations for epochs from `epoch` on, oldest first. */
  entriesSince(epoch: bigint): JournalEntry[] {
    const select = "SELECT sequence, epoch, digest, wire FROM attestation WHERE epoch >= ? ORDER BY sequence";
    return this.#db
      .prepare(select)
      .all(epoch)
      .map((row) => ({
        sequence: BigInt(row.sequence as number),
        epoch: BigInt(row.epoch as number),
        digest: row.digest as Hex,
        signed: decodeSignedAttestation(row.wire as Uint8Array),
      }));
  }

  /** Every receipt for a sequence, by relayer; what it says was checked when it was kept. */
  receiptsOf(sequence: bigint): { relayer: Address; body: unknown }[] {
    const rows = this.#db.prepare("SELECT relayer, body FROM receipt WHERE sequence = ?").all(sequence);
    return rows.map(({ relayer, body }) => ({
      relayer: relayer as Address,
      body: JSON.parse(body as string) as unknown,
    }));
  }

  /** The receipt that a relayer gave for a sequence. */
  receiptOf(sequence: bigint, relayer: Address): unknown {
    const row = this.#db.prepare("SELECT body FROM receipt WHERE sequence = ? AND relayer = ?").get(sequence, relayer);
    return row && JSON.parse(row.body as string);
  }

  /** Number of relayers that gave a receipt for a sequence. */
  receiptCount(sequence: bigint): number {
    return this.#db.prepare("SELECT count(*) AS n FROM receipt WHERE sequence = ?").get(sequence)!.n as number;
  }

  /** Forgets entries and receipts older than the newest `keep`; the head always stays. */
  prune(keep: number): void {
    const head = this.head();
    if (!head) return;
    const oldest = head.sequence - BigInt(keep);
    inTransaction(this.#db, () => {
      this.#db.prepare("DELETE FROM receipt WHERE sequence < ?").run(oldest);
      this.#db.prepare("DELETE FROM attestation WHERE sequence < ?").run(oldest);
    });
  }

  close(): void {
    this.#db.close();
  }
}
