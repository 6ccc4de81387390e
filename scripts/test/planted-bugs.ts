/**
 * Proves that invariants can fail: plants bugs in a copy of the contracts and runs the invariants that must find them.
 * `npm run test:bugs [-- ROUND]`; each round is one build. The bugs of a round are told apart by what finds
 * them.
 */
import { execFile } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { PlantedBug } from "./planted-bug.ts";
import { BUG_FINDERS, PLANTED_BUGS } from "./planted-bug-list.ts";

const root = resolve(import.meta.dirname, "../..");

function plant(folder: string, { file, from, to }: PlantedBug): void {
  const path = join(folder, "contracts", file);
  const source = readFileSync(path, "utf8");
  const count = source.split(from).length - 1;
  if (count !== 1) throw new Error(`${file}: the text to change occurs ${count} times, not once: ${from}`);
  writeFileSync(
    path,
    source.replace(from, () => to),
  );
}

/** Runs suites in a folder and returns what failed, as `SUITE.test`. */
async function failuresIn(folder: string, names: string[]): Promise<Set<string>> {
  const paths = new Set(names.flatMap((name) => BUG_FINDERS[name] ?? []));
  const files = [...paths].map((path) => `test/contracts/${path}`);
  const args = ["node_modules/hardhat/dist/src/cli.js", "test", "solidity", ...files];
  const output = await new Promise<string>((done) => {
    execFile(process.execPath, args, { cwd: folder, maxBuffer: 2 ** 28 }, (_, stdout, stderr) => done(stdout + stderr));
  });
  if (!/\d+ failing/.test(output)) throw new Error(`Nothing failed, or nothing ran:\n${output.slice(-2_000)}`);
  return new Set([...output.matchAll(/^\s*\d+\) (\w+)#(\w+)\(/gm)].map(([, suite, test]) => `${suite}.${test}`));
}

/** Plants the bugs of a round; returns the tests that should have failed and did not. */
async function runRound(bugs: PlantedBug[]): Promise<string[]> {
  const folder = mkdtempSync(join(tmpdir(), "pqmesh-bugs-"));
  try {
    for (const part of ["contracts", "scripts", "test/contracts", "hardhat.config.ts", "package.json"]) {
      cpSync(join(root, part), join(folder, part), { recursive: true });
    }
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    for (const bug of bugs) plant(folder, bug);
    const expected = bugs.flatMap(({ found }) => found);
    const failed = await failuresIn(folder, [...new Set(expected.map((name) => name.split(".")[0] ?? ""))]);
    for (const { bug, found } of bugs) {
      for (const name of found) console.log(`${failed.has(name) ? "found" : "MISSED"}: ${bug} — ${name}`);
    }
    return expected.filter((name) => !failed.has(name));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

const wanted = process.argv[2];
const all = [...new Set(PLANTED_BUGS.map(({ round }) => round))];
const rounds = all.filter((round) => wanted === undefined || wanted === `${round}`);
if (rounds.length === 0) {
  console.error(`There is no round "${wanted}" of planted bugs; the rounds are ${all.join(", ")}.`);
  process.exit(1);
}
const missed: string[] = [];
for (const round of rounds) missed.push(...(await runRound(PLANTED_BUGS.filter((bug) => bug.round === round))));
console.log(`${missed.length} of the planted bugs were missed`);
if (missed.length > 0) process.exitCode = 1;
