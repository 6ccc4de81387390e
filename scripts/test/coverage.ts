/**
 * Measures which lines of the contracts that move money the tests in mocha reach: `npm run test:coverage [-- FILES]`.
 * Without files, the tests of the economy and of disputes run. Hardhat reports lines, not branches.
 */
import { spawn } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";

const root = resolve(import.meta.dirname, "../..");
/** Contracts that hold, take or pay tokens or bonds. */
const MONEY_MOVING = [
  ...["AttestationDisputes", "CaesarEmissions", "CommitteeFees", "MeshToken", "NodeDelegation", "NodeRewards"],
  ...["NodeSlashing", "NodeStaking", "RelayerCommittee", "RewardWords", "SlashProposals", "VestingVault"],
  "libraries/SharePools",
].map((name) => `contracts/${name}.sol`);
/** Folders of test/contracts whose tests reach them. */
const FOLDERS = [
  ...["CaesarEmissions", "CommitteeFees", "MeshToken", "NodeDelegation", "NodeRewards", "NodeSlashing"],
  ...["NodeRegistry", "NodeStaking", "RelayerCommittee", "SlashProposals", "VestingVault", "disputes", "economy"],
];

/** Lines of a file and how often each ran. */
type Lines = Map<number, number>;

/** Runs tests on instrumented contracts; returns the exit code. */
async function runTests(files: string[]): Promise<number> {
  const args = ["node_modules/hardhat/dist/src/cli.js", "--coverage", "test", "mocha", ...files];
  const child = spawn(process.execPath, args, {
    cwd: root,
    env: { ...process.env, PQMESH_COVERAGE: "1" },
    stdio: ["ignore", "inherit", "inherit"],
  });
  return new Promise((done, fail) => {
    child.once("error", fail);
    child.once("exit", (code) => done(code ?? 1));
  });
}

/** Reads a report in the format of lcov. */
function readReport(path: string): Map<string, Lines> {
  const report = new Map<string, Lines>();
  let lines: Lines = new Map();
  for (const entry of readFileSync(path, "utf8").split("\n")) {
    const [, file] = /^SF:(.+)$/.exec(entry) ?? [];
    if (file) {
      lines = new Map();
      report.set(file, lines);
    }
    const [, line, count] = /^DA:(\d+),(\d+)/.exec(entry) ?? [];
    if (line) lines.set(Number(line), Number(count));
  }
  return report;
}

const given = process.argv.slice(2);
const all = FOLDERS.flatMap((folder) => globSync(`test/contracts/${folder}/**/*.test.ts`, { cwd: root })).sort();
const chosen = [...all.filter((path) => !path.endsWith("gas.test.ts")), "test/contracts/deployment.test.ts"];
const code = await runTests(given.length > 0 ? given : chosen);
const report = readReport(join(root, "coverage/lcov.info"));
let missed = 0;
for (const file of MONEY_MOVING) {
  const lines = report.get(file) ?? new Map<number, number>();
  const open = [...lines].filter(([, count]) => count === 0).map(([line]) => line);
  missed += open.length;
  const missing = open.length > 0 ? `; not ${open.join(", ")}` : "";
  console.log(`${file}: ${lines.size - open.length} of ${lines.size} lines${missing}`);
}
console.log(`${missed} lines of contracts that move money are not reached`);
if (code !== 0)
  console.log("Some tests failed: instrumented code costs more gas than they allow, or they found a bug.");
if (missed > 0) process.exitCode = 1;
