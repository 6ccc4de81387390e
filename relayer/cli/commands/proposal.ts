import { parseCallsFile, type ProposalDraft } from "@pqmesh/contracts/protocol/calls-file";
import { quotedText } from "@pqmesh/contracts/protocol/visible-text";
import type { Command } from "commander";
import { EXIT_CODES } from "../../src/service/exit-codes.ts";
import { readTextFile } from "../arguments.ts";
import { previewBatch, previewRows } from "../batch-preview.ts";
import { type NetworkOptions, openNetwork, withNetwork } from "../chain-session.ts";
import { withExample } from "../help.ts";
import { print, usageError } from "../output.ts";

interface SimulateOptions extends NetworkOptions {
  file?: string;
}

/** Adds `pqmesh proposal …`. */
export function addProposalCommands(program: Command): void {
  const proposal = withExample(
    program.command("proposal").description("proposals of the DAO: what they do, in words and as a dry run"),
    "proposal simulate --file calls.json",
  );

  withExample(withNetwork(proposal.command("simulate")), "proposal simulate --file calls.json --json")
    .description("say what calls of a proposal mean, and run them as the timelock without sending anything")
    .requiredOption("--file <file>", 'JSON: {"description", "calls": [{"target", "value", "calldata"}]}')
    .action(simulate);
}

async function simulate(options: SimulateOptions, command: Command): Promise<void> {
  const draft = readDraft(options.file!);
  const session = await openNetwork(options);
  const preview = await previewBatch(session, draft.calls);
  const { facts: _, ...shown } = preview;
  const title = draft.description === "" ? [] : [`Description: ${quotedText(draft.description)}`, ""];
  print(command, { description: draft.description, ...shown }, [...title, ...previewRows(preview)].join("\n"));
  if (!preview.run.succeeds) process.exitCode = EXIT_CODES.refuted;
}

/** Reads a draft of a proposal. @throws CliError naming file and field. */
function readDraft(file: string): ProposalDraft {
  const text = readTextFile(file);
  try {
    return parseCallsFile(text);
  } catch (cause) {
    throw usageError(`${file}: ${(cause as Error).message}`, cause);
  }
}
