import { existsSync } from "node:fs";
import type { Command } from "commander";
import { Journal, type JournalEntry } from "../src/agent/journal.ts";
import { CliError, usageError } from "./output.ts";

/** Options of commands that read an agent's journal. */
export interface JournalOptions {
  journal: string;
}

/** Adds `--journal`. */
export function withJournal(command: Command): Command {
  return command.requiredOption(
    "--journal <file>",
    "journal of the node's agent: journal.sqlite in its data folder; the agent may run meanwhile",
  );
}

/** Runs `work` with an agent's journal. @throws CliError when there is none, or it is of another node. */
export async function withNodeJournal<T>(
  { journal: file }: JournalOptions,
  nodeIndex: number,
  work: (journal: Journal) => Promise<T>,
): Promise<T> {
  if (!existsSync(file))
    throw usageError(`${file} does not exist; it must be the journal of the agent of node ${nodeIndex}`);
  const journal = new Journal(file);
  try {
    const sequence = journal.head()?.sequence;
    const owner = sequence === undefined ? undefined : journal.entry(sequence)?.attestation.nodeIndex;
    if (owner !== undefined && owner !== nodeIndex)
      throw usageError(`${file} is the journal of node ${owner}, not ${nodeIndex}`);
    return await work(journal);
  } finally {
    journal.close();
  }
}

/** The attestation of an epoch. @throws CliError when the journal has none. */
export function entryOf(journal: Journal, epoch: bigint): JournalEntry {
  const entry = journal.entriesSince(epoch).find((candidate) => candidate.epoch === epoch);
  if (!entry) throw new CliError(`the journal has no attestation of epoch ${epoch}`);
  return entry;
}
