import { expect } from "chai";
import { failedBlock } from "../../../scripts/test/failed-block.ts";

describe("failedBlock", () => {
  it("is nothing when all passed", () => {
    expect(failedBlock([])).to.equal("");
    expect(failedBlock([{ title: "services", failures: [] }])).to.equal("");
  });

  it("names run, test and reason of each failure, in order", () => {
    const block = failedBlock([
      { title: "services", failures: [{ title: "a store keeps", reason: "Error: no\n    at a.ts:1" }] },
      { title: "command line", failures: [] },
      { title: "browser", failures: [{ title: "shows", reason: "timeout" }] },
    ]);
    expect(block.split("\n")).to.deep.equal([
      "",
      "━━ failed ━━━━━━━━━━━━━━━━━━━━",
      "",
      "services: a store keeps",
      "Error: no",
      "    at a.ts:1",
      "",
      "browser: shows",
      "timeout",
    ]);
  });
});
