import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { helpText, readOptions } from "../../../scripts/start/options.ts";

const START = join(import.meta.dirname, "../../../scripts/start.ts");

describe("options of npm start", () => {
  const read = (...args: string[]) => readOptions(args, "/repo")!;

  it("have as many operators as nodes at most", () => {
    expect(read().operators, "default").to.equal(4);
    expect(read("--nodes", "3").operators, "three nodes").to.equal(3);
    expect(read("--nodes", "40").operators, "forty nodes").to.equal(4);
    expect(read("--nodes", "3", "--operators", "2").operators, "given").to.equal(2);
  });

  it("refuse more operators than nodes", () => {
    expect(() => read("--nodes", "3", "--operators", "4")).to.throw(
      "--operators is 4, it must not exceed --nodes, which is 3",
    );
  });

  it("refuse what they do not know and say where to look", () => {
    const hint = "; npm start -- --help lists the options";
    expect(() => read("--bogus", "3")).to.throw(`Unknown option '--bogus'${hint}`);
    expect(() => read("--nodes")).to.throw(`Option '--nodes <value>' argument missing${hint}`);
    expect(() => read("extra"))
      .to.throw(`Unexpected argument 'extra'`)
      .with.property("message")
      .that.includes(hint);
  });

  it("end with 2 where they are wrong, and start nothing", () => {
    const start = (...args: string[]) => {
      const { status, stdout, stderr } = spawnSync(process.execPath, [START, ...args], { encoding: "utf8" });
      return { status, stdout, stderr };
    };
    expect(start("--bogus")).to.deep.equal({
      ...{ status: 2, stdout: "" },
      stderr: "Unknown option '--bogus'; npm start -- --help lists the options\n",
    });
    expect(start("--epoch", "4")).to.deep.equal({
      ...{ status: 2, stdout: "" },
      stderr: '--epoch is "4", it must be a whole number from 5 to 3600\n',
    });
  }).timeout(30_000);

  it("name what each option takes", () => {
    expect(helpText()).to.match(/--json-status FILE /);
    expect(helpText()).to.match(/--data DIRECTORY /);
    expect(helpText()).to.match(/--nodes N .*1 to 512, default 12/);
  });
});
