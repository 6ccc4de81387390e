/**
 * Runs the contract tests through Hardhat and writes their counts: `node hardhat-run.ts solidity|mocha COUNTS_FILE`.
 * Hardhat's own mocha summary takes tests behind a failed hook for passed ones, so mocha's reporter counts instead.
 */
import { writeFileSync } from "node:fs";
import hre from "hardhat";
import CountingReporter from "./counting-reporter.ts";
import type { TestCounts } from "./counting-reporter.ts";

interface HardhatResult {
  success: boolean;
  value?: { summary: TestCounts };
  error?: { summary: TestCounts };
}

async function runSolidity(countsFile: string): Promise<boolean> {
  const result = (await hre.tasks.getTask(["test", "solidity"]).run({})) as HardhatResult;
  const summary = result.value?.summary ?? result.error?.summary;
  if (!summary) throw new Error("Hardhat returned no summary of the Solidity tests");
  const { passed, skipped } = summary;
  // A failed set-up is an unsuccessful run without a failed test.
  const failed = result.success ? summary.failed : Math.max(1, summary.failed);
  const counts: TestCounts = { passed, failed, skipped };
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
