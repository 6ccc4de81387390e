import type { Command } from "commander";
import { EXIT_CODE_SENTENCES } from "./output.ts";

const PASSWORD_TEXT = `
Passwords of keystores are read from --password-file, from the file that PQMESH_PASSWORD_FILE names, from the variable
PQMESH_PASSWORD, or are asked for at the terminal. They are never taken from an argument.`;

/** Adds examples to the help of a command. */
export function withExample(command: Command, ...lines: string[]): Command {
  const examples = lines.map((line) => `  $ pqmesh ${line}`).join("\n");
  return command.addHelpText("after", `\n${lines.length > 1 ? "Examples" : "Example"}:\n${examples}`);
}

/** Adds the exit codes to the help of a command and of all below it. */
export function withExitCodes(command: Command): void {
  const codes = Object.entries(EXIT_CODE_SENTENCES).map(([code, sentence]) => `  ${code}  ${sentence}`);
  command.addHelpText("after", `\nExit codes:\n${codes.join("\n")}`);
  for (const subcommand of command.commands) withExitCodes(subcommand);
}

/** Says in the help of a command where passwords come from. */
export function withPasswordHelp(command: Command): Command {
  return command.addHelpText("after", PASSWORD_TEXT);
}
