import { expect } from "chai";

import { buildFixture } from "../../fixture/build-fixture.ts";
import type { Fixture } from "../../fixture/build-fixture.ts";
import { startChainProxy } from "../../fixture/chain-proxy.ts";
import { accountAddress, startLedgerChain } from "../../fixture/ledger-chain.ts";
import type { LedgerChain } from "../../fixture/ledger-chain.ts";
import { dumpEntities, startTestIndexer } from "../../fixture/test-indexer.ts";

describe("chain identity", function () {
  this.timeout(180_000);
  const now = Math.floor(Date.now() / 1_000);
  let fixture: Fixture;
  let ledger: LedgerChain;
  let restarted: LedgerChain;
  let twin: LedgerChain;

  before(async () => {
    fixture = await buildFixture();
    ledger = await startLedgerChain(fixture, { timestamp: now - 1_000 });
    restarted = await startLedgerChain(fixture, { timestamp: now - 900 });
    twin = await startLedgerChain(fixture, { timestamp: now - 1_000 });
    await ledger.call("move", accountAddress(0x1001), 1n, 5n, "first", 0);
    await twin.call("move", accountAddress(0x1002), 1n, 7n, "second", 0);
  });

  after(async () => {
    for (const chain of [ledger, restarted, twin]) await chain.chain.stop();
  });

  /** A database that was made from the first chain. */
  async function indexFirst(undoBlocks = 64): Promise<string> {
    const indexer = startTestIndexer(fixture, ledger, { undoBlocks });
    await indexer.reachHead();
    await indexer.stop();
    return indexer.config.database;
  }

  it("refuses an endpoint on another chain id", async () => {
    const indexer = startTestIndexer(fixture, ledger, { chainId: 5 });
    expect(await indexer.ended).to.equal("the RPC endpoint is on chain 31337, but the config says `chainId`: 5");
  });

  it("refuses a chain that was restarted while it was down", async () => {
    const indexer = startTestIndexer(fixture, ledger, { database: await indexFirst(), rpcUrls: [restarted.chain.url] });
    expect(await indexer.ended).to.match(/^chain restarted: block 0 is 0x[0-9a-f]{64}, but the database was made from/);
  });

  it("notices a chain that is restarted under it", async () => {
    const proxy = await startChainProxy(ledger.chain.url);
    const indexer = startTestIndexer(fixture, ledger, { rpcUrls: [proxy.url] });
    await indexer.reachHead();
    proxy.answer = ({ method, params }) => restarted.chain.rpc(method, ...params);
    expect(await indexer.ended).to.match(/^chain restarted: block 0/);
    await proxy.stop();
  });

  it("unwinds to the genesis that a restarted chain shares", async () => {
    const indexer = startTestIndexer(fixture, twin, { database: await indexFirst() });
    await indexer.reachHead();
    const fresh = startTestIndexer(fixture, twin);
    await fresh.reachHead();
    expect(dumpEntities(indexer.config.database)).to.deep.equal(dumpEntities(fresh.config.database));
    await fresh.stop();
    await indexer.stop();
  });

  it("refuses a chain that differs before the undo window", async () => {
    await ledger.chain.mine(10);
    await twin.chain.mine(12);
    const database = await indexFirst(3);
    const indexer = startTestIndexer(fixture, ledger, { database, undoBlocks: 3, rpcUrls: [twin.chain.url] });
    expect(await indexer.ended).to.match(
      /chain restarted: block \d+ is|reorganized deeper than the \d+ blocks that can be unwound/,
    );
  });
});
