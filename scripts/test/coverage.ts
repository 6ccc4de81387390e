/**
 * Measures which lines and branches of the contracts that move money the tests in mocha reach:
 * `npm run test:coverage [-- FILES]`. Without files, the tests of economy, marketplace and disputes run. Hardhat reports lines;
 * branches report themselves by probes (branch-probes.ts). Compiles into coverage/, apart from what is deployed; writes
 * nothing else.
 */
import { spawn } from "node:child_process";
import { globSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { branchesOf, type Branch } from "./branch-probes.ts";
import { MONEY_MOVING } from "./money-moving.ts";

const root = resolve(import.meta.dirname, "../..");
/** Folders of test/contracts whose tests reach them. */
const FOLDERS = [
  ...["CaesarEmissions", "CommitteeFees", "MeshToken", "NodeDelegation", "NodeRewards", "NodeSlashing"],
  ...["NodeRegistry", "NodeStaking", "RelayerCommittee", "SlashProposals", "VestingVault", "disputes", "economy"],
  ...["LeaseDisputes", "LeaseEscrow", "NodeListings", "QuadraticVotes", "AdmittedIdentities"],
  ...["MeshGovernor", "MeshTimelock", "NetworkParameters", "PQAccount", "QuadraticRound", "CertificateRegistry"],
];

/**
 * Tests that judge gas or size of what is deployed, which probes in it change: they run in `npm test` only, as do the files
 * gas.test.ts and attacks.test.ts. All other tests must pass here, too.
 */
const OF_WHAT_IS_DEPLOYED = [
  {
    file: "test/contracts/NodeRewards/joining.test.ts",
    title: "gets past them once anybody has closed enough by closeWords",
    why: "its last call must fit into the gas of one transaction",
  },
  {
    file: "test/contracts/RelayerCommittee/seats.test.ts",
    title: "reads one slot and one code for a report",
    why: "it counts gas",
  },
  {
    file: "test/contracts/deployment.test.ts",
    title: "fits into the largest code of a contract",
    why: "it counts bytes of code",
  },
];

/** Lines of a file and how often each ran. */
type Lines = Map<number, number>;

/** Says which tests are left out and why; returns what matches their titles. */
function leftOut(): string {
  for (const { file, title, why } of OF_WHAT_IS_DEPLOYED) {
    const isThere = readFileSync(join(root, file), "utf8").includes(`it("${title}"`);
    if (!isThere) throw new Error(`${file} has no test "${title}": correct the list of tests that are left out.`);
    console.log(`left out, since ${why}: ${file}, "${title}"`);
  }
  return OF_WHAT_IS_DEPLOYED.map(({ title }) => title).join("|");
}

/** Runs tests on instrumented contracts; returns the exit code. */
async function runTests(files: string[]): Promise<number> {
  const args = ["node_modules/hardhat/dist/src/cli.js", "--coverage", "test", "mocha", "--grep-exclude", leftOut()];
  const child = spawn(process.execPath, [...args, ...files], {
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

/** Tags of all statements and branches that ran. */
function readTags(): Set<string> {
  const paths = globSync("coverage/data/mocha/*.json", { cwd: root });
  return new Set(paths.flatMap((path) => Object.keys(JSON.parse(readFileSync(join(root, path), "utf8")) as object)));
}

/** Says what of a file was reached; returns how much was not. */
function judge(file: string, lines: Lines, ran: Set<string>): number {
  const openLines = [...lines].filter(([, count]) => count === 0).map(([line]) => `line ${line}`);
  const branches = branchesOf(file, readFileSync(join(root, file), "utf8"));
  const openBranches = branches.filter(({ tag }) => !ran.has(tag));
  const describe = ({ line, text, missing }: Branch) => `line ${line} (${text}: ${missing})`;
  const open = [...openLines, ...openBranches.map(describe)];
  const ofLines = `${lines.size - openLines.length} of ${lines.size} lines`;
  const ofBranches = `${branches.length - openBranches.length} of ${branches.length} branches`;
  console.log(`${file}: ${ofLines}, ${ofBranches}${open.length > 0 ? `; not: ${open.join(", ")}` : ""}`);
  return open.length;
}

const given = process.argv.slice(2);
const all = FOLDERS.flatMap((folder) => globSync(`test/contracts/${folder}/**/*.test.ts`, { cwd: root })).sort();
const chosen = [...all.filter((path) => !/(gas|attacks)\.test\.ts$/.test(path)), "test/contracts/deployment.test.ts"];
const code = await runTests(given.length > 0 ? given : chosen);
const report = readReport(join(root, "coverage/lcov.info"));
const ran = readTags();
let missed = 0;
for (const file of MONEY_MOVING) missed += judge(file, report.get(file) ?? new Map<number, number>(), ran);
console.log(`${missed} lines and branches of contracts that move money are not reached`);
if (code !== 0) console.log("Tests failed on instrumented contracts; see above.");
if (missed > 0 || code !== 0) process.exitCode = 1;
