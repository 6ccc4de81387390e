import type { Command, CommanderError } from "commander";
import { EXIT_CODES } from "../src/service/exit-codes.ts";
import { CliError, usageError } from "./output.ts";

/** A quoted word longer than this is not repeated: it may be a secret in the wrong place. */
const MAX_REPEATED = 40;
/** More commands of one name are no help. */
const MAX_NAMESAKES = 3;

/**
 * Makes a command and all below it throw a {@link CliError} where commander would print an error and end the process.
 *
 * @param showsHelp Whether a group without its command prints its help; `--json` wants one object only.
 */
export function throwUsageMistakes(command: Command, { showsHelp }: { showsHelp: boolean }): void {
  command.configureOutput({ outputError: () => undefined, ...(!showsHelp && { writeErr: () => undefined }) });
  command.exitOverride((error) => {
    throw mistakeOf(command, error);
  });
  for (const subcommand of command.commands) throwUsageMistakes(subcommand, { showsHelp });
}

/** One sentence for what commander found, without values that could be secrets; exit code 0 for `--help`. */
function mistakeOf(command: Command, error: CommanderError): CliError {
  if (error.exitCode === 0) return new CliError("", EXIT_CODES.ok);
  const path = pathOf(command);
  if (error.code === "commander.help") {
    return usageError(`${path} needs a command: ${command.commands.map((sub) => sub.name()).join(", ")}`, error);
  }
  const [found = "", suggestion = ""] = error.message
    .replace(/^error: /, "")
    .replace(/\.$/, "")
    .split("\n");
  const elsewhere = error.code === "commander.unknownCommand" ? namesakes(command, found) : "";
  const near = elsewhere === "" ? suggestion.replace("(Did you mean", "(did you mean") : elsewhere;
  const hint = near === "" ? "" : ` ${near}`;
  return usageError(`${withoutValues(found)}${hint}; "${path} --help" says what it takes`, error);
}

function withoutValues(sentence: string): string {
  return sentence
    .replace(/'(--?[\w-]+)=[^']*'/g, "'$1'")
    .replace(/'([^']*)'/g, (quoted, word: string) => (word.length > MAX_REPEATED ? "'…'" : quoted));
}

/** Names the commands of other groups that are called what a sentence quotes as unknown; empty when none, or many, are. */
function namesakes(command: Command, sentence: string): string {
  const name = /'([^']*)'/.exec(sentence)?.[1];
  const all = (group: Command): Command[] => group.commands.flatMap((each) => [each, ...all(each)]);
  const paths = all(rootOf(command)).flatMap((each) => (each.name() === name ? [pathOf(each)] : []));
  return paths.length > 0 && paths.length <= MAX_NAMESAKES ? `(did you mean ${paths.join(" or ")}?)` : "";
}

function rootOf(command: Command): Command {
  return command.parent ? rootOf(command.parent) : command;
}

function pathOf(command: Command): string {
  return command.parent ? `${pathOf(command.parent)} ${command.name()}` : command.name();
}
