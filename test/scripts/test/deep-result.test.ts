import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { beginDeepResult, DEEP_RESULT, type DeepRun } from "../../../scripts/test/deep-result.ts";

describe("the result of a deep run", () => {
  let root: string;

  const git = (...args: string[]): string =>
    execFileSync("git", ["-c", "user.name=test", "-c", "user.email=test@localhost", ...args], {
      cwd: root,
      encoding: "utf8",
    }).trim();
  const recorded = (): (DeepRun & { commit: string; changedFiles: number })[] =>
    (JSON.parse(readFileSync(join(root, DEEP_RESULT), "utf8")) as { runs: never[] }).runs;
  const run = (title: string, passed: number): DeepRun => ({ title, passed, failed: 0, skipped: 0, seconds: 1 });

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "pqmesh-deep-"));
    mkdirSync(join(root, "test"));
    writeFileSync(join(root, "a"), "1");
    git("init", "--quiet");
    git("add", "a");
    git("commit", "--quiet", "--message", "one");
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it("names the commit on which the run began", () => {
    const began = git("rev-parse", "HEAD");
    const record = beginDeepResult(root);
    writeFileSync(join(root, "a"), "2");
    git("commit", "--quiet", "--all", "--message", "two");
    record([run("a", 1)]);
    expect(recorded()[0]).to.include({ title: "a", passed: 1, commit: began, changedFiles: 0 });
  });

  it("counts files that were changed since the commit", () => {
    writeFileSync(join(root, "a"), "2");
    beginDeepResult(root)([run("a", 1)]);
    expect(recorded()[0]).to.include({ changedFiles: 1 });
  });

  it("keeps the last result of runs that were left out, and replaces those that ran", () => {
    beginDeepResult(root)([run("a", 1), run("b", 2)]);
    const record = beginDeepResult(root);
    record([{ ...run("b", 3), invariants: ["B.invariant_c: runs 500, calls 50000, reverts 7"] }]);
    expect(recorded().map(({ title, passed }) => [title, passed])).to.deep.equal([
      ["a", 1],
      ["b", 3],
    ]);
    expect(recorded()[1]?.invariants).to.deep.equal(["B.invariant_c: runs 500, calls 50000, reverts 7"]);
  });
});
