import type { Command } from "commander";
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { PACKAGE_ROOT } from "../../src/package-root.ts";
import { EXIT_CODES } from "../../src/service/exit-codes.ts";
import { withExample } from "../help.ts";
import { CliError, print } from "../output.ts";

const MAIN = join(PACKAGE_ROOT, "../indexer/engine/main.ts");

/** Adds `pqmesh indexer …`: the maintenance commands of the indexer, which is a program of its own. */
export function addIndexerCommands(program: Command): void {
  const indexer = withExample(
    program.command("indexer").description("the database of a stopped indexer: rewind, replay, verify"),
    "indexer verify --config indexer.json",
  );

  withExample(indexer.command("rewind"), "indexer rewind --config indexer.json --to 1200")
    .description("undo the blocks after one; the next start indexes them anew")
    .requiredOption("--config <file>", "configuration of the indexer (JSON)")
    .requiredOption("--to <block>", "block number to go back to")
    .action(({ config, to }: { config: string; to: string }, command: Command) =>
      runIndexer(["rewind", "--config", config, "--to", to], command),
    );

  withExample(indexer.command("replay"), "indexer replay --config indexer.json")
    .description("index everything anew and put the result in place of the database")
    .requiredOption("--config <file>", "configuration of the indexer (JSON)")
    .action(({ config }: { config: string }, command: Command) => runIndexer(["replay", "--config", config], command));

  withExample(indexer.command("verify"), "indexer verify --config indexer.json")
    .description("index everything anew beside the database and compare every entity")
    .requiredOption("--config <file>", "configuration of the indexer (JSON)")
    .action(({ config }: { config: string }, command: Command) => runIndexer(["verify", "--config", config], command));
}

/** Lets the indexer's own program do the work: the two parts share no code, but the table of exit codes. */
async function runIndexer(args: readonly string[], command: Command): Promise<void> {
  if (!existsSync(MAIN)) throw new CliError("the indexer is not installed beside this command line");
  try {
    const { stdout } = await promisify(execFile)(process.execPath, [MAIN, ...args]);
    const sentence = stdout.trim();
    print(command, { result: sentence }, sentence);
  } catch (error) {
    const last = (error as { stderr?: string }).stderr?.trim().split("\n").at(-1) ?? (error as Error).message;
    const sentence = last.replace(/^indexer: /, "");
    const { code } = error as { code?: unknown };
    throw new CliError(sentence, typeof code === "number" ? code : EXIT_CODES.failure, { cause: error });
  }
}
