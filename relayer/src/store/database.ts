import { DatabaseSync } from "node:sqlite";

/** One step of the schema; steps run in order, once, each in its own transaction. */
export interface Migration {
  name: string;
  sql: string;
}

/**
 * Opens the service's database: WAL, every commit synced to disk, waits up to 5 s for a lock.
 *
 * @param file Path of the database file; `:memory:` is for tests only.
 * @param migrations Schema steps; those already applied are skipped by name.
 * @throws Error when the file is no database, is locked by another process, or a step fails.
 */
export function openDatabase(file: string, migrations: Migration[]): DatabaseSync {
  let db: DatabaseSync | undefined;
  try {
    db = new DatabaseSync(file);
    db.exec(
      "PRAGMA busy_timeout = 5000; PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON",
    );
    db.exec("CREATE TABLE IF NOT EXISTS migration (name TEXT PRIMARY KEY) STRICT");
    for (const migration of migrations) applyOnce(db, migration);
    return db;
  } catch (cause) {
    db?.close();
    throw new Error(`database ${file} cannot be opened`, { cause });
  }
}

/** Runs `work` in one transaction; any error rolls everything back. */
export function inTransaction<T>(db: DatabaseSync, work: () => T): T {
  db.exec("BEGIN IMMEDIATE");
  try {
    const result = work();
    db.exec("COMMIT");
    return result;
  } catch (error) {
    if (db.isTransaction) db.exec("ROLLBACK");
    throw error;
  }
}

function applyOnce(db: DatabaseSync, migration: Migration): void {
  inTransaction(db, () => {
    if (db.prepare("SELECT 1 FROM migration WHERE name = ?").get(migration.name)) return;
    db.exec(migration.sql);
    db.prepare("INSERT INTO migration (name) VALUES (?)").run(migration.name);
  });
}
