import { spawn } from "node:child_process";
import { join } from "node:path";
import { text } from "node:stream/consumers";

const PQMESH = join(import.meta.dirname, "../../../../relayer/cli/pqmesh.ts");

/** Password of every keystore of these tests; it must never be in any output. */
export const PASSWORD = "a passphrase nobody may see 4711";

/** Texts that no command may ever print: the password and the secrets of keystores that a test made. */
const forbidden = new Set([PASSWORD]);

/** What a run of the program left behind. */
export interface Run {
  status: number | null;
  stdout: string;
  stderr: string;
  /** The one JSON object on standard output. @throws when there is none, or more. */
  json<T = Record<string, unknown>>(): T;
}

/** Adds a secret in hex that no output may hold. */
export function forbidInOutput(secretHex: string): void {
  forbidden.add(secretHex);
}

/**
 * Runs the real program in a child process, without any of the tester's own PQMESH variables.
 *
 * @throws Error when its output holds a secret.
 */
export async function pqmesh(
  args: string[],
  environment: Record<string, string> = {},
  cwd = process.cwd(),
): Promise<Run> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith("PQMESH_"));
  const env = { ...Object.fromEntries(inherited), PQMESH_PASSWORD: PASSWORD, ...environment };
  const child = spawn(process.execPath, [PQMESH, ...args], { cwd, env, stdio: ["ignore", "pipe", "pipe"] });
  const exit = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [stdout, stderr, status] = await Promise.all([text(child.stdout), text(child.stderr), exit]);
  refuseSecrets(args, `${stdout}${stderr}`);
  return { status, stdout, stderr, json: <T>() => JSON.parse(stdout) as T };
}

/** @throws Error when the output of a command holds a secret. */
export function refuseSecrets(args: readonly string[], output: string): void {
  for (const secret of forbidden) {
    if (!output.toLowerCase().includes(secret.toLowerCase())) continue;
    throw new Error(`pqmesh ${args[0]} ${args[1]} printed a secret`);
  }
}
