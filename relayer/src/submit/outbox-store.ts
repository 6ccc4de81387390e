import type { DatabaseSync } from "node:sqlite";
import type { Address, Hex } from "viem";
import { inTransaction, type Migration } from "../store/database.ts";
import type { Intent } from "./intent.ts";

/** Schema of the outbox; pass it to `openDatabase`. */
export const OUTBOX_MIGRATIONS: Migration[] = [
  {
    name: "outbox-1",
    sql: `
      CREATE TABLE outbox_entry (
        id INTEGER PRIMARY KEY,
        kind TEXT NOT NULL,
        key TEXT NOT NULL,
        target TEXT NOT NULL,
        data TEXT NOT NULL,
        state TEXT NOT NULL DEFAULT 'open' CHECK (state IN ('open', 'done', 'cancelled', 'failed')),
        reason TEXT,
        assignments INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE UNIQUE INDEX outbox_entry_open ON outbox_entry (kind, key) WHERE state = 'open';
      CREATE TABLE outbox_transaction (
        id INTEGER PRIMARY KEY,
        hash TEXT NOT NULL UNIQUE,
        nonce INTEGER NOT NULL,
        entry_id INTEGER REFERENCES outbox_entry (id),
        raw TEXT NOT NULL,
        max_fee TEXT NOT NULL,
        priority_fee TEXT NOT NULL,
        gas TEXT NOT NULL,
        sent_at_block INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX outbox_transaction_nonce ON outbox_transaction (nonce);
      CREATE INDEX outbox_transaction_entry ON outbox_transaction (entry_id);
    `,
  },
  { name: "outbox-2", sql: "ALTER TABLE outbox_entry ADD COLUMN value TEXT NOT NULL DEFAULT '0'" },
  { name: "outbox-3", sql: "ALTER TABLE outbox_entry ADD COLUMN gas TEXT NOT NULL DEFAULT '0'" },
];

/** Newest entries that stay after they ended, for whoever looks into the database. */
const KEPT_ENTRIES = 1_000;

/** How an entry ended. */
export type OutboxOutcome = "done" | "cancelled" | "failed";

/** An intent in the outbox. */
export interface OutboxEntry extends Intent {
  id: number;
  to: Address;
  data: Hex;
  value: bigint;
  gas: bigint;
  /** Nonces the entry was given so far. */
  assignments: number;
}

/** A transaction signed for a nonce. */
export interface OutboxTransaction {
  hash: Hex;
  nonce: number;
  /** Entry it serves; undefined for one that only uses up its nonce. */
  entryId: number | undefined;
  raw: Hex;
  maxFeePerGas: bigint;
  maxPriorityFeePerGas: bigint;
  gas: bigint;
  /** Head when it was broadcast last. */
  sentAtBlock: bigint;
}

interface EntryRow {
  id: number;
  kind: string;
  key: string;
  target: Address;
  data: Hex;
  value: string;
  gas: string;
  assignments: number;
}

interface TransactionRow {
  hash: Hex;
  nonce: number;
  entry_id: number | null;
  raw: Hex;
  max_fee: string;
  priority_fee: string;
  gas: string;
  sent_at_block: number;
}

/** Durable intents and the transactions signed for them. Every write is on disk when its method returns. */
export class OutboxStore {
  readonly #db: DatabaseSync;

  /** @param db Opened with {@link OUTBOX_MIGRATIONS}. */
  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Adds an intent. @returns false when one with this kind and key is open already. */
  add({ kind, key, to, data, value = 0n, gas = 0n }: Intent): boolean {
    const insert = "INSERT OR IGNORE INTO outbox_entry (kind, key, target, data, value, gas) VALUES (?, ?, ?, ?, ?, ?)";
    return this.#db.prepare(insert).run(kind, key, to, data, `${value}`, `${gas}`).changes === 1;
  }

  isOpen(kind: string, key: string): boolean {
    const select = "SELECT 1 FROM outbox_entry WHERE kind = ? AND key = ? AND state = 'open'";
    return this.#db.prepare(select).get(kind, key) !== undefined;
  }

  /** Open entries, oldest first. */
  openEntries(): OutboxEntry[] {
    const select = "SELECT * FROM outbox_entry WHERE state = 'open' ORDER BY id";
    const rows = this.#db.prepare(select).all() as unknown as EntryRow[];
    return rows.map(({ target, value, gas, ...entry }) => {
      return { ...entry, to: target, value: BigInt(value), gas: BigInt(gas) };
    });
  }

  /** Ends an entry for good; its transactions stay until {@link OutboxStore.forgetFinal}. */
  close(entryId: number, outcome: OutboxOutcome, reason: string): void {
    this.#db.prepare("UPDATE outbox_entry SET state = ?, reason = ? WHERE id = ?").run(outcome, reason, entryId);
  }

  /** Stores a signed transaction, to be called before it is broadcast; a new nonce of an entry is counted with it. */
  addTransaction(transaction: OutboxTransaction, isNewNonce: boolean): void {
    const { hash, nonce, entryId, raw, maxFeePerGas, maxPriorityFeePerGas, gas, sentAtBlock } = transaction;
    const fees = [maxFeePerGas.toString(), maxPriorityFeePerGas.toString(), gas.toString()];
    const insert = `INSERT INTO outbox_transaction
      (hash, nonce, entry_id, raw, max_fee, priority_fee, gas, sent_at_block) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`;
    const count = "UPDATE outbox_entry SET assignments = assignments + 1 WHERE id = ?";
    inTransaction(this.#db, () => {
      this.#db.prepare(insert).run(hash, nonce, entryId ?? null, raw, ...fees, sentAtBlock);
      if (isNewNonce && entryId !== undefined) this.#db.prepare(count).run(entryId);
    });
  }

  markSent(hash: Hex, block: bigint): void {
    this.#db.prepare("UPDATE outbox_transaction SET sent_at_block = ? WHERE hash = ?").run(block, hash);
  }

  /** Transactions with a nonce from `nonce` on: by nonce, then in the order they were signed. */
  transactionsFrom(nonce: number): OutboxTransaction[] {
    const select = "SELECT * FROM outbox_transaction WHERE nonce >= ? ORDER BY nonce, id";
    return (this.#db.prepare(select).all(nonce) as unknown as TransactionRow[]).map(toTransaction);
  }

  /** Transactions signed for an entry, oldest first. */
  transactionsOf(entryId: number): OutboxTransaction[] {
    const select = "SELECT * FROM outbox_transaction WHERE entry_id = ? ORDER BY id";
    return (this.#db.prepare(select).all(entryId) as unknown as TransactionRow[]).map(toTransaction);
  }

  /** Forgets transactions below a nonce that no reorg can open again, and old entries that ended. */
  forgetFinal(nonce: number): void {
    inTransaction(this.#db, () => {
      const keep = "SELECT id FROM outbox_entry WHERE state = 'open'";
      const spent = `DELETE FROM outbox_transaction WHERE nonce < ? AND (entry_id IS NULL OR entry_id NOT IN (${keep}))`;
      this.#db.prepare(spent).run(nonce);
      const used = "SELECT entry_id FROM outbox_transaction WHERE entry_id IS NOT NULL";
      const recent = `SELECT id FROM outbox_entry ORDER BY id DESC LIMIT ${KEPT_ENTRIES}`;
      this.#db.exec(`DELETE FROM outbox_entry WHERE state <> 'open' AND id NOT IN (${used}) AND id NOT IN (${recent})`);
    });
  }
}

function toTransaction(row: TransactionRow): OutboxTransaction {
  return {
    hash: row.hash,
    nonce: row.nonce,
    entryId: row.entry_id ?? undefined,
    raw: row.raw,
    maxFeePerGas: BigInt(row.max_fee),
    maxPriorityFeePerGas: BigInt(row.priority_fee),
    gas: BigInt(row.gas),
    sentAtBlock: BigInt(row.sent_at_block),
  };
}
