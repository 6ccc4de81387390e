import { readFileSync, writeFileSync } from "node:fs";
import type { Command } from "commander";
import { isAddress } from "viem";
import { CliError, print } from "../output.ts";

/** Adds `pqmesh relayer protection …`: what a member has signed, as a file that moves with its key. */
export function addProtectionCommands(relayer: Command): void {
  const protection = relayer
    .command("protection")
    .description("the log of what a relayer has signed, which keeps it from signing twice; move it with the key");

  protection
    .command("export")
    .description("write the log of a stopped relayer to a file")
    .requiredOption("--config <file>", "configuration of the relayer (JSON)")
    .requiredOption("--out <file>", "JSON file to write; never overwritten")
    .action(exportLog);

  protection
    .command("import")
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
    writeFileSync(out, `${JSON.stringify(content, null, 2)}\n`, { flag: "wx", mode: 0o600 });
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
  const content = JSON.parse(readFileSync(file, "utf8")) as { member?: string } | null;
  const member = content?.member ?? "";
  if (!isAddress(member, { strict: false })) throw new CliError(`${file} is no protection log: it names no member`);
  const { log, close } = openProtectionLog(config, member);
  try {
    log.import(content);
    const { records } = log.export();
    print(command, { member, records: records.length }, `the log of ${member} has ${records.length} records now`);
  } finally {
    close();
  }
}
