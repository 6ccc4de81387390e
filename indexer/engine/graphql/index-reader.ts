import type { DatabaseSync } from "node:sqlite";

import type { BlockHeader } from "../rpc/chain-types.ts";
import { openReader } from "../store/database.ts";
import { StatementCache } from "./entity-loader.ts";
import { IN_TIME } from "./sql-filter.ts";
import type { WorkTime } from "./work-time.ts";

/** The database as queries see it: read-only, each query in one transaction and so on one state. */
export class IndexReader {
  readonly statements: StatementCache;
  readonly #file: string;
  readonly #database: DatabaseSync;
  /** Of the request that is being answered. */
  #time: WorkTime | undefined;

  constructor(file: string, isSpare = false) {
    this.#file = file;
    this.#database = openReader(file, isSpare);
    this.statements = new StatementCache(this.#database, () => this.#time?.check());
    this.#database.function(IN_TIME, { varargs: true }, () => {
      this.#time?.check();
      return 1;
    });
  }

  /** One more reader of the same database. */
  another(): IndexReader {
    return new IndexReader(this.#file, true);
  }

  close(): void {
    this.#database.close();
  }

  /** Runs work on one committed state, and ends its statements once the time is up. */
  snapshot<T>(time: WorkTime, work: () => T): T {
    this.#begin(time);
    try {
      return work();
    } finally {
      this.#end();
    }
  }

  /** The same for work that lets others have their turn. */
  async longSnapshot<T>(time: WorkTime, work: () => T | Promise<T>): Promise<T> {
    this.#begin(time);
    try {
      return await work();
    } finally {
      await time.end();
      this.#end();
    }
  }

  /** The last indexed block; undefined before the first. */
  head(): BlockHeader | undefined {
    const text = this.#meta("head");
    return text === undefined ? undefined : (JSON.parse(text) as BlockHeader);
  }

  /** Digest of the subgraph build that the database was made from. */
  deployment(): string {
    return this.#meta("deployment") ?? "";
  }

  /** First block whose state can still be queried. */
  historyFrom(): number {
    return Number(this.#meta("historyFrom") ?? 0);
  }

  /** A block inside the undo window. */
  blockByHash(hash: string): BlockHeader | undefined {
    return this.#block("hash = ?", hash);
  }

  blockByNumber(number: number): BlockHeader | undefined {
    return this.#block("number = ?", number);
  }

  /** Whether a handler failed up to a block and was skipped. */
  hasSkippedErrors(block: number): boolean {
    return this.statements.all("SELECT 1 FROM errors WHERE fatal = 0 AND block <= ? LIMIT 1", [block]).length > 0;
  }

  /** Whether any handler failed: up to a block, or in the block at which the indexer stopped. */
  hasErrors(block: number): boolean {
    return this.statements.all("SELECT 1 FROM errors WHERE fatal = 1 OR block <= ? LIMIT 1", [block]).length > 0;
  }

  #begin(time: WorkTime): void {
    this.#database.exec("BEGIN");
    this.#time = time;
  }

  #end(): void {
    this.#time = undefined;
    this.#database.exec("COMMIT");
  }

  #block(condition: string, value: string | number): BlockHeader | undefined {
    const [row] = this.statements.all(`SELECT number, hash, parent_hash, timestamp FROM blocks WHERE ${condition}`, [
      value,
    ]);
    if (row === undefined) return undefined;
    const [number, hash, parentHash, timestamp] = row;
    return { number: Number(number), hash: String(hash), parentHash: String(parentHash), timestamp: Number(timestamp) };
  }

  #meta(key: string): string | undefined {
    const [row] = this.statements.all("SELECT value FROM meta WHERE key = ?", [key]);
    return row === undefined ? undefined : String(row[0]);
  }
}
