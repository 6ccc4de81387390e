import { existsSync, renameSync, writeFileSync } from "node:fs";
import { type IndexedLogEntry, logEntryHash } from "@pqmesh/contracts/protocol/log-entry";
import { type LogHead, MerkleLog } from "@pqmesh/contracts/protocol/merkle-log";
import { z } from "zod";
import { entryFromFile, entryShape, entryToFile, headShape, readShapedFile } from "./log-file.ts";
import { usageError } from "./output.ts";

/** A copy of the log that a monitor keeps, to notice what is dropped or rewritten. */
export interface LogCopy {
  origin: string;
  entries: IndexedLogEntry[];
}

const FORMAT = "pqmesh-log-copy";

const copyShape = z.strictObject({
  format: z.literal(FORMAT),
  version: z.literal(1),
  origin: z.string().min(1).max(255),
  head: headShape,
  entries: z.array(entryShape),
});

/** Reads a copy, undefined when there is none yet. @throws CliError when the file is wrong or its root is not of its entries. */
export function readLogCopy(file: string): LogCopy | undefined {
  if (!existsSync(file)) return undefined;
  const { origin, head, entries: written } = readShapedFile(file, copyShape);
  const entries = written.map(entryFromFile);
  const isWhole = entries.every(({ index }, at) => index === at) && isSame(headOf(entries), head);
  if (!isWhole) throw usageError(`${file} is damaged: its root is not that of its entries`);
  return { origin, entries };
}

/** Writes a copy in the place of an older one. @throws CliError when the file cannot be written. */
export function writeLogCopy(file: string, { origin, entries }: LogCopy): void {
  const content = { format: FORMAT, version: 1, origin, head: headOf(entries), entries: entries.map(entryToFile) };
  try {
    writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 1)}\n`);
    renameSync(`${file}.new`, file);
  } catch (cause) {
    throw usageError(`${file} cannot be written (${(cause as NodeJS.ErrnoException).code})`, cause);
  }
}

function headOf(entries: readonly IndexedLogEntry[]): LogHead {
  const log = new MerkleLog(entries.map(({ entry }) => logEntryHash(entry)));
  return { size: log.size, root: log.root() };
}

function isSame(a: LogHead, b: LogHead): boolean {
  return a.size === b.size && a.root === b.root;
}
