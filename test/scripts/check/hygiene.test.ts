import { expect } from "chai";
import { bannedLines, orphanTests } from "../../../scripts/check/hygiene.ts";
import { projectOf } from "../project-of.ts";

/** Joins pieces, so that this file does not hold what it looks for. */
const glue = (...pieces: string[]) => pieces.join("");
const banned = (text: string, path = "relayer/src/a.ts") => bannedLines(projectOf({ [path]: text }));

describe("bannedLines", () => {
  const bad = {
    "a path of this machine": glue('const x = "/wo', 'rk/main/a";'),
    "a temporary folder": glue('open("/t', 'mp/x");'),
    "a home folder": glue("cd /ho", "me/alice/x"),
    "a registry": glue("https://regis", "try.example.org/x"),
    "a resolved address": glue('"resol', 'ved": "https://example.org/x.tgz"'),
    "an open end": glue("// TO", "DO: later"),
  };
  for (const [what, text] of Object.entries(bad)) {
    it(`finds ${what}`, () => {
      expect(banned(`first line\n${text}\n`)).to.have.length(1);
      expect(banned(`first line\n${text}\n`)[0]).to.match(/^relayer\/src\/a\.ts:2: /);
    });
  }

  const good = [
    "import.meta.dirname",
    "https://example.org/work/a",
    "./work/a",
    "docs/tmp/a",
    glue("`${root}/fa", "rm/a`"),
    "GET /v1/home/a",
    "the word todo",
    "array.skipped(1)",
  ];
  for (const text of good) {
    it(`accepts ${text}`, () => {
      expect(banned(text)).to.deep.equal([]);
    });
  }

  it("finds narrowed and switched-off tests, in tests only", () => {
    for (const text of [
      glue("it.on", 'ly("x")'),
      glue("describe.sk", 'ip("x")'),
      glue("this.sk", "ip()"),
      glue("x", 'it("x")'),
    ]) {
      expect(banned(text, "test/relayer/a.test.ts"), text).to.have.length(1);
      expect(banned(text, "relayer/src/a.ts"), text).to.deep.equal([]);
    }
  });
});

describe("orphanTests", () => {
  it("names test files that no suite runs", () => {
    const texts = [
      "test/relayer/a.test.ts",
      "test/contracts/A/b.t.sol",
      "test/elsewhere/c.test.ts",
      "test/relayer/d.ts",
    ];
    const orphans = orphanTests(projectOf(Object.fromEntries(texts.map((path) => [path, ""]))));
    expect(orphans).to.have.length(1);
    expect(orphans[0]).to.include("test/elsewhere/c.test.ts");
  });
});
