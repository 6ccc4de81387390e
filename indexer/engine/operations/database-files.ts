import { existsSync, rmSync } from "node:fs";

import { IndexReader } from "../graphql/index-reader.ts";
import type { BlockHeader } from "../rpc/chain-types.ts";
import { lockDatabase } from "../store/database.ts";

/** What SQLite and the engine append to the name of a database for the files beside it. */
const COMPANIONS = ["", "-wal", "-shm", ".lock"];

/** Runs work while no other process uses a database. */
export async function withLock<T>(database: string, work: () => Promise<T>): Promise<T> {
  if (!existsSync(database)) throw new Error(`there is no database ${database}`);
  const lock = lockDatabase(database);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

/** The last block of a database. */
export function headOf(database: string): BlockHeader {
  const reader = new IndexReader(database);
  const head = reader.head();
  reader.close();
  if (head === undefined) throw new Error(`the database ${database} holds no block yet`);
  return head;
}

/** Name of a new database beside another; what an interrupted run left there is removed. */
export function freshFile(database: string, purpose: string): string {
  const file = `${database}.${purpose}`;
  removeDatabase(file);
  return file;
}

/** Deletes a database with everything beside it. */
export function removeDatabase(file: string): void {
  for (const companion of COMPANIONS) rmSync(file + companion, { force: true });
}
