import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { TestCounts } from "./counting-reporter.ts";
import type { SuiteRun } from "./suites.ts";

/** How long a test process may live on after it has reported its results. */
const secondsToExit = 20;

/** How one run of a test runner ended. */
export interface RunOutcome extends TestCounts {
  /** What went wrong besides failed tests, one sentence each; each counts as one failure. */
  faults: string[];
}

/** Where and for how long a run may work. */
export interface RunLimits {
  root: string;
  minutes: number;
  /** Overrides the grace period after the results. */
  secondsToExit?: number;
  /** Runs without passing on what the runner prints. */
  silent?: boolean;
  /** Descriptor of a file that takes what the runner prints, in place of passing it on. */
  output?: number;
}

interface ProcessEnd {
  code: number | null;
  /** Why the process was ended from outside, if it was. */
  stopped?: string;
}

/** Waits for the end of a process, and ends it when it outlives its time or its results. */
async function superviseRun(args: string[], countsFile: string, limits: RunLimits): Promise<ProcessEnd> {
  const stdio = limits.silent ? "ignore" : (limits.output ?? "inherit");
  const child = spawn(process.execPath, args, { cwd: limits.root, stdio: ["ignore", stdio, stdio] });
  let code: number | null | undefined;
  const closed = new Promise<void>((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (exitCode) => {
      code = exitCode;
      resolve();
    });
  });
  const deadline = Date.now() + limits.minutes * 60_000;
  const grace = (limits.secondsToExit ?? secondsToExit) * 1000;
  let reportedAt: number | undefined;
  let stopped: string | undefined;
  while (code === undefined) {
    await Promise.race([closed, sleep(250, undefined, { ref: false })]);
    if (existsSync(countsFile)) reportedAt ??= Date.now();
    if (Date.now() > deadline) stopped = `was ended: it took longer than ${limits.minutes} minutes`;
    else if (reportedAt && Date.now() > reportedAt + grace) {
      stopped = `was ended: it did not exit within ${grace / 1000} s of its last test, so a test left something running`;
    }
    if (stopped && code === undefined) {
      child.kill("SIGKILL");
      await closed;
    }
  }
  return { code: code ?? null, stopped };
}

/** Runs test files, streams what the runner prints and returns what it counted. */
export async function runTests(run: SuiteRun, files: string[], limits: RunLimits): Promise<RunOutcome> {
  const folder = mkdtempSync(join(tmpdir(), "pqmesh-test-"));
  const countsFile = join(folder, "counts.json");
  try {
    const { code, stopped } = await superviseRun(run.command(countsFile, files), countsFile, limits);
    const reported = existsSync(countsFile);
    const counts: TestCounts = reported
      ? (JSON.parse(readFileSync(countsFile, "utf8")) as TestCounts)
      : { passed: 0, skipped: 0, failures: [] };
    const faults: string[] = [];
    if (stopped) faults.push(stopped);
    else if (!reported) faults.push(`ended with status ${code} before it reported any result`);
    else if (code !== 0 && counts.failures.length === 0)
      faults.push(`ended with status ${code} although no test failed`);
    if (reported && counts.passed + counts.failures.length === 0) faults.push("executed no test at all");
    return { ...counts, faults };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
