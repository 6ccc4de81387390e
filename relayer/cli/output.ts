import type { Command } from "commander";
import { sentenceOf } from "../src/service/run-service.ts";

/** Exit codes of every command. */
export const EXIT_CODES = {
  ok: 0,
  /** The work could not be done. */
  failure: 1,
  /** The command line or a configuration is wrong. */
  usage: 2,
  /** A check was carried out and its answer is no, for example a proof that does not hold. */
  refuted: 3,
} as const;

/** An error that ends a command with a sentence and an exit code. */
export class CliError extends Error {
  override readonly name = "CliError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number = EXIT_CODES.failure, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }

  /** Wraps any error. */
  static from(error: unknown): CliError {
    return new CliError(sentenceOf(error), EXIT_CODES.failure, { cause: error });
  }
}

/** Prints a result: text for people, or with `--json` one JSON object; bigints become decimal text. */
export function print(command: Command, result: object, text: string): void {
  const { json } = command.optsWithGlobals<{ json?: boolean }>();
  console.log(
    json
      ? JSON.stringify(result, (_, value) => (typeof value === "bigint" ? String(value) : (value as unknown)))
      : text,
  );
}
