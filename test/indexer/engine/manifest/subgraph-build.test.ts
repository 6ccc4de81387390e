import { expect } from "chai";
import { cpSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pino } from "pino";

import { loadSubgraphBuild } from "../../../../indexer/engine/manifest/subgraph-build.ts";
import { ChainSource } from "../../../../indexer/engine/rpc/chain-source.ts";
import { RpcClient } from "../../../../indexer/engine/rpc/rpc-client.ts";
import { IndexStore } from "../../../../indexer/engine/store/index-store.ts";
import { BlockProcessor } from "../../../../indexer/engine/sync/block-processor.ts";
import { buildFixture } from "../../fixture/build-fixture.ts";
import { temporaryFolder } from "../../fixture/temporary-folder.ts";

const ADDRESS = `0x${"ab".repeat(20)}`;

describe("subgraph build", function () {
  this.timeout(120_000);
  let original = "";

  before(async () => {
    original = (await buildFixture()).subgraph;
  });

  /** A copy of the build with its manifest changed. */
  function changed(change: (manifest: string) => string): string {
    const folder = join(temporaryFolder(), "build");
    cpSync(original, folder, { recursive: true });
    const manifest = join(folder, "subgraph.yaml");
    writeFileSync(manifest, change(readFileSync(manifest, "utf8")));
    return folder;
  }

  it("reads data sources, templates and handlers", () => {
    const build = loadSubgraphBuild(original, { Ledger: { address: ADDRESS, startBlock: 9 } });
    expect(build.dataSources.map(({ name, address, startBlock }) => ({ name, address, startBlock }))).to.deep.equal([
      { name: "Ledger", address: ADDRESS, startBlock: 9 },
    ]);
    expect(build.templates.map((template) => template.name)).to.deep.equal(["Child"]);
    expect(build.dataSources[0]?.mapping.handlers.filter((handler) => handler.receipt)).to.have.lengthOf(1);
    expect([...build.wasm.keys()]).to.have.lengthOf(2);
  });

  it("is another deployment with other overrides or code", () => {
    const plain = loadSubgraphBuild(original, {}).deployment;
    expect(loadSubgraphBuild(original, {}).deployment).to.equal(plain);
    expect(loadSubgraphBuild(original, { Ledger: { address: ADDRESS } }).deployment).not.to.equal(plain);
    const other = changed((text) => text.replace("data: hello", "data: goodbye"));
    expect(loadSubgraphBuild(other, {}).deployment).not.to.equal(plain);
  });

  it("refuses overrides of sources that it lacks", () => {
    expect(() => loadSubgraphBuild(original, { Nobody: {} })).to.throw("overrides `Nobody`");
  });

  it("names the file that is missing", () => {
    const folder = changed((text) => text);
    rmSync(join(folder, "schema.graphql"));
    expect(() => loadSubgraphBuild(folder, {})).to.throw("schema.graphql");
  });

  const wrong: Record<string, readonly [from: string, to: string, message: string]> = {
    "an old API version": [
      "apiVersion: 0.0.9",
      "apiVersion: 0.0.4",
      "`dataSources.0.mapping.apiVersion`: must be one of 0.0.7",
    ],
    "an unknown event": [
      "Closed(indexed address)",
      "Closed(indexed uint8)",
      "no event with the signature `Closed(indexed uint8)`",
    ],
    "another kind": ["kind: ethereum\n", "kind: near\n", "`dataSources.0.kind`: must be `ethereum`"],
    "a feature it lacks": [
      "specVersion: 1.2.0",
      "specVersion: 1.2.0\nfeatures: [fullTextSearch]",
      "`fullTextSearch` is not supported",
    ],
    "block handlers": [
      "      eventHandlers:",
      "      blockHandlers: [{ handler: x }]\n      eventHandlers:",
      "`Ledger` has blockHandlers",
    ],
  };
  for (const [what, [from, to, message]] of Object.entries(wrong)) {
    it(`refuses ${what}`, () => {
      expect(() =>
        loadSubgraphBuild(
          changed((text) => text.replace(from, to)),
          {},
        ),
      ).to.throw(message);
    });
  }

  it("refuses a handler that the module lacks", () => {
    const build = loadSubgraphBuild(
      changed((text) => text.replace("handler: handleClosed", "handler: handleOpened")),
      {},
    );
    const store = IndexStore.open(join(temporaryFolder(), "x.db"), build.schema, { deployment: "x", chainId: 1 });
    const source = new ChainSource(new RpcClient(["http://127.0.0.1:1"], { signal: new AbortController().signal }));
    const start = (): BlockProcessor =>
      new BlockProcessor({ build, store, source, logger: pino({ level: "silent" }), blockData: "onDemand" });
    expect(start).to.throw("lacks the handler `handleOpened`");
    store.close();
  });
});
