/**
 * Runs the contract tests through Hardhat and writes their counts: `node hardhat-run.ts solidity|mocha COUNTS_FILE`.
 * Hardhat's own summaries cannot be used: for Solidity it is empty unless the parent task asks, and for mocha it takes
 * tests behind a failed hook for passed ones.
 */
import { writeFileSync } from "node:fs";
import hre from "hardhat";
import CountingReporter from "./counting-reporter.ts";
import type { TestCounts } from "./counting-reporter.ts";

/** What Hardhat's Solidity runner knows about one test; only invariants count calls. */
interface SolidityTestResult {
  name: string;
  status: "Success" | "Failure" | "Skipped";
  kind: { runs?: bigint; calls?: bigint; reverts?: bigint };
}

/** What Hardhat's Solidity runner knows about all test contracts. */
interface SolidityResults {
  suiteResults: { id: { name: string }; testResults: SolidityTestResult[] }[];
}

type HardhatResult = { success: true; value: SolidityResults } | { success: false; error: SolidityResults };

/** Prints what each invariant went through: random actions in all its runs, and how many of them were turned away. */
function printInvariants({ suiteResults }: SolidityResults): void {
  console.log("  invariants");
  for (const { id, testResults } of suiteResults) {
    for (const { name, status, kind } of testResults) {
      if (kind.calls === undefined) continue;
      const counts = `runs ${kind.runs}, calls ${kind.calls}, reverts ${kind.reverts}`;
      console.log(`    ${id.name}.${name.replace("()", "")}: ${counts}${status === "Failure" ? ", FAILED" : ""}`);
    }
  }
  console.log();
}

async function runSolidity(countsFile: string): Promise<boolean> {
  const result = (await hre.tasks.getTask(["test", "solidity"]).run({})) as HardhatResult;
  const results = result.success ? result.value : result.error;
  printInvariants(results);
  const { suiteResults } = results;
  const statuses = suiteResults.flatMap(({ testResults }) => testResults.map(({ status }) => status));
  const count = (wanted: string) => statuses.filter((status) => status === wanted).length;
  const counts: TestCounts = { passed: count("Success"), failed: count("Failure"), skipped: count("Skipped") };
  writeFileSync(countsFile, JSON.stringify(counts));
  return result.success;
}

async function runMocha(countsFile: string): Promise<boolean> {
  hre.config.test.mocha.reporter = CountingReporter;
  hre.config.test.mocha.reporterOptions = { counts: countsFile };
  const result = (await hre.tasks.getTask(["test", "mocha"]).run({})) as HardhatResult;
  return result.success;
}

const [runner, countsFile] = process.argv.slice(2);
if (!countsFile || (runner !== "solidity" && runner !== "mocha")) {
  throw new Error("Usage: node scripts/test/hardhat-run.ts solidity|mocha COUNTS_FILE");
}
const success = await (runner === "solidity" ? runSolidity(countsFile) : runMocha(countsFile));
if (!success) process.exitCode = 1;
