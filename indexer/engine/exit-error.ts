/** Exit codes of the indexer: the table in docs/CLI.md without 4, since a chain node that is away is a failure like others. */
export const EXIT_CODES = { ok: 0, failure: 1, usage: 2, refuted: 3 } as const;

/** An error that ends the program with an exit code other than that of any failure. */
export class ExitError extends Error {
  override readonly name = "ExitError";
  readonly exitCode: number;

  constructor(message: string, exitCode: number, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** An error of the command line or the config file. */
export function usageError(message: string, cause?: unknown): ExitError {
  return new ExitError(message, EXIT_CODES.usage, { cause });
}
