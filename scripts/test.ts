import { globSync } from "node:fs";
import { parseArgs } from "node:util";
import { resolve } from "node:path";
import { runTests } from "./test/run-suite.ts";
import { suites } from "./test/suites.ts";
import type { Suite } from "./test/suites.ts";

const root = resolve(import.meta.dirname, "..");

const help = `Usage: npm test [-- options]

Runs all tests, suite by suite, and prints "N passed, N failed" as its last line. Ends with a non-zero status if a test
failed, a suite crashed, or a suite executed no test.

Options:
  --only SUITE  run one suite (may be repeated)
  --help        show this text

Suites:
${suites.map(({ name, title }) => `  ${name.padEnd(12)} ${title}`).join("\n")}`;

interface Totals {
  passed: number;
  failed: number;
}

/** Runs the parts of one suite that have test files; prints one line of counts for each. */
async function runSuite({ runs, minutes }: Suite, testFiles: string[], summary: string[]): Promise<Totals> {
  const totals = { passed: 0, failed: 0 };
  for (const run of runs) {
    const files = testFiles.filter((path) => run.owns.test(path));
    if (files.length === 0) continue;
    console.log(`\n━━ ${run.title}: ${files.length} files ${"━".repeat(20)}\n`);
    const start = performance.now();
    const { passed, failed, skipped, faults } = await runTests(run, files, { root, minutes });
    const seconds = ((performance.now() - start) / 1000).toFixed(1);
    totals.passed += passed;
    totals.failed += failed + faults.length;
    const skippedNote = skipped > 0 ? `, ${skipped} skipped` : "";
    summary.push(`${run.title}: passed ${passed}, failed ${failed}${skippedNote} in ${seconds} s`);
    summary.push(...faults.map((fault) => `${run.title}: FAULT: the run ${fault}`));
  }
  return totals;
}

function selectSuites(names: string[] | undefined): Suite[] {
  const unknown = names?.filter((name) => !suites.some((suite) => suite.name === name)) ?? [];
  if (unknown.length > 0) {
    const known = suites.map(({ name }) => name).join(", ");
    throw new Error(`--only: no suite is called ${unknown.join(", ")}; suites: ${known}`);
  }
  return suites.filter(({ name }) => names?.includes(name) ?? true);
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { only: { type: "string", multiple: true }, help: { type: "boolean", default: false } },
  });
  if (values.help) return console.log(help);

  const testFiles = globSync("test/**/*.{test.ts,t.sol}", { cwd: root }).sort();
  const summary: string[] = [];
  const totals: Totals = { passed: 0, failed: 0 };
  for (const suite of selectSuites(values.only)) {
    const { passed, failed } = await runSuite(suite, testFiles, summary);
    totals.passed += passed;
    totals.failed += failed;
  }
  if (summary.length === 0) {
    summary.push("There is no test to run.");
    totals.failed = 1;
  }
  console.log(`\n━━ results ${"━".repeat(20)}\n\n${summary.join("\n")}\n`);
  console.log(`${totals.passed} passed, ${totals.failed} failed`);
  if (totals.failed > 0) process.exitCode = 1;
}

main().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
});
