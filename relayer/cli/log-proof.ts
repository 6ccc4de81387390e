import { type IndexedLogEntry, logEntryHash } from "@pqmesh/contracts/protocol/log-entry";
import {
  type LogHead,
  type MerkleLog,
  verifyLogConsistency,
  verifyLogInclusion,
} from "@pqmesh/contracts/protocol/merkle-log";
import type { Hex } from "viem";
import { z } from "zod";
import {
  entryFromFile,
  entryToFile,
  headShape,
  headText,
  proofShape,
  provenEntryShape,
  readShapedFile,
} from "./log-file.ts";
import { refuted } from "./output.ts";

/** An entry with its inclusion proof. */
export interface ProvenEntry extends IndexedLogEntry {
  proof: Hex[];
}

/** A log that another continues, and the consistency proof. */
export interface OlderLog {
  head: LogHead;
  proof: Hex[];
}

/** Proofs of one head of a log: that entries are in it, and that it continues an older one. */
export interface LogProof {
  origin: string;
  head: LogHead;
  entries: ProvenEntry[];
  older: OlderLog | undefined;
}

const FORMAT = { format: z.literal("pqmesh-log-proof"), version: z.literal(1) };

const proofFileShape = z.strictObject({
  ...FORMAT,
  origin: z.string().min(1).max(255),
  head: headShape,
  entries: z.array(provenEntryShape).max(10_000),
  older: z.strictObject({ head: headShape, proof: proofShape }).nullable(),
});

/** Makes the proofs of the log of the first `size` entries. */
export function proveLog(
  log: MerkleLog,
  wanted: { origin: string; size: number; entries: readonly IndexedLogEntry[]; older: number | undefined },
): LogProof {
  const { origin, size, entries, older } = wanted;
  return {
    origin,
    head: { size, root: log.root(size) },
    entries: entries.map((entry) => proveEntry(log, entry, size)),
    older: older === undefined ? undefined : proveOlder(log, older, size),
  };
}

/** An entry with the proof that it is in the log of the first `size` entries. */
export function proveEntry(log: MerkleLog, entry: IndexedLogEntry, size: number): ProvenEntry {
  return { ...entry, proof: log.inclusionProof(entry.index, size) };
}

/** An older head with the proof that the log of the first `size` entries continues it. */
export function proveOlder(log: MerkleLog, older: number, size: number): OlderLog {
  return { head: { size: older, root: log.root(older) }, proof: log.consistencyProof(older, size) };
}

/** Text of a proof file. */
export function formatLogProof({ origin, head, entries, older }: LogProof): string {
  const content: z.input<typeof proofFileShape> = {
    ...{ format: "pqmesh-log-proof", version: 1, origin, head },
    entries: entries.map(provenEntryToFile),
    older: older ?? null,
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Reads a proof file; verifies nothing. @throws CliError naming file and field. */
export function readLogProof(file: string): LogProof {
  const { origin, head, entries, older } = readShapedFile(file, proofFileShape);
  return { origin, head, entries: entries.map(provenEntryFromFile), older: older ?? undefined };
}

/** Verifies every proof of a file. @throws CliError naming those that fail. */
export function requireValidProof({ head, entries, older }: LogProof, file: string): void {
  const wrong = entries.filter((entry) => !isProven(entry, head));
  const sentences = wrong.map(({ index }) => `entry ${index} is not in the log of ${headText(head)}`);
  if (older && !isContinued(older, head)) {
    sentences.push(`the log of ${headText(head)} does not continue that of ${headText(older.head)}`);
  }
  if (sentences.length > 0) throw refuted(`${file}: ${sentences.join("; ")}`);
}

/** Tells whether the proof of an entry leads to a head. */
export function isProven({ entry, index, proof }: ProvenEntry, head: LogHead): boolean {
  return verifyLogInclusion(logEntryHash(entry), index, head, proof);
}

/** Tells whether a head continues an older one. */
export function isContinued({ head, proof }: OlderLog, newer: LogHead): boolean {
  return verifyLogConsistency(head, newer, proof);
}

/** A proven entry as it is written to a file. */
export function provenEntryToFile(proven: ProvenEntry): z.input<typeof provenEntryShape> {
  return { ...entryToFile(proven), proof: proven.proof };
}

/** A proven entry that was read from a file. */
export function provenEntryFromFile({ proof, ...entry }: z.infer<typeof provenEntryShape>): ProvenEntry {
  return { ...entryFromFile(entry), proof };
}
