import { EXIT_CODES } from "../src/service/exit-codes.ts";
import { failureOf } from "./failure.ts";
import { createProgram } from "./program.ts";

/**
 * Runs the command that the words say; what goes wrong is printed as one sentence, with `--json` as one object.
 *
 * @param words The command line without Node and script.
 * @returns The exit code of a failure; undefined when there was none.
 */
export async function runProgram(words: readonly string[]): Promise<number | undefined> {
  const isJson = words.includes("--json");
  try {
    await createProgram({ isJson }).parseAsync(words, { from: "user" });
    return undefined;
  } catch (error) {
    const { message, exitCode } = failureOf(error);
    if (exitCode === EXIT_CODES.ok) return exitCode;
    if (isJson) console.log(JSON.stringify({ error: message, exitCode }));
    else console.error(`pqmesh: ${message}`);
    return exitCode;
  }
}
