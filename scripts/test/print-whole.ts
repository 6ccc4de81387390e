import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/**
 * Keeps what work writes to a file descriptor and prints it under a heading when the work has ended, also when it failed: of
 * work done beside other work, lines stay together. A file, and not a pipe: nobody waits for a process that holds it open.
 */
export async function printWhole<T>(heading: string, work: (output: number) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "pqmesh-output-"));
  const path = join(folder, "output");
  const output = openSync(path, "w");
  try {
    return await work(output);
  } finally {
    closeSync(output);
    console.log(`${heading}\n${readFileSync(path, "utf8")}`);
    rmSync(folder, { recursive: true, force: true });
  }
}
