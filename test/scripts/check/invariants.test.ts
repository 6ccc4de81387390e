import { expect } from "chai";
import { invariantFailures, plantedBugFailures, treeFailures } from "../../../scripts/check/invariants.ts";
import { projectOf } from "../project-of.ts";

const test = 'it("keeps the supply", () => {});';
const invariants = (markdown: string) =>
  invariantFailures(projectOf({ "test/contracts/INVARIANTS.md": markdown, "test/contracts/a.test.ts": test }));

describe("invariantFailures", () => {
  it("accepts lists, headings and tables that link a test by its title", () => {
    expect(invariants("# Invariants\n1. Supply.\n   [keeps the supply](a.test.ts)\n")).to.deep.equal([]);
    expect(invariants("## 1. Supply\n\nText, `code`: [`keeps the supply`](./a.test.ts)\n")).to.deep.equal([]);
    expect(invariants("| 1 | Supply | [keeps the supply](a.test.ts) |\n")).to.deep.equal([]);
  });

  it("refuses an invariant without a test", () => {
    expect(invariants("1. Supply.\n2. Bound: [keeps the supply](a.test.ts)\n")[0]).to.include(
      "invariant 1 links no test",
    );
  });

  it("refuses a title that no test has", () => {
    expect(invariants("1. [keeps the sum](a.test.ts)\n")[0]).to.include('no test called "keeps the sum"');
  });

  it("refuses a file that does not exist", () => {
    expect(invariants("1. [keeps the supply](b.test.ts)\n")[0]).to.include("there is no file test/contracts/b.test.ts");
  });

  it("refuses gaps in the numbers", () => {
    const link = "[keeps the supply](a.test.ts)";
    expect(invariants(`1. ${link}\n3. ${link}\n`)).to.deep.equal([
      "test/contracts/INVARIANTS.md: invariant 2 is numbered 3",
    ]);
  });

  it("refuses a missing or empty list beside contract tests", () => {
    expect(invariantFailures(projectOf({ "test/contracts/a.test.ts": test }))).to.have.length(1);
    expect(invariants("# Invariants\n")[0]).to.include("no numbered invariant");
    expect(invariantFailures(projectOf({}))).to.deep.equal([]);
  });
});

describe("treeFailures", () => {
  const tree =
    "submitReport\n├── when it is late\n│   └── it should revert\n└── when in time\n    └── it should store the root\n";
  const trees = (tests: Record<string, string>) =>
    treeFailures(projectOf({ "test/contracts/Bridge/submitReport.tree": tree, ...tests }));

  it("accepts leaves that are tests in mocha or comments in Solidity", () => {
    const tests = {
      "test/contracts/Bridge/a.test.ts": 'it("should revert", () => {});',
      "test/contracts/Bridge/b.t.sol": "// it should store the root",
    };
    expect(trees(tests)).to.deep.equal([]);
  });

  it("names each leaf without a test beside it", () => {
    const elsewhere = { "test/contracts/Other/a.test.ts": 'it("should revert"); it("should store the root");' };
    expect(trees(elsewhere)).to.have.length(2);
    expect(trees(elsewhere)[1]).to.include('"should store the root"');
  });
});

describe("plantedBugFailures", () => {
  const bug = { round: 1, bug: "no limit", file: "A.sol", from: "x < 1", to: "true", found: ["ATest.invariant_limit"] };
  const planted = (contract: string, test: string) => {
    const project = projectOf({ "contracts/A.sol": contract, "test/contracts/A.t.sol": test });
    return plantedBugFailures(project, [bug], { ATest: ["A.t.sol"] });
  };

  it("accepts a bug that fits its contract once and names a test", () => {
    expect(planted("if (x < 1) return;", "function invariant_limit() public {}")).to.deep.equal([]);
  });

  it("names a bug whose contract was rewritten, or has its text twice", () => {
    const test = "function invariant_limit() public {}";
    expect(planted("if (x < 2) return;", test)).to.deep.equal([
      'the planted bug "no limit": contracts/A.sol has its text 0 times, not once',
    ]);
    expect(planted("x < 1; x < 1;", test)).to.have.length(1);
  });

  it("names a test that does not exist", () => {
    expect(planted("x < 1", "function invariant_limits() public {}")).to.deep.equal([
      'the planted bug "no limit": there is no test ATest.invariant_limit',
    ]);
  });
});
