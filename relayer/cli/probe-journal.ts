import { appendFileSync, existsSync } from "node:fs";
import { fileFlaw } from "@pqmesh/contracts/protocol/file-flaws";
import { z } from "zod";
import { readTextFile } from "./arguments.ts";
import { usageError } from "./output.ts";

const entrySchema = z.strictObject({
  leaseId: z.string().regex(/^[1-9][0-9]*$/),
  /** When the probe began, by this machine's clock. */
  at: z.iso.datetime(),
  /** Epoch then, by the chain's clock. */
  epoch: z.int().min(0),
  isServed: z.boolean(),
  /** From the request to the whole answer; of a probe that failed, until that was known. */
  milliseconds: z.number().min(0),
  /** True when the probe had to connect first. */
  isConnecting: z.boolean(),
  error: z.string().optional(),
});

/** What one probe saw. */
export type ProbeEntry = z.infer<typeof entrySchema>;

/** Adds a line to a journal. @throws CliError when it cannot be written. */
export function appendProbe(file: string, entry: ProbeEntry): void {
  try {
    appendFileSync(file, `${JSON.stringify(entry)}\n`);
  } catch (cause) {
    throw usageError(`${file} cannot be written: ${fileFlaw(cause)}`, cause);
  }
}

/**
 * Reads what a journal has of a lease, oldest first; a last line that was cut is left out.
 *
 * @throws CliError naming the line that is none of a journal.
 */
export function readProbes(file: string, leaseId: bigint): ProbeEntry[] {
  if (!existsSync(file)) throw usageError(`${file} does not exist: probe first, or name another with --journal`);
  const lines = readTextFile(file).split("\n").slice(0, -1);
  return lines
    .map((line, i) => {
      const entry = entrySchema.safeParse(parsed(line));
      if (!entry.success) throw usageError(`${file} has no probe in line ${i + 1}`);
      return entry.data;
    })
    .filter((entry) => entry.leaseId === String(leaseId));
}

function parsed(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
