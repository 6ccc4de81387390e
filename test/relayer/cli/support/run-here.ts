import { runProgram } from "../../../../relayer/cli/run-program.ts";
import { PASSWORD, refuseSecrets, type Run } from "./run-pqmesh.ts";

/**
 * Runs a command within this process, as `pqmesh` does in one of its own but in a fraction of the time. One at a time.
 *
 * @throws Error when its output holds a secret.
 */
export async function runHere(words: string[], network: string): Promise<Run> {
  const before = { ...process.env };
  const output = { log: [] as string[], error: [] as string[] };
  const { log, error } = console;
  Object.assign(process.env, { PQMESH_PASSWORD: PASSWORD, PQMESH_NETWORK: network });
  console.log = (text: string) => void output.log.push(text);
  console.error = (text: string) => void output.error.push(text);
  try {
    const status = (await runProgram(words)) ?? 0;
    const [stdout, stderr] = [output.log, output.error].map((lines) => lines.map((line) => `${line}\n`).join(""));
    refuseSecrets(words, `${stdout}${stderr}`);
    return { status, stdout: stdout!, stderr: stderr!, json: <T>() => JSON.parse(stdout!) as T };
  } finally {
    Object.assign(console, { log, error });
    process.env = before;
  }
}
