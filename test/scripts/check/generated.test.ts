import { mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { checkGenerator } from "../../../scripts/check/generated.ts";

describe("checkGenerator", () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), "pqmesh-generated-"));
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  const generator = (program: string) => {
    writeFileSync(join(root, "generate.mjs"), `import { writeFileSync, rmSync } from "node:fs";\n${program}\n`);
    return { name: "letters", command: ["generate.mjs"], outputs: ["*.txt"] };
  };

  it("accepts files that are current", async () => {
    writeFileSync(join(root, "a.txt"), "A");
    expect(await checkGenerator(root, generator('writeFileSync("a.txt", "A");'), false)).to.deep.equal([]);
  });

  it("names changed, missing and stale files and puts them back", async () => {
    for (const name of ["a", "stale"]) writeFileSync(join(root, `${name}.txt`), name);
    const program = 'writeFileSync("a.txt", "A"); writeFileSync("new.txt", "N"); rmSync("stale.txt");';
    const failures = await checkGenerator(root, generator(program), false);
    expect(failures.map((failure) => failure.split(" ")[0])).to.have.members(["a.txt", "new.txt", "stale.txt"]);
    expect(readdirSync(root).sort()).to.deep.equal(["a.txt", "generate.mjs", "stale.txt"]);
    expect(readFileSync(join(root, "a.txt"), "utf8")).to.equal("a");
  });

  it("keeps what the generator wrote when it may repair", async () => {
    writeFileSync(join(root, "a.txt"), "a");
    expect(await checkGenerator(root, generator('writeFileSync("a.txt", "A");'), true)).to.deep.equal([]);
    expect(readFileSync(join(root, "a.txt"), "utf8")).to.equal("A");
  });

  it("reports a generator that fails or writes nothing", async () => {
    expect((await checkGenerator(root, generator("process.exit(3);"), false))[0]).to.include("ended with status 3");
    expect((await checkGenerator(root, generator(""), false))[0]).to.include("wrote none of *.txt");
  });
});
