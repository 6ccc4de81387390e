import { expect } from "chai";
import { importFailures } from "../../../scripts/check/imports.ts";
import { projectOf } from "../project-of.ts";

const imports = (path: string, specifier: string) =>
  importFailures(projectOf({ [path]: `import { x } from "${specifier}";\nconsole.log(x);\n` }));

describe("importFailures", () => {
  const allowed: [string, string][] = [
    ["relayer/src/ingest/a.ts", "../chain/b.ts"],
    ["relayer/src/a.ts", "@pqmesh/contracts/protocol/merkle"],
    ["dapp/src/app/a.tsx", "@pqmesh/contracts/generated/mesh-token-abi"],
    ["indexer/subgraph/src/a.ts", "../../../contracts/protocol/trust-score"],
    ["relayer/src/a.ts", "node:crypto"],
    ["relayer/src/a.ts", "viem"],
    ["contracts/protocol/a.ts", "../generated/b-abi.ts"],
    ["contracts/protocol/a.ts", "@noble/hashes/sha3.js"],
    ["test/system/a.ts", "../../relayer/src/b.ts"],
  ];
  for (const [path, specifier] of allowed) {
    it(`lets ${path} import ${specifier}`, () => {
      expect(imports(path, specifier)).to.deep.equal([]);
    });
  }

  const refused: [string, string][] = [
    ["relayer/src/a.ts", "../../indexer/engine/b.ts"],
    ["dapp/src/a.tsx", "@pqmesh/relayer/src/b"],
    ["indexer/engine/a.ts", "@pqmesh/contracts/mocks/b"],
    ["indexer/engine/a.ts", "../../scripts/check/project.ts"],
    ["contracts/protocol/a.ts", "node:crypto"],
    ["contracts/protocol/a.ts", "../../relayer/src/b.ts"],
    ["contracts/protocol/a.ts", "@pqmesh/relayer"],
    ["contracts/generated/a.ts", "../protocol/b.ts"],
  ];
  for (const [path, specifier] of refused) {
    it(`refuses that ${path} imports ${specifier}`, () => {
      expect(imports(path, specifier)).to.have.length(1);
      expect(imports(path, specifier)[0]).to.include(path).and.include(specifier);
    });
  }

  it("sees dynamic imports, re-exports and type imports", () => {
    const target = "../../dapp/src/b.ts";
    const text = `export * from "${target}";\nimport type { T } from "${target}";\nawait import("${target}");\n`;
    expect(importFailures(projectOf({ "relayer/src/a.ts": text }))).to.have.length(3);
  });
});
