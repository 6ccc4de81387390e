import type { Command } from "commander";
import { isAddress } from "viem";
import { readTextFile } from "../arguments.ts";
import { withExample } from "../help.ts";
import { writeNewFile } from "../new-file.ts";
import { print, usageError } from "../output.ts";

/** Adds `pqmesh relayer protection …`: what a member has signed, as a file that moves with its key. */
export function addProtectionCommands(relayer: Command): void {
  const protection = withExample(
    relayer
      .command("protection")
      .description("the log of what a relayer has signed, which keeps it from signing twice; move it with the key"),
    "relayer protection export --config relayer.json --out protection.json",
  );

  withExample(protection.command("export"), "relayer protection export --config relayer.json --out protection.json")
    .description("write the log of a stopped relayer to a file")
    .requiredOption("--config <file>", "configuration of the relayer (JSON)")
    .requiredOption("--out <file>", "JSON file to write; never overwritten")
    .action(exportLog);

  withExample(protection.command("import"), "relayer protection import --config relayer.json --file protection.json")
    .description("add a file made by export to the log of a stopped relayer; all of it or nothing")
    .requiredOption("--config <file>", "configuration of the relayer (JSON)")
    .requiredOption("--file <file>", "JSON file to read")
    .action(importLog);
}

async function exportLog({ config, out }: { config: string; out: string }, command: Command): Promise<void> {
  const { openProtectionLog } = await import("../../src/committee/open-protection-log.ts");
  const { log, close } = openProtectionLog(config);
  try {
    const content = log.export();
    writeNewFile(out, `${JSON.stringify(content, null, 2)}\n`, 0o600);
    const { member, records } = content;
    print(
      command,
      { file: out, member, records: records.length },
      `${records.length} records of ${member} are in ${out}`,
    );
  } finally {
    close();
  }
}

async function importLog({ config, file }: { config: string; file: string }, command: Command): Promise<void> {
  const { openProtectionLog } = await import("../../src/committee/open-protection-log.ts");
  const content = parseLog(file);
  const member = content?.member ?? "";
  if (!isAddress(member, { strict: false })) throw usageError(`${file} is no protection log: it names no member`);
  const { log, close } = openProtectionLog(config, member);
  try {
    log.import(content);
    const { records } = log.export();
    print(command, { member, records: records.length }, `the log of ${member} has ${records.length} records now`);
  } finally {
    close();
  }
}

function parseLog(file: string): { member?: string } | null {
  const text = readTextFile(file);
  try {
    return JSON.parse(text) as { member?: string } | null;
  } catch (cause) {
    throw usageError(`${file} is not JSON: it is cut short or another file`, cause);
  }
}
