import { expect } from "chai";
import { encodeFunctionData } from "viem";
import type { Address } from "viem";

import type { IndexerConfig } from "../../../../indexer/engine/config/indexer-config.ts";
import { testAccount } from "../../../helpers/anvil.ts";
import { waitUntil } from "../../../helpers/wait-until.ts";
import { buildFixture } from "../../fixture/build-fixture.ts";
import type { Fixture } from "../../fixture/build-fixture.ts";
import { startChainProxy } from "../../fixture/chain-proxy.ts";
import type { ChainProxy } from "../../fixture/chain-proxy.ts";
import { accountAddress, startLedgerChain } from "../../fixture/ledger-chain.ts";
import type { LedgerChain } from "../../fixture/ledger-chain.ts";
import { actAtRandom, seededRandom } from "../../fixture/random-activity.ts";
import { dumpEntities, startTestIndexer } from "../../fixture/test-indexer.ts";
import type { TestIndexer } from "../../fixture/test-indexer.ts";

describe("chain follower", function () {
  this.timeout(180_000);
  const random = seededRandom(20_260_721);
  let fixture: Fixture;
  let ledger: LedgerChain;
  let proxy: ChainProxy;
  const running: TestIndexer[] = [];

  before(async () => {
    fixture = await buildFixture();
    ledger = await startLedgerChain(fixture);
    proxy = await startChainProxy(ledger.chain.url);
  });

  afterEach(async () => {
    proxy.answer = (call) => call.forward();
    await Promise.all(running.splice(0).map((indexer) => indexer.stop()));
  });

  after(async () => {
    await proxy.stop();
    await ledger.chain.stop();
  });

  function start(changes: Partial<IndexerConfig> = {}): TestIndexer {
    const indexer = startTestIndexer(fixture, ledger, changes);
    running.push(indexer);
    return indexer;
  }

  /** What an indexer that starts now finds. */
  async function replay(changes: Partial<IndexerConfig> = {}): Promise<string[]> {
    const fresh = startTestIndexer(fixture, ledger, changes);
    await fresh.reachHead();
    await fresh.stop();
    return dumpEntities(fresh.config.database);
  }

  const robots = (indexer: TestIndexer): unknown[] => indexer.query<{ robots: unknown[] }>("{ robots { id } }").robots;

  for (const depth of [1, 5, 12]) {
    it(`equals a replay after a reorg of ${depth}`, async () => {
      const indexer = start();
      await actAtRandom(ledger, random, depth + 4);
      await ledger.call("move", accountAddress(0x1001), BigInt(depth), 1n, "last", 0);
      await indexer.reachHead();
      const before = dumpEntities(indexer.config.database);
      await ledger.chain.reorg(depth);
      await indexer.reachHead();
      expect(dumpEntities(indexer.config.database)).to.deep.equal(await replay());
      expect(dumpEntities(indexer.config.database), "the reorg took something back").not.to.deep.equal(before);
      await actAtRandom(ledger, random, 4);
      await indexer.reachHead();
      expect(dumpEntities(indexer.config.database)).to.deep.equal(await replay());
      const unwound = indexer.events.flatMap((event) =>
        event.kind === "committed" && event.unwound > 0 ? [event.unwound] : [],
      );
      expect(unwound.reduce((sum, blocks) => sum + blocks, 0)).to.equal(depth);
    });
  }

  it("equals a replay after a reorg while it was down", async () => {
    const first = start();
    await actAtRandom(ledger, random, 6);
    await first.reachHead();
    await first.stop();
    await ledger.chain.reorg(5);
    await actAtRandom(ledger, random, 3);
    const second = start({ database: first.config.database });
    await second.reachHead();
    expect(dumpEntities(second.config.database)).to.deep.equal(await replay());
  });

  for (const state of ["live", "down"] as const) {
    it(`equals a replay after a shorter fork took over while it was ${state}`, async () => {
      const first = start();
      await actAtRandom(ledger, random, 2);
      const snapshot = await ledger.chain.rpc("evm_snapshot");
      await actAtRandom(ledger, random, 6);
      await first.reachHead();
      if (state === "down") await first.stop();
      await ledger.chain.rpc("evm_revert", snapshot);
      await ledger.call("move", accountAddress(0x1006), 4n, 4n, "of the shorter fork", 0);
      const indexer = state === "live" ? first : start({ database: first.config.database });
      await indexer.reachHead();
      expect(dumpEntities(indexer.config.database)).to.deep.equal(await replay());
    });
  }

  it("equals a replay after reorgs on top of each other", async () => {
    const indexer = start();
    await actAtRandom(ledger, random, 12);
    await indexer.reachHead();
    for (const depth of [9, 3, 12]) {
      await ledger.chain.reorg(depth);
      await actAtRandom(ledger, random, 1);
    }
    await indexer.reachHead();
    expect(dumpEntities(indexer.config.database)).to.deep.equal(await replay());
  });

  it("forgets data sources that a reorg took back", async () => {
    const indexer = start();
    await indexer.reachHead();
    const known = robots(indexer).length;
    await ledger.call("spawn", 1n);
    await indexer.reachHead();
    expect(robots(indexer)).to.have.lengthOf(known + 1);
    await ledger.chain.reorg(1);
    await indexer.reachHead();
    expect(robots(indexer)).to.have.lengthOf(known);
    expect(dumpEntities(indexer.config.database)).to.deep.equal(await replay());
  });

  it("finds the same in long ranges as block by block", async () => {
    await actAtRandom(ledger, random, 10);
    const child = await spawnChild();
    await ping(child, 5n);
    await actAtRandom(ledger, random, 4);
    await ping(child, 6n);
    await ledger.chain.mine(3);
    const blockByBlock = await replay({ undoBlocks: 10_000 });
    expect(await replay({ undoBlocks: 1 })).to.deep.equal(blockByBlock);
    expect(blockByBlock.join("\n")).to.contain(child.slice(2).toLowerCase());
  });

  it("finds the same when whole blocks are always fetched", async () => {
    expect(await replay({ blockData: "always" })).to.deep.equal(await replay());
  });

  it("finds the same from an endpoint that sends no times with logs", async () => {
    proxy.answer = async ({ method, forward }) => {
      const result = await forward();
      if (method !== "eth_getLogs") return result;
      return (result as object[]).map((log) => ({ ...log, blockTimestamp: undefined }));
    };
    expect(await replay({ rpcUrls: [proxy.url], undoBlocks: 1 })).to.deep.equal(await replay());
  });

  it("finds the same from an endpoint that refuses long ranges", async () => {
    await actAtRandom(ledger, random, 12);
    let refused = 0;
    proxy.answer = async ({ method, params, forward }) => {
      const { fromBlock = "0x0", toBlock = "0x0" } = (params[0] ?? {}) as Partial<Record<string, string>>;
      if (method !== "eth_getLogs" || Number(toBlock) - Number(fromBlock) < 5) return forward();
      refused++;
      throw new Error("query returned more than 10 blocks");
    };
    expect(await replay({ rpcUrls: [proxy.url], undoBlocks: 1 })).to.deep.equal(await replay());
    expect(refused).to.be.greaterThan(0);
  });

  it("finds the same from an endpoint that shuffles, repeats and removes logs", async () => {
    proxy.answer = async ({ method, forward }) => {
      const result = await forward();
      if (method !== "eth_getLogs") return result;
      const logs = result as { logIndex: string }[];
      const removed = logs.map((log) => ({ ...log, logIndex: "0xff", removed: true }));
      return [...logs, ...logs.slice(0, 5), ...removed].reverse();
    };
    expect(await replay({ rpcUrls: [proxy.url] })).to.deep.equal(await replay());
  });

  it("waits when an endpoint lags behind", async () => {
    const indexer = start({ rpcUrls: [proxy.url] });
    await indexer.reachHead();
    const { number } = await ledger.chain.head();
    let asked = 0;
    proxy.answer = async ({ method, params, forward }) => {
      if (method !== "eth_getBlockByNumber" || params[0] !== "latest") return forward();
      asked++;
      return ledger.chain.rpc("eth_getBlockByNumber", `0x${(number - 3).toString(16)}`, false);
    };
    await waitUntil("the old head was seen", () => asked > 3);
    expect(indexer.status()).to.deep.include({ reorgs: 0 });
    expect(indexer.status()?.block?.number).to.equal(number);
  });

  it("takes no block from an endpoint that makes heads up", async () => {
    const indexer = start({ rpcUrls: [proxy.url] });
    await indexer.reachHead();
    const { number } = await ledger.chain.head();
    let lies = 0;
    proxy.answer = async ({ method, params, forward }) => {
      if (method !== "eth_getBlockByNumber" || params[0] !== "latest" || ++lies > 5) return forward();
      const block = (await forward()) as object;
      const made = (seed: number): string => `0x${(lies * 16 + seed).toString(16).padStart(64, "0")}`;
      return { ...block, number: `0x${(number + 3).toString(16)}`, hash: made(1), parentHash: made(2) };
    };
    await waitUntil("it heard the lies", () => lies > 5, 30_000);
    await ledger.call("move", accountAddress(0x1005), 3n, 3n, "", 0);
    await indexer.reachHead();
    expect(dumpEntities(indexer.config.database)).to.deep.equal(await replay());
  });

  it("misses nothing of an endpoint that has a block before its logs", async () => {
    const indexer = start({ rpcUrls: [proxy.url] });
    await indexer.reachHead();
    let early = 0;
    proxy.answer = async ({ method, params, forward }) => {
      if (method !== "eth_getLogs" || early >= 2) return forward();
      early++;
      if ((params[0] as { blockHash?: string }).blockHash !== undefined) throw new Error("unknown block");
      return [];
    };
    await ledger.call("move", accountAddress(0x1004), 2n, 2n, "", 0);
    await indexer.reachHead();
    expect(early).to.equal(2);
    expect(dumpEntities(indexer.config.database)).to.deep.equal(await replay());
  });

  it("takes logs with gaps between their indexes", async () => {
    proxy.answer = async ({ method, forward }) => {
      const result = await forward();
      if (method !== "eth_getLogs") return result;
      const spread = (index: string): string => `0x${(Number(index) * 1_000 + 7).toString(16)}`;
      return (result as { logIndex: string }[]).map((log) => ({ ...log, logIndex: spread(log.logIndex) }));
    };
    const indexer = start({ rpcUrls: [proxy.url] });
    await indexer.reachHead();
    const plain = start({});
    await plain.reachHead();
    const count = "{ accounts(orderBy: id) { id balance count } deposits(first: 1000, orderBy: amount) { amount } }";
    expect(indexer.query(count)).to.deep.equal(plain.query(count));
  });

  it("survives an endpoint that goes away for a while", async () => {
    const indexer = start({ rpcUrls: [proxy.url] });
    await indexer.reachHead();
    proxy.status = 502;
    await ledger.call("move", accountAddress(0x1003), 1n, 1n, "", 0);
    await waitUntil("it notices", () => indexer.status()?.state === "disconnected", 20_000);
    expect(indexer.status()?.problem).to.contain("answered with status 502");
    proxy.status = 200;
    await indexer.reachHead();
    expect(dumpEntities(indexer.config.database)).to.deep.equal(await replay());
  });

  async function spawnChild(): Promise<Address> {
    const before = new Set((await replay()).filter((line) => line.startsWith("data_sources")));
    await ledger.call("spawn", 77n);
    const created = (await replay()).filter((line) => line.startsWith("data_sources") && !before.has(line));
    expect(created).to.have.lengthOf(1);
    return (JSON.parse(created[0]?.slice("data_sources ".length) ?? "{}") as { address: Address }).address;
  }

  async function ping(child: Address, value: bigint): Promise<void> {
    const data = encodeFunctionData({ abi: fixture.childAbi, functionName: "ping", args: [value] });
    await ledger.chain.send({ from: testAccount(0).address, to: child, data });
  }
});
