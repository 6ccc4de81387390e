import type { Command } from "commander";
import { EXIT_CODES } from "../src/service/exit-codes.ts";

/** What the exit codes mean, for `--help`. */
export const EXIT_CODE_SENTENCES: Readonly<Record<number, string>> = {
  [EXIT_CODES.ok]: "done",
  [EXIT_CODES.failure]: "it could not be done, or what was asked for does not exist",
  [EXIT_CODES.usage]: "the command line, a configuration or a file given is wrong",
  [EXIT_CODES.refuted]: "a check was carried out and its answer is no",
  [EXIT_CODES.unreachable]: "the chain node does not answer; try again later",
};

/** An error that ends a command with a sentence and an exit code. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT_CODES.failure, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** An error of the command line, a configuration or a file given. */
export function usageError(message: string, cause?: unknown): CliError {
  return new CliError(message, EXIT_CODES.usage, { cause });
}

/** An error of a check that was carried out and failed. */
export function refuted(sentence: string): CliError {
  return new CliError(sentence, EXIT_CODES.refuted);
}

/** True when `--json` was given. */
export function isJson(command: Command): boolean {
  return command.optsWithGlobals<{ json?: boolean }>().json === true;
}

/** Prints a result: text for people, or with `--json` one JSON object; bigints become decimal text. */
export function print(command: Command, result: object, text: string): void {
  console.log(
    isJson(command)
      ? JSON.stringify(result, (_, value) => (typeof value === "bigint" ? String(value) : (value as unknown)))
      : text,
  );
}
