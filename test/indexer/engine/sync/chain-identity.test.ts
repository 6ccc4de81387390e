import { expect } from "chai";

import { waitUntil } from "../../../helpers/wait-until.ts";
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

  it("indexes a restarted chain anew when told to", async () => {
    const database = await indexFirst();
    await restarted.call("move", accountAddress(0x1003), 1n, 9n, "third", 0);
    const indexer = startTestIndexer(fixture, restarted, { database, onChainRestart: "resync" });
    await indexer.reachHead();
    const fresh = startTestIndexer(fixture, restarted);
    await fresh.reachHead();
    expect(dumpEntities(database)).to.deep.equal(dumpEntities(fresh.config.database));
    await fresh.stop();
    await indexer.stop();
  });

  it("indexes a chain anew that is restarted under it", async () => {
    const proxy = await startChainProxy(ledger.chain.url);
    const indexer = startTestIndexer(fixture, ledger, { rpcUrls: [proxy.url], onChainRestart: "resync" });
    await indexer.reachHead();
    proxy.answer = ({ method, params }) => restarted.chain.rpc(method, ...params);
    const { hash } = await restarted.chain.head();
    await waitUntil("the other chain is indexed", () => indexer.status()?.block?.hash === hash, 20_000);
    expect(indexer.query(`{ accounts { note } }`)).to.deep.equal({ accounts: [{ note: "third" }] });
    await indexer.stop();
    await proxy.stop();
  });

  it("undoes what the chain does not call final, however old", async () => {
    await twin.chain.mine(40);
    await twin.call("move", accountAddress(0x1004), 2n, 4n, "", 0);
    await twin.chain.mine(20);
    const indexer = startTestIndexer(fixture, twin, { undoBlocks: 3, finalizedTag: true });
    await indexer.reachHead();
    await twin.chain.reorg(30);
    await indexer.reachHead();
    expect(indexer.status()?.reorgs).to.equal(1);
    expect(indexer.query(`{ deposits(where: { ref: 2 }) { id } }`)).to.deep.equal({ deposits: [] });
    await indexer.stop();
  });
});
