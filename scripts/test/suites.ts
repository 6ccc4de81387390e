import { join } from "node:path";

/** What is compiled before tests run: contracts alone; with tests in Solidity; with all that a network is made of. */
export type Compiled = "contracts" | "Solidity tests" | "network";

/** One run of a test runner within a suite. */
export interface SuiteRun {
  /** What runs, for the heading. */
  title: string;
  /** Test files that belong to this run. */
  owns: RegExp;
  needs: Compiled;
  /** Arguments for Node to run these files and to write a `TestCounts` as JSON to the counts file. */
  command(countsFile: string, files: string[]): string[];
}

/** A part of `npm test` that can be run alone. */
export interface Suite {
  name: string;
  title: string;
  /** A run of the suite is ended and counted as failed after this time. */
  minutes: number;
  runs: SuiteRun[];
}

function hardhat(runner: "solidity" | "mocha", title: string, owns: RegExp): SuiteRun {
  return {
    title,
    owns,
    needs: "Solidity tests",
    command: (countsFile, files) => [join(import.meta.dirname, "hardhat-run.ts"), runner, countsFile, ...files],
  };
}

function mocha(title: string, owns: RegExp, needs: Compiled = "contracts"): SuiteRun {
  const reporter = ["--reporter", join(import.meta.dirname, "counting-reporter.ts")];
  return {
    title,
    owns,
    needs,
    command: (countsFile, files) => [
      "node_modules/mocha/bin/mocha.js",
      ...["--timeout", "30000", ...reporter, "--reporter-option", `counts=${countsFile}`],
      ...files,
    ],
  };
}

/**
 * The suites of `npm test`, in the order in which they begin; two runs go on at a time. Those that wait for epochs begin
 * beside those that compute, and short ones fill up. A run without test files is absent.
 */
export const suites: Suite[] = [
  {
    name: "system",
    title: "system: the whole network, end to end",
    minutes: 15,
    runs: [mocha("end to end", /^test\/system\/(?!janitor|market).+\.test\.ts$/, "network")],
  },
  {
    name: "contracts",
    title: "contracts: fuzz, invariants and behaviour",
    minutes: 20,
    runs: [
      hardhat("mocha", "post-quantum contracts in mocha", /^test\/contracts\/pqc\/.+\.test\.ts$/),
      hardhat("mocha", "contract tests in mocha", /^test\/contracts\/(?!pqc\/).+\.test\.ts$/),
      hardhat("solidity", "games of disputes in Solidity", /^test\/contracts\/disputes\/.+\.t\.sol$/),
      hardhat("solidity", "stake economy in Solidity", /^test\/contracts\/NodeSlashing\/.+\.t\.sol$/),
      hardhat("solidity", "contract tests in Solidity", /^test\/contracts\/(?!disputes\/|NodeSlashing\/).+\.t\.sol$/),
    ],
  },
  {
    name: "market",
    title: "market: leases on the whole network, end to end",
    minutes: 15,
    runs: [mocha("leases end to end", /^test\/system\/(janitor|market)\.test\.ts$/, "network")],
  },
  {
    name: "browser",
    title: "browser: the dApp in Chromium",
    minutes: 15,
    runs: [
      mocha("browser", /^test\/dapp\/(?!browser\/(governance|market|new-proposals)\.).+\.test\.ts$/, "network"),
      mocha(
        "market and votes by wallet",
        /^test\/dapp\/browser\/(governance|market|new-proposals)\.test\.ts$/,
        "network",
      ),
    ],
  },
  {
    name: "services",
    title: "services: indexer, relayer, protocol and scripts",
    minutes: 15,
    runs: [
      mocha("committee and disputes", /^test\/relayer\/(committee|disputes)\/.+\.test\.ts$/),
      mocha("relayer and agent", /^test\/relayer\/(?!cli\/|committee\/|disputes\/).+\.test\.ts$/),
      mocha("command line", /^test\/relayer\/cli\/.+\.test\.ts$/),
      mocha("services", /^test\/(indexer|protocol|scripts)\/.+\.test\.ts$/),
    ],
  },
];
