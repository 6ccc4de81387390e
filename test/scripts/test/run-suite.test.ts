import { closeSync, mkdtempSync, openSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { type RunLimits, runTests } from "../../../scripts/test/run-suite.ts";
import { suites } from "../../../scripts/test/suites.ts";

const repository = resolve(import.meta.dirname, "../../..");

describe("runTests", function () {
  this.timeout(20_000);

  let folder: string;
  let temporary: string | undefined;

  // Other runs go on beside this one: temporary files of this test have a folder of their own.
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "pqmesh-run-suite-"));
    temporary = process.env.TMPDIR;
    process.env.TMPDIR = folder;
  });

  afterEach(() => {
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
    rmSync(folder, { recursive: true });
  });

  const limits = { root: repository, minutes: 1, secondsToExit: 1, silent: true };

  /** Runs a mocha file as `npm test` runs the services. */
  const runMocha = (text: string, special: Partial<RunLimits> = {}) => {
    const file = join(folder, "sample.test.mjs");
    writeFileSync(file, text);
    const run = suites.find(({ name }) => name === "services")?.runs[0];
    if (!run) throw new Error("there is no run of the services");
    return runTests(run, [file], { ...limits, ...special });
  };

  it("counts passed and skipped tests, and says which failed and why", async () => {
    const outcome = await runMocha(`
      it("a", () => {});
      it("b", () => {});
      it("c", () => { throw new Error("no"); });
      it("pending");
    `);
    expect(outcome).to.deep.include({ passed: 2, skipped: 1, faults: [] });
    expect(outcome.failures.map(({ title }) => title)).to.deep.equal(["c"]);
    expect(outcome.failures[0]?.reason).to.match(/^Error: no\n +at .+sample\.test\.mjs:4/);
  });

  it("counts a failed hook as a failure and not its tests as passed", async () => {
    const outcome = await runMocha(`
      before(() => { throw new Error("no"); });
      it("a", () => {});
      it("b", () => {});
    `);
    expect(outcome.passed).to.equal(0);
    expect(outcome.failures.map(({ title }) => title)).to.deep.equal(['"before all" hook for "a"']);
  });

  it("reports a run without tests", async () => {
    expect((await runMocha("describe('empty', () => {});")).faults).to.deep.equal(["executed no test at all"]);
  });

  it("reports a run that dies before its results", async () => {
    const { passed, faults } = await runMocha('it("a", () => {}); it("b", () => process.exit(0));');
    expect(passed).to.equal(0);
    expect(faults).to.deep.equal(["ended with status 0 before it reported any result"]);
  });

  it("reports a bad status although no test failed", async () => {
    const { faults } = await runMocha('after(() => process.on("exit", () => process.exit(7))); it("a", () => {});');
    expect(faults).to.deep.equal(["ended with status 7 although no test failed"]);
  });

  it("ends a run that leaves something running after its tests", async () => {
    const { passed, faults } = await runMocha('it("a", () => void setInterval(() => {}, 1000));');
    expect(passed).to.equal(1);
    expect(faults).to.have.length(1);
    expect(faults[0]).to.include("a test left something running");
  });

  it("ends a run that takes too long", async () => {
    const { faults } = await runMocha('it("a", () => new Promise((done) => setTimeout(done, 20000)));', {
      minutes: 0.02,
    });
    expect(faults).to.have.length(1);
    expect(faults[0]).to.include("took longer than 0.02 minutes");
  });

  it("writes what the runner prints to a file in place of passing it on", async () => {
    const output = openSync(join(folder, "output"), "w");
    try {
      await runMocha('it("a", () => console.log("said by a test"));', { silent: false, output });
    } finally {
      closeSync(output);
    }
    expect(readFileSync(join(folder, "output"), "utf8"))
      .to.include("said by a test")
      .and.include("1 passing");
  });

  it("leaves no file behind", async () => {
    await runMocha('it("a", () => {});');
    expect(readdirSync(folder).filter((name) => name.startsWith("pqmesh-test-"))).to.deep.equal([]);
  });
});

describe("suites", () => {
  it("give each test file to exactly one run", () => {
    const runs = suites.flatMap((suite) => suite.runs);
    const paths = [
      "contracts/A.t.sol",
      "contracts/disputes/A.t.sol",
      "contracts/NodeSlashing/A.t.sol",
      "contracts/A/b.test.ts",
      "contracts/pqc/A.test.ts",
      "relayer/a.test.ts",
      "relayer/agent/a.test.ts",
      "relayer/cli/a.test.ts",
      "relayer/committee/a.test.ts",
      "relayer/disputes/a.test.ts",
      "scripts/check/a.test.ts",
    ];
    for (const path of [...paths, "indexer/a.test.ts", "protocol/a.test.ts", "system/a.test.ts", "dapp/a.test.ts"]) {
      expect(
        runs.filter(({ owns }) => owns.test(`test/${path}`)),
        path,
      ).to.have.length(1);
    }
  });
});
