import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Makes a directory that is removed after the tests of the file. Call it inside `describe`. */
export function temporaryDirectory(): (name: string) => string {
  const directory = mkdtempSync(join(tmpdir(), "pqmesh-test-"));
  after(() => rmSync(directory, { recursive: true, force: true }));
  return (name) => join(directory, name);
}
