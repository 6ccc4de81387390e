import { expect } from "chai";
import { measureSolidity } from "../../../scripts/check/measure-solidity.ts";
import { measureTypeScript } from "../../../scripts/check/measure-typescript.ts";
import { judgeGroup, judgeSizes, percentile } from "../../../scripts/check/sizes.ts";
import { projectOf } from "../project-of.ts";

const statements = (count: number) => "  x++;\n".repeat(count);
const functionOf = (lines: number, name = "f") => `function ${name}() {\n${statements(lines - 2)}}\n`;

describe("percentile", () => {
  it("is the smallest value that covers the share", () => {
    const values = Array.from({ length: 100 }, (_, index) => index + 1);
    expect(percentile(values, 0.5)).to.equal(50);
    expect(percentile(values, 0.95)).to.equal(95);
    expect(percentile([7], 0.95)).to.equal(7);
    expect(percentile([], 0.95)).to.equal(0);
  });
});

describe("measureTypeScript", () => {
  it("counts from the first to the last line of each function", () => {
    const [outer, inner] = measureTypeScript("a.ts", "// comment\nfunction outer() {\n  return () => {\n  };\n}\n");
    expect(outer).to.deep.equal({ name: "outer", line: 2, lines: 4, component: false });
    expect(inner?.lines).to.equal(2);
  });

  it("leaves out documentation and functions without a block", () => {
    const text = "/** Long\n * doc\n */\nfunction f(): void {}\nconst g = () => 1;\ndeclare function h(): void;\n";
    expect(measureTypeScript("a.ts", text)).to.deep.equal([{ name: "f", line: 4, lines: 1, component: false }]);
  });

  it("knows components by their capital and their mark-up", () => {
    const text = "const Page = () => {\n  return <p />;\n};\nconst list = () => {\n  return <p />;\n};\n";
    expect(measureTypeScript("a.tsx", text).map(({ component }) => component)).to.deep.equal([true, false]);
  });

  it("measures tests but not the suites around them", () => {
    const text = 'describe("x", () => {\n  it("y", () => {\n  });\n});\ndescribe.concurrent("z", function () {\n});\n';
    expect(measureTypeScript("a.test.ts", text).map(({ name }) => name)).to.deep.equal(["callback of it"]);
  });
});

describe("measureSolidity", () => {
  const measure = (body: string) => measureSolidity(`contract C {\nfunction f() external {\n${body}\n}\n}`)[0];

  it("counts lines and names of functions, constructors and modifiers", () => {
    const text = "contract C {\n  constructor() {\n  }\n  modifier m() {\n    _;\n  }\n  function g() external;\n}";
    const sizes = measureSolidity(text).map(({ name, line, lines }) => `${name} ${line} ${lines}`);
    expect(sizes).to.deep.equal(["constructor 2 2", "m 4 3"]);
  });

  it("counts nesting of branches and loops", () => {
    expect(measure("if (a) { for (;;) { while (b) { unchecked { c++; } } } }")?.depth).to.equal(3);
    expect(measure("a++;")?.depth).to.equal(0);
  });

  it("does not count else-if as nesting", () => {
    expect(measure("if (a) { b(); } else if (c) { d(); } else if (e) { f(); }")?.depth).to.equal(1);
    expect(measure("if (a) { b(); } else if (c) { if (d) { e(); } }")?.depth).to.equal(2);
  });
});

describe("judgeGroup", () => {
  const items = (lengths: number[]) => lengths.map((lines, index) => ({ where: `item ${index}`, lines }));

  it("names every item over the largest size", () => {
    const { failures } = judgeGroup("things", items([10, 101, 100]), { p95: 50, max: 100 });
    expect(failures).to.deep.equal(["item 1: 101 lines, at most 100 are allowed"]);
  });

  it("refuses a 95th percentile over its limit, in a large enough group", () => {
    const limits = { p95: 50, max: 100 };
    const long = Array.from({ length: 20 }, (_, index) => (index < 18 ? 5 : 60));
    expect(judgeGroup("things", items(long), limits).failures).to.have.length(1);
    expect(judgeGroup("things", items(long.slice(1)), limits).failures).to.deep.equal([]);
  });

  it("prints count, median, percentile and largest", () => {
    const { note } = judgeGroup("things", items([1, 2, 9]), { p95: 50, max: 100 });
    expect(note?.trim().split(/\s+/)).to.deep.equal(["things", "3", "2", "9", "9"]);
  });
});

describe("judgeSizes", () => {
  it("accepts functions and files at their limits", () => {
    const { failures } = judgeSizes(projectOf({ "a.ts": functionOf(100), "b.ts": "x;\n".repeat(600) }));
    expect(failures).to.deep.equal([]);
  });

  it("refuses one line more", () => {
    const { failures } = judgeSizes(projectOf({ "a.ts": functionOf(101), "b.ts": "x;\n".repeat(601) }));
    expect(failures).to.have.length(2);
    expect(failures.join("\n")).to.include("a.ts:1 f: 101 lines").and.include("b.ts: 601 lines");
  });

  it("allows components 120 lines", () => {
    const component = (lines: number) => `function Page() {\n${statements(lines - 3)}  return <p />;\n}\n`;
    expect(judgeSizes(projectOf({ "a.tsx": component(120) })).failures).to.deep.equal([]);
    expect(judgeSizes(projectOf({ "a.tsx": component(121) })).failures).to.have.length(1);
  });

  it("limits Solidity functions to 75 lines and three levels", () => {
    const contract = (lines: number) => `contract C {\n${functionOf(lines).replace("()", "() external")}}\n`;
    const deep = "contract D { function f() external { if (a) { if (b) { if (c) { if (d) { e(); } } } } } }";
    expect(judgeSizes(projectOf({ "C.sol": contract(75) })).failures).to.deep.equal([]);
    expect(judgeSizes(projectOf({ "C.sol": contract(76) })).failures).to.have.length(1);
    expect(judgeSizes(projectOf({ "D.sol": deep })).failures[0]).to.include("nested 4 deep");
  });

  it("does not measure generated files", () => {
    expect(judgeSizes(projectOf({ "contracts/generated/a-abi.ts": functionOf(700) })).failures).to.deep.equal([]);
  });
});
