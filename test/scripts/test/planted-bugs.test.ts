import { spawnSync } from "node:child_process";
import { resolve } from "node:path";
import { expect } from "chai";

const PROGRAM = resolve(import.meta.dirname, "../../../scripts/test/planted-bugs.ts");

describe("planted bugs", () => {
  for (const round of ["9", "0", "two", ""]) {
    it(`refuses "${round}", which is no round`, () => {
      const run = spawnSync(process.execPath, [PROGRAM, round], { encoding: "utf8", timeout: 20_000 });
      expect(run.status, "exit code").to.equal(1);
      expect(run.stderr.trim()).to.equal(`There is no round "${round}" of planted bugs; the rounds are 1, 2, 3, 4, 5.`);
      expect(run.stdout).to.equal("");
    });
  }
});
