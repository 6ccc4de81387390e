import { expect } from "chai";
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { loadConfig } from "../../../../indexer/engine/config/indexer-config.ts";
import { temporaryFolder } from "../../fixture/temporary-folder.ts";
import { writeConfig } from "../../fixture/test-indexer.ts";

const GOOD = {
  rpcUrls: ["http://127.0.0.1:8545"],
  chainId: 31_337,
  subgraph: "build",
  database: "data/index.db",
  listen: { host: "127.0.0.1", port: 8_000 },
};

describe("indexer config", () => {
  it("fills in defaults and absolute paths", () => {
    const file = writeConfig(GOOD);
    const config = loadConfig(file);
    expect(config.subgraph).to.equal(join(dirname(file), "build"));
    expect(config.database).to.equal(join(dirname(file), "data/index.db"));
    expect(config).to.deep.include({ undoBlocks: 64, pollMs: 250, blockData: "onDemand", overrides: {} });
    expect(config).to.deep.include({ streamsPerAddress: 64, queryTimeMs: 2_000, extensions: [] });
  });

  it("takes modules of extensions from the folder of the file", () => {
    const file = writeConfig({ ...GOOD, extensions: [{ module: "catalog/extension.ts", settings: { a: 1 } }] });
    expect(loadConfig(file).extensions).to.deep.equal([
      { module: join(dirname(file), "catalog/extension.ts"), settings: { a: 1 } },
    ]);
  });

  it("takes override addresses in lower case", () => {
    const config = loadConfig(
      writeConfig({ ...GOOD, overrides: { X: { address: `0x${"Ab".repeat(20)}`, startBlock: 3 } } }),
    );
    expect(config.overrides).to.deep.equal({ X: { address: `0x${"ab".repeat(20)}`, startBlock: 3 } });
  });

  const wrong: readonly (readonly [field: string, config: object])[] = [
    ["rpcUrls", { ...GOOD, rpcUrls: [] }],
    ["rpcUrls[0]", { ...GOOD, rpcUrls: ["ftp://x"] }],
    ["chainId", { ...GOOD, chainId: "1" }],
    ["subgraph", { ...GOOD, subgraph: undefined }],
    ["database", { ...GOOD, database: "" }],
    ["listen", { ...GOOD, listen: undefined }],
    ["listen.port", { ...GOOD, listen: { host: "x", port: 70_000 } }],
    ["undoBlocks", { ...GOOD, undoBlocks: 0 }],
    ["pollMs", { ...GOOD, pollMs: 1.5 }],
    ["streamsPerAddress", { ...GOOD, streamsPerAddress: 0 }],
    ["streamsPerAddress", { ...GOOD, streamsPerAddress: 1_001 }],
    ["queryTimeMs", { ...GOOD, queryTimeMs: 9 }],
    ["queryTimeMs", { ...GOOD, queryTimeMs: "2s" }],
    ["overrides.X.address", { ...GOOD, overrides: { X: { address: "0x12" } } }],
  ];
  for (const [field, config] of wrong) {
    it(`names \`${field}\` when it is wrong`, () => {
      expect(() => loadConfig(writeConfig(config))).to.throw(`: ${field} `);
    });
  }

  it("names a field that it does not know", () => {
    expect(() => loadConfig(writeConfig({ ...GOOD, undoBlock: 3 }))).to.throw("undoBlock");
  });

  it("says when the file is missing or not JSON", () => {
    const folder = temporaryFolder();
    expect(() => loadConfig(join(folder, "none.json"))).to.throw("none.json cannot be read: it does not exist");
    writeFileSync(join(folder, "bad.json"), "{");
    expect(() => loadConfig(join(folder, "bad.json"))).to.throw("is not JSON");
  });
});
