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
}

/** A deep run with the commit and the machine it ran on. */
interface RecordedRun extends DeepRun {
  commit: string;
  changedFiles: number;
  date: string;
  node: string;
  cores: number;
}

/** Writes what deep runs found; runs of suites that were left out this time keep their last result. */
export function writeDeepResult(root: string, runs: DeepRun[]): void {
  const git = (...args: string[]): string => execFileSync("git", args, { cwd: root, encoding: "utf8" }).trim();
  const circumstances = {
    commit: git("rev-parse", "HEAD"),
    changedFiles: git("status", "--porcelain", "--untracked-files=no").split("\n").filter(Boolean).length,
    date: new Date().toISOString().slice(0, 10),
    node: process.version,
    cores: availableParallelism(),
  };
  const path = join(root, DEEP_RESULT);
  const { runs: before }: { runs: RecordedRun[] } = existsSync(path)
    ? (JSON.parse(readFileSync(path, "utf8")) as { runs: RecordedRun[] })
    : { runs: [] };
  const kept = before.filter(({ title }) => !runs.some((run) => run.title === title));
  const all = [...kept, ...runs.map((run) => ({ ...run, ...circumstances }))];
  writeFileSync(path, `${JSON.stringify({ runs: all }, null, 2)}\n`);
}
