import type { DatabaseSync } from "node:sqlite";
import type { Migration } from "../store/database.ts";

/** Schema of {@link ShownSignatures}; pass it to `openDatabase`. */
export const SEAT_MIGRATIONS: Migration[] = [
  {
    name: "seat-1",
    sql: `
      -- Newest report of each shard of which this member showed its own signature: the chain has no event about it.
      CREATE TABLE seat_shown (shard INTEGER PRIMARY KEY, epoch INTEGER NOT NULL) STRICT;
    `,
  },
];

/** Remembers of which reports this member showed its signature. */
export class ShownSignatures {
  readonly #db: DatabaseSync;

  /** @param db Opened with {@link SEAT_MIGRATIONS}. */
  constructor(db: DatabaseSync) {
    this.#db = db;
  }

  /** Epoch of the newest report of a shard whose signature was shown; -1 when none was. */
  newest(shard: number): bigint {
    const row = this.#db.prepare("SELECT epoch FROM seat_shown WHERE shard = ?").get(shard);
    return row ? BigInt(row.epoch as number) : -1n;
  }

  note(shard: number, epoch: bigint): void {
    this.#db.prepare("INSERT OR REPLACE INTO seat_shown VALUES (?, ?)").run(shard, epoch);
  }
}
