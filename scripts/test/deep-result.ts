import { execFileSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
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
  /** What each random test of Solidity went through, one line for each. */
  invariants?: string[];
}

/** Notes what a deep run starts on; the function returned writes what it found, and keeps the last result of other runs. */
export function beginDeepResult(root: string): (runs: DeepRun[]) => void {
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  const circumstances = {
    commit: git("rev-parse", "HEAD"),
    changedFiles: git("status", "--porcelain", "--untracked-files=no").split("\n").filter(Boolean).length,
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cores: availableParallelism(),
  };
  return (runs) => {
    const path = join(root, DEEP_RESULT);
    const { runs: before }: { runs: DeepRun[] } = existsSync(path)
      ? (JSON.parse(readFileSync(path, "utf8")) as { runs: DeepRun[] })
      : { runs: [] };
    const kept = before.filter(({ title }) => !runs.some((run) => run.title === title));
    const all = [...kept, ...runs.map((run) => ({ ...run, ...circumstances }))];
    writeFileSync(path, `${JSON.stringify({ runs: all }, null, 2)}\n`);
  };
}
