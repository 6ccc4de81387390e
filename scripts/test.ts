import { globSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { compileCacheEnvironment } from "./start/builds.ts";
import { beginDeepResult, DEEP_RESULT, type DeepRun } from "./test/deep-result.ts";
import { failedBlock } from "./test/failed-block.ts";
import { compileForTests } from "./test/compile-for-tests.ts";
import { printWhole } from "./test/print-whole.ts";
import { type RunOutcome, runTests } from "./test/run-suite.ts";
import { sideBySide } from "./test/side-by-side.ts";
import { type Suite, type SuiteRun, suites } from "./test/suites.ts";

const root = resolve(import.meta.dirname, "..");

const help = `Usage: npm test [-- options]

Runs all tests, suite by suite, and prints "N passed, N failed" as its last line. Ends with a non-zero status if a test
failed, a suite crashed, or a suite executed no test.

Options:
  --only SUITE  run one suite, or one run of a suite by its title (may be repeated)
  --deep        long runs of all contract tests, and of those tests of services that have more to do in them
                (parity of both engines); takes about an hour and writes ${DEEP_RESULT}
  --help        show this text

Suites:
${suites.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`).join("\n")}`;

/** Runs beside each other: each leaves a core idle, and most of the time more. A deep run is measured, and runs alone. */
const LANES = 2;
/** Suites that have more to do in a deep run, and how much longer they may take. */
const deepSuites = ["contracts", "services"];
const deepFactor = 12;
/** What a test reads to know that a run is deep. */
const DEEP_FLAG = "PQMESH_DEEP_TESTS";

/** What was found so far. */
interface Findings {
  results: DeepRun[];
  /** Lines of counts and faults. */
  summary: string[];
  /** What failed in which run, and why: said again at the end, since a run prints thousands of lines. */
  outcomes: (RunOutcome & { title: string })[];
  /** Called after each run. */
  record(results: DeepRun[]): void;
}

/** A run of a suite that has test files. */
interface PlannedRun {
  run: SuiteRun;
  files: string[];
  /** It is ended and counted as failed after this time. */
  minutes: number;
}

/** Runs one part of a suite, and prints it: as it goes when nothing runs beside it, else when it has ended. */
function runAndPrint({ run, files, minutes }: PlannedRun, isAlone: boolean): Promise<RunOutcome> {
  const heading = `\n━━ ${run.title}: ${files.length} files ${"━".repeat(20)}\n`;
  if (!isAlone) {
    console.log(`${run.title} begins`);
    return printWhole(heading, (output) => runTests(run, files, { root, minutes, output }));
  }
  console.log(heading);
  return runTests(run, files, { root, minutes });
}

/** Runs one part of a suite; adds a line of counts. */
async function runPart(part: PlannedRun, isAlone: boolean, findings: Findings): Promise<void> {
  const { run } = part;
  const { results, summary, outcomes, record } = findings;
  const start = performance.now();
  const outcome = await runAndPrint(part, isAlone);
  const { passed, skipped, faults, invariants } = outcome;
  const failed = outcome.failures.length;
  const seconds = Math.round((performance.now() - start) / 100) / 10;
  results.push({ title: run.title, passed, failed: failed + faults.length, skipped, seconds, invariants });
  record(results);
  const skippedNote = skipped > 0 ? `, ${skipped} skipped` : "";
  summary.push(`${run.title}: passed ${passed}, failed ${failed}${skippedNote} in ${seconds.toFixed(1)} s`);
  summary.push(...faults.map((fault) => `${run.title}: FAULT: the run ${fault}`));
  outcomes.push({ title: run.title, ...outcome });
}

/** Contract tests run together; of the others, those that read the flag have more to do. */
function hasDeepRun(path: string): boolean {
  return path.startsWith("test/contracts/") || readFileSync(resolve(root, path), "utf8").includes(DEEP_FLAG);
}

/** Runs that have test files, in the order in which they begin. */
function planRuns(selected: Suite[], testFiles: string[]): PlannedRun[] {
  const all = selected.flatMap(({ runs, minutes }) => runs.map((run) => ({ run, minutes })));
  return all
    .map(({ run, minutes }) => ({ run, minutes, files: testFiles.filter((path) => run.owns.test(path)) }))
    .filter(({ files }) => files.length > 0);
}

/** Suites by name, or single runs of them by title. */
function selectSuites(names: string[] | undefined, deep: boolean): Suite[] {
  const titles = suites.flatMap(({ runs }) => runs.map(({ title }) => title));
  const unknown = names?.filter((name) => !titles.includes(name) && !suites.some((suite) => suite.name === name)) ?? [];
  if (unknown.length > 0) {
    const known = suites.map(({ name }) => name).join(", ");
    throw new Error(`--only: no suite is called ${unknown.join(", ")}; suites: ${known}`);
  }
  const wanted = names ?? suites.map(({ name }) => name).filter((name) => !deep || deepSuites.includes(name));
  const selected = suites.flatMap((suite) => {
    const runs = suite.runs.filter(({ title }) => wanted.includes(suite.name) || wanted.includes(title));
    return runs.length === 0 ? [] : { ...suite, runs };
  });
  return deep ? selected.map((suite) => ({ ...suite, minutes: suite.minutes * deepFactor })) : selected;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      only: { type: "string", multiple: true },
      deep: { type: "boolean", default: false },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) return console.log(help);
  if (values.deep) process.env[DEEP_FLAG] = "1";
  Object.assign(process.env, compileCacheEnvironment(root));

  const allFiles = globSync("test/**/*.{test.ts,t.sol}", { cwd: root }).sort();
  const testFiles = values.deep ? allFiles.filter(hasDeepRun) : allFiles;
  const record = values.deep ? beginDeepResult(root) : () => {};
  const results: DeepRun[] = [];
  const summary: string[] = [];
  const outcomes: Findings["outcomes"] = [];
  const planned = planRuns(selectSuites(values.only, values.deep), testFiles);
  await compileForTests(root, new Set(planned.map(({ run }) => run.needs)));
  const lanes = values.deep ? 1 : Math.min(LANES, planned.length);
  await sideBySide(planned, lanes, (part) => runPart(part, lanes === 1, { results, summary, outcomes, record }));
  const passed = results.reduce((sum, run) => sum + run.passed, 0);
  const failed = results.reduce((sum, run) => sum + run.failed, 0);
  if (summary.length === 0) summary.push("There is no test to run.");
  const failedTests = failedBlock(outcomes);
  if (failedTests !== "") console.log(failedTests);
  console.log(`\n━━ results ${"━".repeat(20)}\n\n${summary.join("\n")}\n`);
  console.log(`${passed} passed, ${failed} failed`);
  if (failed > 0 || results.length === 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
