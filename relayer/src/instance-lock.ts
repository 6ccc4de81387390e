import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";

/** Proof that this process alone uses a data directory. */
export interface InstanceLock {
  /** The lock file. */
  readonly path: string;
  /** Gives the directory free; the end of the process, however it comes, does so as well. */
  release(): void;
}

/** Thrown when another live process holds a data directory. */
export class InstanceLockedError extends Error {
  override readonly name = "InstanceLockedError";
}

const LOCK_FILE = "instance.lock";
const HOLDER_FILE = "instance.pid";
const SQLITE_BUSY = 5;

/** Keeps locks whose owner dropped them from being collected, which would unlock the directory of a live process. */
const held = new Set<DatabaseSync>();

/**
 * Locks a data directory for this process. The lock is an open exclusive transaction of a small SQLite database, that
 * is a lock of the operating system: it ends with its process, also by `kill -9`, so nothing stale can remain.
 * Assumes a local file system; the lock file must not be deleted while a service runs.
 *
 * @param directory Created when missing.
 * @param service Name that a refused second instance is told.
 * @throws InstanceLockedError naming the process that holds the directory, and the file.
 */
export function lockInstance(directory: string, service: string): InstanceLock {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const path = join(directory, LOCK_FILE);
  const holderPath = join(directory, HOLDER_FILE);
  const database = openLock(path, holderPath, directory);
  held.add(database);
  writeFileSync(holderPath, `${process.pid} ${service}\n`, { mode: 0o600 });
  return {
    path,
    release: () => {
      if (!database.isOpen) return;
      rmSync(holderPath, { force: true });
      held.delete(database);
      database.close();
    },
  };
}

function openLock(path: string, holderPath: string, directory: string): DatabaseSync {
  const database = new DatabaseSync(path);
  try {
    database.exec("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    return database;
  } catch (cause) {
    database.close();
    const isBusy = cause instanceof Error && "errcode" in cause && cause.errcode === SQLITE_BUSY;
    if (!isBusy) throw new Error(`data directory ${directory} cannot be locked with ${path}`, { cause });
    const message = `data directory ${directory} is in use by ${readHolder(holderPath)}, which holds ${path}`;
    throw new InstanceLockedError(`${message}: stop it or use another directory`, { cause });
  }
}

/** The holder writes its name just after it got the lock, so for an instant the name may be missing or the last one's. */
function readHolder(holderPath: string): string {
  try {
    const [, pid, service] = /^(\d+) (.+)$/m.exec(readFileSync(holderPath, "utf8")) ?? [];
    return pid ? `process ${pid} (${service})` : "another process";
  } catch {
    return "another process";
  }
}
