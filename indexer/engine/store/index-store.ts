import type { DatabaseSync } from "node:sqlite";

import type { EntitySchema } from "../schema/entity-schema.ts";
import type { BlockHeader } from "../rpc/chain-types.ts";
import { lockDatabase, openWriter } from "./database.ts";
import { EntityStore } from "./entity-store.ts";
import { createIndexes, createTables, entityTable, historyTable } from "./table-layout.ts";

/** Version of the tables; another one cannot be read. */
const FORMAT = "1";
/** Blocks kept for ever, so that a restarted chain is recognised at once: one of this many, and the end of each batch. */
const CHECKPOINT_INTERVAL = 1_024;

/** What makes a database belong to one subgraph on one chain. */
export interface IndexIdentity {
  readonly deployment: string;
  readonly chainId: number;
}

/** A data source that a mapping created from a template. */
export interface StoredDataSource {
  readonly template: string;
  readonly address: string;
  /** Context as `serializeContext` wrote it. */
  readonly context: string;
  /** Block in which it was created. */
  readonly block: number;
}

/** A handler that failed. A fatal one stopped the indexer in front of the block. */
export interface StoredError {
  readonly block: number;
  readonly blockHash: string;
  readonly handler: string;
  readonly message: string;
  readonly fatal: boolean;
}

/** The database as its only writer sees it: entities, blocks, data sources and the position that was reached. */
export class IndexStore {
  readonly entities: EntityStore;
  readonly #database: DatabaseSync;
  readonly #lock: DatabaseSync;
  readonly #schema: EntitySchema;

  private constructor(file: string, schema: EntitySchema, identity: IndexIdentity) {
    this.#lock = lockDatabase(file);
    this.#database = openWriter(file);
    this.#schema = schema;
    this.#initialize(file, identity);
    this.entities = new EntityStore(this.#database, schema);
  }

  /**
   * Opens the database of a subgraph, creating it when missing.
   * @throws Error in one sentence when it belongs to another build or chain, or is in use
   */
  static open(file: string, schema: EntitySchema, identity: IndexIdentity): IndexStore {
    return new IndexStore(file, schema, identity);
  }

  close(): void {
    this.#database.close();
    this.#lock.close();
  }

  // Transactions

  begin(): void {
    this.#database.exec("BEGIN IMMEDIATE");
  }

  /** Writes out the finished blocks and commits. */
  commit(): void {
    this.entities.flush();
    this.#database.exec("COMMIT");
  }

  rollback(): void {
    if (this.#database.isTransaction) this.#database.exec("ROLLBACK");
    this.entities.reset();
  }

  // Position

  /** The last indexed block. */
  head(): BlockHeader | undefined {
    const text = this.#meta("head");
    return text === undefined ? undefined : (JSON.parse(text) as BlockHeader);
  }

  setHead(block: BlockHeader): void {
    this.#setMeta("head", JSON.stringify(block));
    this.#database
      .prepare("INSERT OR REPLACE INTO blocks (number, hash, parent_hash, timestamp) VALUES (?, ?, ?, ?)")
      .run(block.number, block.hash, block.parentHash, block.timestamp);
  }

  /** First block of which the state can be restored; later blocks are recorded in full. */
  historyFrom(): number {
    return Number(this.#meta("historyFrom") ?? 0);
  }

  setHistoryFrom(block: number): void {
    this.#setMeta("historyFrom", String(block));
  }

  /** Known blocks from `from` downwards, newest first. */
  knownBlocks(from: number, limit: number): BlockHeader[] {
    return this.#database
      .prepare(
        `SELECT number, hash, parent_hash AS "parentHash", timestamp FROM blocks WHERE number <= ? ORDER BY number DESC LIMIT ?`,
      )
      .all(from, limit) as unknown as BlockHeader[];
  }

  /** Hash of block 0 of the chain that was indexed. */
  genesisHash(): string | undefined {
    return this.#meta("genesisHash");
  }

  setGenesisHash(hash: string): void {
    this.#setMeta("genesisHash", hash);
  }

  /** Forgets versions and blocks that lie before the undo window. */
  prune(oldest: number): void {
    for (const type of this.#schema.entities.values()) {
      this.#database.prepare(`DELETE FROM ${historyTable(type)} WHERE "$to" <= ?`).run(oldest);
    }
    this.#database
      .prepare(
        `DELETE FROM blocks WHERE number < ?1 AND number >= ?1 - ${CHECKPOINT_INTERVAL} AND number % ${CHECKPOINT_INTERVAL} <> 0`,
      )
      .run(oldest);
    if (oldest > this.historyFrom()) this.setHistoryFrom(oldest);
  }

  /**
   * Brings everything back to the state at `block`, which must be a known one inside the undo window.
   * @returns the types of which an entity changed
   */
  unwind(block: BlockHeader): string[] {
    if (block.number < this.historyFrom()) {
      throw new Error(`cannot unwind to block ${block.number}: the undo log begins at block ${this.historyFrom()}`);
    }
    const changed = this.entities.unwind(block.number);
    for (const table of ["data_sources WHERE block", "errors WHERE block", "blocks WHERE number"]) {
      this.#database.prepare(`DELETE FROM ${table} > ?`).run(block.number);
    }
    this.setHead(block);
    return changed;
  }

  /** Forgets everything that came from the chain, as if the database were new. */
  clear(): void {
    const types = [...this.#schema.entities.values()];
    const tables = types.flatMap((type) => [entityTable(type), historyTable(type)]);
    this.begin();
    for (const table of [...tables, "blocks", "data_sources", "errors"]) this.#database.exec(`DELETE FROM ${table}`);
    this.#database.exec("DELETE FROM meta WHERE key IN ('head', 'historyFrom', 'genesisHash')");
    this.#database.exec("COMMIT");
    this.entities.reset();
  }

  // Data sources and errors

  dataSources(): StoredDataSource[] {
    const rows = this.#database.prepare("SELECT template, address, context, block FROM data_sources ORDER BY position");
    return rows.all() as unknown as StoredDataSource[];
  }

  addDataSource(source: StoredDataSource): void {
    this.#database
      .prepare("INSERT INTO data_sources (template, address, context, block) VALUES (?, ?, ?, ?)")
      .run(source.template, source.address, source.context, source.block);
  }

  addError(error: StoredError): void {
    this.#database
      .prepare("INSERT INTO errors (block, block_hash, handler, message, fatal) VALUES (?, ?, ?, ?, ?)")
      .run(error.block, error.blockHash, error.handler, error.message, error.fatal ? 1 : 0);
  }

  /** The failure that stopped the indexer, if any. */
  fatalError(): StoredError | undefined {
    const row = this.#database
      .prepare(
        `SELECT block, block_hash AS "blockHash", handler, message FROM errors WHERE fatal = 1 ORDER BY position LIMIT 1`,
      )
      .get();
    return row === undefined ? undefined : { ...(row as unknown as StoredError), fatal: true };
  }

  /** Forgets failures of blocks that are not indexed, because they are about to be tried again. */
  clearErrorsAfter(block: number): void {
    this.#database.prepare("DELETE FROM errors WHERE block > ?").run(block);
  }

  // Indexes

  /** Creates the indexes on all fields unless that was done before. */
  ensureIndexes(): void {
    if (this.#meta("indexed") === "true") return;
    createIndexes(this.#database, this.#schema);
    this.#setMeta("indexed", "true");
  }

  #initialize(file: string, identity: IndexIdentity): void {
    const known = this.#database.prepare("SELECT 1 FROM sqlite_master WHERE name = 'meta'").get() !== undefined;
    if (!known) {
      this.begin();
      createTables(this.#database, this.#schema);
      this.#setMeta("format", FORMAT);
      this.#setMeta("deployment", identity.deployment);
      this.#setMeta("chainId", String(identity.chainId));
      this.#database.exec("COMMIT");
      return;
    }
    this.#expect(file, { key: "format", wanted: FORMAT, reason: "was written by another version of the indexer" });
    this.#expect(file, { key: "chainId", wanted: String(identity.chainId), reason: "belongs to another chain id" });
    this.#expect(file, {
      key: "deployment",
      wanted: identity.deployment,
      reason: "was made by another build or configuration of the subgraph",
    });
  }

  #expect(file: string, { key, wanted, reason }: { key: string; wanted: string; reason: string }): void {
    const found = this.#meta(key);
    if (found === wanted) return;
    this.close();
    throw new Error(
      `the database ${file} ${reason} (${key} ${found ?? "missing"}, expected ${wanted}); move it away to index anew`,
    );
  }

  #meta(key: string): string | undefined {
    const row = this.#database.prepare("SELECT value FROM meta WHERE key = ?").get(key);
    return row === undefined ? undefined : String(row["value"]);
  }

  #setMeta(key: string, value: string): void {
    this.#database.prepare("INSERT OR REPLACE INTO meta (key, value) VALUES (?, ?)").run(key, value);
  }
}
