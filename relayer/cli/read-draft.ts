import { parseCallsFile, type ProposalDraft } from "@pqmesh/contracts/protocol/calls-file";
import { readTextFile } from "./arguments.ts";
import { usageError } from "./output.ts";

/** Reads a draft of a proposal. @throws CliError naming file and field. */
export function readDraft(file: string): ProposalDraft {
  const text = readTextFile(file);
  try {
    return parseCallsFile(text);
  } catch (cause) {
    throw usageError(`${file}: ${(cause as Error).message}`, cause);
  }
}
