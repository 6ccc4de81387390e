import { expect } from "chai";
import { existsSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import { pino } from "pino";

import { replayIndex } from "../../../../indexer/engine/operations/replay.ts";
import { rewindIndex } from "../../../../indexer/engine/operations/rewind.ts";
import { verifyIndex } from "../../../../indexer/engine/operations/verify.ts";
import { buildFixture } from "../../fixture/build-fixture.ts";
import type { Fixture } from "../../fixture/build-fixture.ts";
import { startLedgerChain } from "../../fixture/ledger-chain.ts";
import type { LedgerChain } from "../../fixture/ledger-chain.ts";
import { actAtRandom, seededRandom } from "../../fixture/random-activity.ts";
import { dumpEntities, startTestIndexer } from "../../fixture/test-indexer.ts";
import type { TestIndexer } from "../../fixture/test-indexer.ts";

const logger = pino({ level: "silent" });

describe("operations on a database", function () {
  this.timeout(180_000);
  let fixture: Fixture;
  let ledger: LedgerChain;
  let indexer: TestIndexer;

  before(async () => {
    fixture = await buildFixture();
    ledger = await startLedgerChain(fixture);
    await actAtRandom(ledger, seededRandom(5), 20);
  });

  beforeEach(async () => {
    indexer = startTestIndexer(fixture, ledger);
    await indexer.reachHead();
  });

  afterEach(() => indexer.stop());
  after(() => ledger.chain.stop());

  /** Writes into the database behind the indexer's back. */
  function damage(sql: string): void {
    const database = new DatabaseSync(indexer.config.database);
    database.exec(sql);
    database.close();
  }

  it("rewind is made up for by the next run", async () => {
    const { number } = await ledger.chain.head();
    const before = dumpEntities(indexer.config.database);
    await indexer.stop();
    expect(rewindIndex(indexer.config, number - 7)).to.contain(`rewound 7 blocks, from ${number} to ${number - 7}`);
    expect(dumpEntities(indexer.config.database)).to.not.deep.equal(before);
    const again = startTestIndexer(fixture, ledger, { database: indexer.config.database });
    await again.reachHead();
    await again.stop();
    expect(dumpEntities(indexer.config.database)).to.deep.equal(before);
  });

  it("rewind names the blocks that it can go back to", async () => {
    await indexer.stop();
    expect(() => rewindIndex(indexer.config, 1_000_000)).to.throw(
      /cannot rewind to block 1000000: .+ from \d+ to \d+;/,
    );
  });

  it("verify finds the database right", async () => {
    await indexer.stop();
    const { number } = await ledger.chain.head();
    const result = await verifyIndex(indexer.config, logger);
    expect(result)
      .to.match(/^\d+ entities equal a fresh index/)
      .and.to.contain(`block ${number}`);
    expect(existsSync(`${indexer.config.database}.verify`)).to.equal(false);
  });

  it("verify names what was changed, added and removed", async () => {
    await indexer.stop();
    damage(`UPDATE "e_Account" SET name = 'forged' WHERE id = (SELECT min(id) FROM "e_Account")`);
    damage(`DELETE FROM "e_Deposit" WHERE id = (SELECT max(id) FROM "e_Deposit")`);
    const failure = await verifyIndex(indexer.config, logger).catch((error: Error) => error.message);
    expect(failure).to.match(/differs from the chain at block \d+: Account 0x[0-9a-f]{40}; Deposit 0x[0-9a-f]{72}$/);
  });

  it("replay repairs a damaged database", async () => {
    const before = dumpEntities(indexer.config.database);
    await indexer.stop();
    damage(`UPDATE "e_Account" SET balance = X'8000'`);
    expect(await replayIndex(indexer.config, logger)).to.match(/^indexed anew up to block \d+$/);
    expect(dumpEntities(indexer.config.database)).to.deep.equal(before);
    expect(await verifyIndex(indexer.config, logger)).to.match(/^\d+ entities equal/);
  });

  it("refuse a database in use", async () => {
    const inUse = /another indexer already uses the database/;
    expect(() => rewindIndex(indexer.config, 1)).to.throw(inUse);
    for (const operation of [replayIndex, verifyIndex]) {
      const failure = await operation(indexer.config, logger).catch((error: Error) => error.message);
      expect(failure).to.match(inUse);
    }
  });
});
