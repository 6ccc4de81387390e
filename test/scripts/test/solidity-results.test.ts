import { expect } from "chai";
import { countsOf } from "../../../scripts/test/solidity-results.ts";

describe("countsOf", () => {
  it("counts tests of all contracts, and says which failed and why", () => {
    const first = [
      { name: "test_A()", status: "Success" as const, kind: {} },
      { name: "test_B()", status: "Failure" as const, reason: "1 is not 2", kind: {} },
      { name: "test_C()", status: "Skipped" as const, kind: {} },
    ];
    const second = [{ name: "test_D()", status: "Failure" as const, kind: {} }];
    const suiteResults = [
      { id: { name: "First" }, testResults: first },
      { id: { name: "Second" }, testResults: second },
    ];
    expect(countsOf({ suiteResults })).to.deep.equal({
      ...{ passed: 1, skipped: 1, invariants: [] },
      failures: [
        { title: "First.test_B()", reason: "1 is not 2" },
        { title: "Second.test_D()", reason: "no reason given" },
      ],
    });
  });

  it("says what random tests went through", () => {
    const testResults = [
      { name: "testFuzz_A(uint256)", status: "Success" as const, kind: { runs: 256n } },
      { name: "invariant_B()", status: "Failure" as const, kind: { runs: 8n, calls: 800n, reverts: 3n } },
    ];
    expect(countsOf({ suiteResults: [{ id: { name: "Game" }, testResults }] }).invariants).to.deep.equal([
      "Game.testFuzz_A: runs 256, calls 256, reverts 0",
      "Game.invariant_B: runs 8, calls 800, reverts 3, FAILED",
    ]);
  });
});
