import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { expect } from "chai";
import { BUG_FINDERS, PLANTED_BUGS } from "../../../scripts/test/planted-bug-list.ts";

const PROGRAM = resolve(import.meta.dirname, "../../../scripts/test/planted-bugs.ts");
const INVARIANTS = readFileSync(resolve(import.meta.dirname, "../../contracts/INVARIANTS.md"), "utf8");

/** Tests of the bugs' finders that a text links, as `TestContract.test`. */
function linkedTests(text: string): string[] {
  const contractOf = new Map(Object.entries(BUG_FINDERS).map(([contract, [path = ""]]) => [path, contract]));
  return [...text.matchAll(/\[(\w+)\]\(([\w/.]+\.t\.sol)\)/g)].flatMap(([, test = "", path = ""]) => {
    const contract = contractOf.get(path);
    return contract === undefined ? [] : `${contract}.${test}`;
  });
}

describe("planted bugs", () => {
  it("are found by every numbered invariant", () => {
    const numbered = INVARIANTS.split(/^## /m).filter((section) => /^\d+\. /m.test(section));
    const invariants = [...new Set(numbered.flatMap(linkedTests))];
    expect(invariants.length, "invariants").to.be.at.least(20);
    const finders = new Set(PLANTED_BUGS.flatMap(({ found }) => found));
    expect(invariants.filter((name) => !finders.has(name))).to.deep.equal([]);
  });

  it("stand in the list of invariants with what finds them", () => {
    const rows = INVARIANTS.split("\n").filter((line) => line.startsWith("| "));
    for (const { bug, file, found } of PLANTED_BUGS) {
      const row = rows.find((line) => line.startsWith(`| ${bug} `));
      expect(row, bug).to.include(`| ${file} `);
      expect(linkedTests(row!), bug).to.deep.equal(found);
    }
  });

  it("change one place of a contract each", () => {
    const contracts = resolve(import.meta.dirname, "../../../contracts");
    const places = PLANTED_BUGS.map(({ bug, file, from }) => {
      return { bug, count: readFileSync(resolve(contracts, file), "utf8").split(from).length - 1 };
    });
    expect(places.filter(({ count }) => count !== 1)).to.deep.equal([]);
  });

  const rounds = [...new Set(PLANTED_BUGS.map(({ round }) => round))];
  for (const round of [`${Math.max(...rounds) + 1}`, "0", "two", ""]) {
    it(`refuses "${round}", which is no round`, () => {
      const run = spawnSync(process.execPath, [PROGRAM, round], { encoding: "utf8", timeout: 20_000 });
      expect(run.status, "exit code").to.equal(1);
      expect(run.stderr.trim()).to.equal(
        `There is no round "${round}" of planted bugs; the rounds are ${rounds.join(", ")}.`,
      );
      expect(run.stdout).to.equal("");
    });
  }
});
