/**
 * Runs contract tests through Hardhat and writes their counts: `node hardhat-run.ts solidity|mocha COUNTS_FILE TEST...`.
 * Hardhat's own summaries cannot be used: for Solidity it is empty unless the parent task asks, and for mocha it takes
 * tests behind a failed hook for passed ones.
 */
import { writeFileSync } from "node:fs";
import hre from "hardhat";
import CountingReporter from "./counting-reporter.ts";
import type { TestCounts } from "./counting-reporter.ts";

/** What Hardhat's Solidity runner knows about one test; only random ones count runs, and only invariants count calls. */
interface SolidityTestResult {
  name: string;
  status: "Success" | "Failure" | "Skipped";
  /** Why it failed. */
  reason?: string;
  kind: { runs?: bigint; calls?: bigint; reverts?: bigint };
}

/** What Hardhat's Solidity runner knows about all test contracts. */
interface SolidityResults {
  suiteResults: { id: { name: string }; testResults: SolidityTestResult[] }[];
}

type HardhatResult = { success: true; value: SolidityResults } | { success: false; error: SolidityResults };

/**
 * One line for each random test: runs, random actions in all of them, and how many were turned away. A fuzz test is one
 * action in each run, and fails when it is turned away.
 */
function invariantLines({ suiteResults }: SolidityResults): string[] {
  return suiteResults.flatMap(({ id, testResults }) =>
    testResults.flatMap(({ name, status, kind: { runs, calls = runs, reverts = 0n } }) => {
      if (runs === undefined) return [];
      const counts = `runs ${runs}, calls ${calls}, reverts ${reverts}`;
      return `${id.name}.${name.replace(/\(.*/, "")}: ${counts}${status === "Failure" ? ", FAILED" : ""}`;
    }),
  );
}

function failuresOf({ suiteResults }: SolidityResults): TestCounts["failures"] {
  return suiteResults.flatMap(({ id, testResults }) =>
    testResults
      .filter(({ status }) => status === "Failure")
      .map(({ name, reason = "no reason given" }) => ({ title: `${id.name}.${name}`, reason })),
  );
}

/** Everything is compiled, whatever is run: the runner knows only compiled contracts, and tests call some in other files. */
async function runSolidity(countsFile: string, testFiles: string[]): Promise<boolean> {
  await hre.tasks.getTask("build").run({});
  const result = (await hre.tasks.getTask(["test", "solidity"]).run({ testFiles, noCompile: true })) as HardhatResult;
  const results = result.success ? result.value : result.error;
  const invariants = invariantLines(results);
  console.log(["  invariants", ...invariants, ""].join("\n    "));
  const { suiteResults } = results;
  const statuses = suiteResults.flatMap(({ testResults }) => testResults.map(({ status }) => status));
  const count = (wanted: string) => statuses.filter((status) => status === wanted).length;
  const counts: TestCounts = {
    passed: count("Success"),
    skipped: count("Skipped"),
    failures: failuresOf(results),
    invariants,
  };
  writeFileSync(countsFile, JSON.stringify(counts));
  return result.success;
}

async function runMocha(countsFile: string, testFiles: string[]): Promise<boolean> {
  hre.config.test.mocha.reporter = CountingReporter;
  hre.config.test.mocha.reporterOptions = { counts: countsFile };
  const result = (await hre.tasks.getTask(["test", "mocha"]).run({ testFiles })) as HardhatResult;
  return result.success;
}

const [runner, countsFile, ...testFiles] = process.argv.slice(2);
if (!countsFile || (runner !== "solidity" && runner !== "mocha") || testFiles.length === 0) {
  throw new Error("Usage: node scripts/test/hardhat-run.ts solidity|mocha COUNTS_FILE TEST...");
}
const success = await (runner === "solidity" ? runSolidity : runMocha)(countsFile, testFiles);
if (!success) process.exitCode = 1;
