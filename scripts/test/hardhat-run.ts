/**
 * Runs the contract tests through Hardhat and writes their counts: `node hardhat-run.ts solidity|mocha COUNTS_FILE`.
 * Hardhat's own summaries cannot be used: for Solidity it is empty unless the parent task asks, and for mocha it takes
 * tests behind a failed hook for passed ones.
 */
import { writeFileSync } from "node:fs";
import hre from "hardhat";
import CountingReporter from "./counting-reporter.ts";
import type { TestCounts } from "./counting-reporter.ts";

/** What Hardhat's Solidity runner knows about one test contract. */
interface SolidityResults {
  suiteResults: { testResults: { status: "Success" | "Failure" | "Skipped" }[] }[];
}

type HardhatResult = { success: true; value: SolidityResults } | { success: false; error: SolidityResults };

async function runSolidity(countsFile: string): Promise<boolean> {
  const result = (await hre.tasks.getTask(["test", "solidity"]).run({})) as HardhatResult;
  const { suiteResults } = result.success ? result.value : result.error;
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
