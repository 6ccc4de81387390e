import { appendFileSync, existsSync } from "node:fs";
import { fileFlaw } from "@pqmesh/contracts/protocol/file-flaws";
import { parseProbes, type Probe } from "@pqmesh/contracts/protocol/probe-journal";
import { readTextFile } from "./arguments.ts";
import { usageError } from "./output.ts";

/** Adds a line to a journal. @throws CliError when it cannot be written. */
export function appendProbe(file: string, probe: Probe): void {
  try {
    appendFileSync(file, `${JSON.stringify(probe)}\n`);
  } catch (cause) {
    throw usageError(`${file} cannot be written: ${fileFlaw(cause)}`, cause);
  }
}

/**
 * Reads what a journal has of a lease, oldest first.
 *
 * @throws CliError naming the line that is none of a journal.
 */
export function readProbes(file: string, leaseId: bigint): Probe[] {
  if (!existsSync(file)) throw usageError(`${file} does not exist: probe first, or name another with --journal`);
  const journal = readTextFile(file);
  try {
    return parseProbes(journal, leaseId);
  } catch (cause) {
    throw usageError(`${file} has ${(cause as Error).message}`, cause);
  }
}
