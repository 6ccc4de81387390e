import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { DatabaseSync } from "node:sqlite";
import type { Address } from "viem";

/** Releases a lock. */
export type ReleaseLock = () => void;

/**
 * Makes sure that no other process on this machine that uses the same directory sends transactions with the same key.
 * The operating system holds the lock, so it is gone when the process is, however it ends.
 *
 * @param directory Where the lock file is kept: the directory of the key or of the data.
 * @throws Error when another process holds the lock.
 */
export function lockKey(directory: string, chainId: number, address: Address): ReleaseLock {
  mkdirSync(directory, { recursive: true });
  const file = join(directory, `submitter-${chainId}-${address.toLowerCase()}.lock`);
  const db = new DatabaseSync(file);
  try {
    db.exec("PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE");
    return () => db.close();
  } catch (cause) {
    db.close();
    throw new Error(`another process sends transactions with key ${address}: it holds ${file}`, { cause });
  }
}
