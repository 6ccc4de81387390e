/**
 * Runs contract tests through Hardhat and writes their counts: `node hardhat-run.ts solidity|mocha COUNTS_FILE TEST...`.
 * Everything has been compiled, whatever is run: tests call contracts in other files.
 * Hardhat's own summaries cannot be used: for Solidity it is empty unless the parent task asks, and for mocha it takes
 * tests behind a failed hook for passed ones.
 */
import { writeFileSync } from "node:fs";
import hre from "hardhat";
import CountingReporter from "./counting-reporter.ts";
import { countsOf, type SolidityResults } from "./solidity-results.ts";

type HardhatResult = { success: true; value: SolidityResults } | { success: false; error: SolidityResults };

async function runSolidity(countsFile: string, testFiles: string[]): Promise<boolean> {
  const result = (await hre.tasks.getTask(["test", "solidity"]).run({ testFiles, noCompile: true })) as HardhatResult;
  const counts = countsOf(result.success ? result.value : result.error);
  console.log(["  invariants", ...(counts.invariants ?? []), ""].join("\n    "));
  writeFileSync(countsFile, JSON.stringify(counts));
  return result.success;
}

async function runMocha(countsFile: string, testFiles: string[]): Promise<boolean> {
  hre.config.test.mocha.reporter = CountingReporter;
  hre.config.test.mocha.reporterOptions = { counts: countsFile };
  const result = (await hre.tasks.getTask(["test", "mocha"]).run({ testFiles, noCompile: true })) as HardhatResult;
  return result.success;
}

const [runner, countsFile, ...testFiles] = process.argv.slice(2);
if (!countsFile || (runner !== "solidity" && runner !== "mocha") || testFiles.length === 0) {
  throw new Error("Usage: node scripts/test/hardhat-run.ts solidity|mocha COUNTS_FILE TEST...");
}
const success = await (runner === "solidity" ? runSolidity : runMocha)(countsFile, testFiles);
if (!success) process.exitCode = 1;
