import { createInterface } from "node:readline";
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

/** How a password is asked for; the defaults are this process's. */
interface AskOptions {
  /** Asks twice at the terminal, for a new keystore. */
  again?: boolean;
  terminal?: Terminal;
  env?: NodeJS.ProcessEnv;
}

/**
 * Reads the password of a keystore from the file given, from the environment, or from the terminal.
 *
 * @throws CliError when there is none or its file is wrong.
 */
export async function keystorePassword(
  { passwordFile }: PasswordOptions,
  { again = false, terminal = { input: process.stdin, output: process.stderr }, env = process.env }: AskOptions = {},
): Promise<string> {
  const isGiven = passwordFile !== undefined || env.PQMESH_PASSWORD || env[PASSWORD_FILE_VARIABLE];
  if (!isGiven && terminal.input.isTTY && terminal.output.isTTY) return askPassword(terminal, again);
  const source = passwordFile === undefined ? env : { [PASSWORD_FILE_VARIABLE]: passwordFile };
  return readPassword(source).catch((error: Error) => {
    throw usageError(error.message, error);
  });
}

/** Reads lines without showing them; Ctrl-C and the end of the input give up. */
async function askPassword({ input, output }: Terminal, again: boolean): Promise<string> {
  const silence = new Writable({ write: (_chunk, _encoding, done) => done() });
  const reader = createInterface({ input, output: silence, terminal: true });
  reader.once("SIGINT", () => reader.close());
  const lines = reader[Symbol.asyncIterator]();
  const ask = async (question: string): Promise<string> => {
    output.write(question);
    const { value, done } = await lines.next();
    output.write("\n");
    if (done) throw usageError("no password was given");
    return value;
  };
  try {
    const password = await ask("Password of the keystore: ");
    if (password === "") throw usageError("keystore password is empty");
    if (again && (await ask("The same again: ")) !== password) throw usageError("the two passwords differ");
    return password;
  } finally {
    reader.close();
  }
}
