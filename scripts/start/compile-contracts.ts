// Compiles every contract that a network is made of, as `hardhat build` does, but on as many cores as there are: files of
// different settings side by side. Doubles and tests in Solidity are left to the tests.
import { availableParallelism } from "node:os";
import path from "node:path";
import hre from "hardhat";

const { root, tests } = hre.config.paths;
const left = [path.join(root, "contracts/mocks"), tests.solidity].map((folder) => folder + path.sep);
const files = await hre.solidity.getRootFilePaths();
const results = await hre.solidity.build(
  files.filter((file) => !left.some((folder) => file.startsWith(folder))),
  { quiet: true, concurrency: Math.max(2, availableParallelism()) },
);
const failed = "reason" in results || [...results.values()].some(({ type }) => /FAILURE/.test(type));
process.exit(failed ? 1 : 0);
