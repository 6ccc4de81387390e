import { execFileSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";

/** Where the result of the last deep run is kept; it is committed. */
export const DEEP_RESULT = "test/deep-result.json";

/** One run of a test runner within a deep run. */
export interface DeepRun {
  title: string;
  passed: number;
  failed: number;
  skipped: number;
  seconds: number;
}

/** Writes what a deep run found, with the commit and the machine it ran on. */
export function writeDeepResult(root: string, runs: DeepRun[]): void {
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  const result = {
    commit: git("rev-parse", "HEAD"),
    changedFiles: git("status", "--porcelain", "--untracked-files=no").split("\n").filter(Boolean).length,
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cores: availableParallelism(),
    passed: runs.reduce((sum, { passed }) => sum + passed, 0),
    failed: runs.reduce((sum, { failed }) => sum + failed, 0),
    runs,
  };
  writeFileSync(join(root, DEEP_RESULT), `${JSON.stringify(result, null, 2)}\n`);
}
