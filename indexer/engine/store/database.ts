import { mkdirSync } from "node:fs";
import { dirname } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Kibibytes of pages that a connection may keep in memory. */
const WRITER_CACHE_KIB = 32_768;
const READER_CACHE_KIB = 40_960;
const SPARE_CACHE_KIB = 8_192;

/**
 * Opens the database for the one process that writes it, creating it when missing.
 * @throws Error in one sentence when it cannot be opened or is not a database.
 */
export function openWriter(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true });
  const database = open(file, false);
  database.exec(`
    PRAGMA journal_mode = WAL;
    PRAGMA synchronous = NORMAL;
    PRAGMA cache_size = -${WRITER_CACHE_KIB};
    PRAGMA temp_store = MEMORY;
    PRAGMA wal_autocheckpoint = 4000;
  `);
  return database;
}

/**
 * Opens a second, read-only connection; each read transaction sees one committed state.
 * @param isSpare for a connection that is rarely used, and keeps less in memory
 */
export function openReader(file: string, isSpare = false): DatabaseSync {
  const database = open(file, true);
  const cache = isSpare ? SPARE_CACHE_KIB : READER_CACHE_KIB;
  database.exec(`PRAGMA cache_size = -${cache}; PRAGMA temp_store = MEMORY;`);
  return database;
}

/**
 * Claims a database for this process until it ends, however it ends.
 * @throws Error when another process holds it.
 */
export function lockDatabase(file: string): DatabaseSync {
  mkdirSync(dirname(file), { recursive: true });
  const lock = new DatabaseSync(`${file}.lock`);
  try {
    lock.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE;");
  } catch (error) {
    lock.close();
    throw new Error(`another indexer already uses the database ${file}`, { cause: error });
  }
  return lock;
}

function open(file: string, readOnly: boolean): DatabaseSync {
  try {
    const database = new DatabaseSync(file, { readOnly, timeout: 5_000 });
    database.prepare("SELECT count(*) FROM sqlite_master").get();
    return database;
  } catch (error) {
    throw new Error(`cannot open the database ${file}: ${(error as Error).message}`, { cause: error });
  }
}
