import { DatabaseSync } from "node:sqlite";
import { expect } from "chai";

import { buildFixture } from "../../indexer/fixture/build-fixture.ts";
import { startLedgerChain } from "../../indexer/fixture/ledger-chain.ts";
import type { LedgerChain } from "../../indexer/fixture/ledger-chain.ts";
import { actAtRandom, seededRandom } from "../../indexer/fixture/random-activity.ts";
import { dumpEntities, startTestIndexer, writeConfig } from "../../indexer/fixture/test-indexer.ts";
import { pqmesh } from "./support/run-pqmesh.ts";

describe("pqmesh indexer", function () {
  this.timeout(180_000);
  let ledger: LedgerChain;
  let config: string;
  let database: string;
  let entities: string[];

  before(async () => {
    const fixture = await buildFixture();
    ledger = await startLedgerChain(fixture);
    await actAtRandom(ledger, seededRandom(8), 15);
    const indexer = startTestIndexer(fixture, ledger);
    await indexer.reachHead();
    await indexer.stop();
    database = indexer.config.database;
    config = writeConfig(indexer.config);
    entities = dumpEntities(database);
  });

  after(() => ledger.chain.stop());

  const run = async (...args: string[]) => {
    const { status, stdout, json } = await pqmesh(["--json", "indexer", ...args, "--config", config]);
    return { status, stdout, ...json<{ result?: string; error?: string }>() };
  };

  it("verify says that a store is right", async () => {
    const { status, result } = await run("verify");
    expect(result).to.match(/^\d+ entities equal a fresh index/);
    expect(status).to.equal(0);
  });

  it("verify refutes a store that was changed, and replay mends it", async () => {
    const store = new DatabaseSync(database);
    store.exec(`UPDATE "e_Account" SET name = 'forged' WHERE id = (SELECT min(id) FROM "e_Account")`);
    store.close();
    const refuted = await run("verify");
    expect(refuted.error).to.match(/^the database differs from the chain at block \d+: Account 0x/);
    expect(refuted.status, "a check whose answer is no").to.equal(3);
    const { status, result } = await run("replay");
    expect(result).to.match(/^indexed anew up to block \d+$/);
    expect(status).to.equal(0);
    expect(dumpEntities(database)).to.deep.equal(entities);
  });

  it("rewind takes the newest blocks back, and says how far it can go", async () => {
    const { number } = await ledger.chain.head();
    const { status, result } = await run("rewind", "--to", `${number - 4}`);
    expect(result).to.contain(`rewound 4 blocks, from ${number} to ${number - 4}`);
    expect(status).to.equal(0);
    expect(dumpEntities(database)).to.not.deep.equal(entities);
    const beyond = await run("rewind", "--to", "1000000");
    expect(beyond.error).to.match(/^cannot rewind to block 1000000: .+ from \d+ to \d+;/);
    expect(beyond.status).to.equal(1);
  });
});
