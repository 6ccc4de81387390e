import { mkdtempSync, readdirSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { printWhole } from "../../../scripts/test/print-whole.ts";

describe("printWhole", () => {
  const log = console.log;
  const printed: unknown[] = [];
  let folder: string;
  let temporary: string | undefined;

  beforeEach(() => {
    printed.length = 0;
    console.log = (text) => printed.push(text);
    folder = mkdtempSync(join(tmpdir(), "pqmesh-print-whole-"));
    temporary = process.env.TMPDIR;
    process.env.TMPDIR = folder;
  });

  afterEach(() => {
    console.log = log;
    if (temporary === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = temporary;
    rmSync(folder, { recursive: true });
  });

  it("prints nothing before work has ended, then all under the heading", async () => {
    const answer = await printWhole("heading", async (output) => {
      writeSync(output, "first\n");
      await new Promise((resolve) => setImmediate(resolve));
      expect(printed, "while it works").to.deep.equal([]);
      writeSync(output, "second");
      return 7;
    });
    expect(printed).to.deep.equal(["heading\nfirst\nsecond"]);
    expect(answer, "what work returned").to.equal(7);
  });

  it("prints what was written before work failed, and leaves no file behind", async () => {
    const work = printWhole("heading", (output) => {
      writeSync(output, "first");
      return Promise.reject(new Error("no"));
    });
    expect(await work.catch((error: Error) => error.message)).to.equal("no");
    expect(printed).to.deep.equal(["heading\nfirst"]);
    expect(readdirSync(folder)).to.deep.equal([]);
  });
});
