import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { isGenerated, openProject } from "../../../scripts/check/project.ts";

describe("openProject", () => {
  it("lists tracked and new files, but not ignored or deleted ones", () => {
    const root = mkdtempSync(join(tmpdir(), "pqmesh-project-"));
    try {
      execFileSync("git", ["init", "-q", root]);
      mkdirSync(join(root, "build"));
      for (const path of ["tracked.ts", "deleted.ts", "new.ts", "build/out.ts"]) writeFileSync(join(root, path), path);
      writeFileSync(join(root, ".gitignore"), "build/\n");
      execFileSync("git", ["add", "tracked.ts", "deleted.ts"], { cwd: root });
      rmSync(join(root, "deleted.ts"));
      const project = openProject(root);
      expect(project.files).to.deep.equal([".gitignore", "new.ts", "tracked.ts"]);
      expect(project.read("new.ts")).to.equal("new.ts");
    } finally {
      rmSync(root, { recursive: true });
    }
  });
});

describe("isGenerated", () => {
  it("knows what programs write", () => {
    expect(isGenerated("contracts/generated/mesh-token-abi.ts")).to.equal(true);
    expect(isGenerated("test/protocol/vectors/merkle.json")).to.equal(true);
    expect(isGenerated("contracts/protocol/merkle.ts")).to.equal(false);
  });
});
