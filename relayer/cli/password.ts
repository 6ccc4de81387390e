import { createInterface } from "node:readline/promises";
import { Writable } from "node:stream";
import type { Command } from "commander";
import { PASSWORD_FILE_VARIABLE, readPassword } from "../src/keystore/password.ts";
import { withPasswordHelp } from "./help.ts";
import { usageError } from "./output.ts";

/** Option of every command that opens or makes a keystore. */
export interface PasswordOptions {
  passwordFile?: string;
}

/** Where a person can be asked. */
interface Terminal {
  input: NodeJS.ReadableStream & { isTTY?: boolean };
  output: NodeJS.WritableStream & { isTTY?: boolean };
}

/** Adds `--password-file`. */
export function withPassword(command: Command): Command {
  return withPasswordHelp(command.option("--password-file <file>", "file that holds the keystore's password"));
}

/**
 * Reads the password of a keystore from the file given, from the environment, or from the terminal.
 *
 * @param again Asks twice at the terminal, for a new keystore.
 * @throws CliError when there is none or its file is wrong.
 */
export async function keystorePassword(
  { passwordFile }: PasswordOptions,
  { again = false, terminal = { input: process.stdin, output: process.stderr }, env = process.env } = {},
): Promise<string> {
  const isGiven = passwordFile !== undefined || env.PQMESH_PASSWORD || env[PASSWORD_FILE_VARIABLE];
  if (!isGiven && terminal.input.isTTY && terminal.output.isTTY) return askPassword(terminal, again);
  const source = passwordFile === undefined ? env : { [PASSWORD_FILE_VARIABLE]: passwordFile };
  return readPassword(source).catch((error: Error) => {
    throw usageError(error.message, error);
  });
}

async function askPassword({ input, output }: Terminal, again: boolean): Promise<string> {
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input, output: silence, terminal: true });
  const abort = new AbortController();
  lines.once("SIGINT", () => abort.abort());
  lines.once("close", () => abort.abort());
  const ask = async (question: string): Promise<string> => {
    output.write(question);
    const answer = await lines.question("", { signal: abort.signal }).catch((error: Error) => {
      throw usageError("no password was given", error);
    });
    output.write("\n");
    return answer;
  };
  try {
    const password = await ask("Password of the keystore: ");
    if (password === "") throw usageError("keystore password is empty");
    if (again && (await ask("The same again: ")) !== password) throw usageError("the two passwords differ");
    return password;
  } finally {
    lines.close();
  }
}
