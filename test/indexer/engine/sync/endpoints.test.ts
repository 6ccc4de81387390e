import { expect } from "chai";

import type { IndexerConfig } from "../../../../indexer/engine/config/indexer-config.ts";
import { waitUntil } from "../../../helpers/wait-until.ts";
import { buildFixture } from "../../fixture/build-fixture.ts";
import type { Fixture } from "../../fixture/build-fixture.ts";
import { startChainProxy } from "../../fixture/chain-proxy.ts";
import type { ChainProxy, ProxiedCall } from "../../fixture/chain-proxy.ts";
import { accountAddress, startLedgerChain } from "../../fixture/ledger-chain.ts";
import type { LedgerChain } from "../../fixture/ledger-chain.ts";
import { actAtRandom, seededRandom } from "../../fixture/random-activity.ts";
import { dumpEntities, startTestIndexer } from "../../fixture/test-indexer.ts";
import type { TestIndexer } from "../../fixture/test-indexer.ts";

const ROUNDS = 2;
/** Refused requests in a round, of which two can be under way at once. */
const REFUSED = 4;

describe("chain follower and several endpoints", function () {
  this.timeout(120_000);
  const random = seededRandom(3);
  let fixture: Fixture;
  let ledger: LedgerChain;
  let first: ChainProxy;
  let second: ChainProxy;
  const running: TestIndexer[] = [];

  before(async () => {
    fixture = await buildFixture();
    ledger = await startLedgerChain(fixture);
    first = await startChainProxy(ledger.chain.url);
    second = await startChainProxy(ledger.chain.url);
    await actAtRandom(ledger, random, 10);
  });

  afterEach(async () => {
    for (const proxy of [first, second]) {
      proxy.answer = (call) => call.forward();
      proxy.status = 200;
      proxy.headers = {};
    }
    await Promise.all(running.splice(0).map((indexer) => indexer.stop()));
  });

  after(async () => {
    await first.stop();
    await second.stop();
    await ledger.chain.stop();
  });

  function start(changes: Partial<IndexerConfig>): TestIndexer {
    const indexer = startTestIndexer(fixture, ledger, changes);
    running.push(indexer);
    return indexer;
  }

  async function expectEqualToReplay(indexer: TestIndexer): Promise<void> {
    await indexer.reachHead();
    const fresh = start({});
    await fresh.reachHead();
    expect(dumpEntities(indexer.config.database)).to.deep.equal(dumpEntities(fresh.config.database));
  }

  /** Lets a proxy answer as a node does that stands still at a block: it knows nothing above, and does not say so. */
  function stopAt(proxy: ChainProxy, block: number): void {
    const limit = `0x${block.toString(16)}`;
    proxy.answer = async ({ method, params, forward }) => {
      const [what] = params as [string | { fromBlock?: string; toBlock?: string; blockHash?: string }];
      if (method === "eth_getBlockByNumber" && what === "latest") {
        return ledger.chain.rpc("eth_getBlockByNumber", limit, false);
      }
      if (method === "eth_getBlockByNumber" && Number(what) > block) return null;
      if (method !== "eth_getLogs" || typeof what === "string") return forward();
      const logs = (await forward()) as { blockNumber: string }[];
      return logs.filter(({ blockNumber }) => Number(blockNumber) <= block);
    };
  }

  it("keeps to a rate limit, live and while it catches up", async () => {
    const indexer = start({ rpcUrls: [first.url], undoBlocks: 1 });
    for (let round = 0; round < ROUNDS; round++) {
      first.status = 429;
      first.headers = { "retry-after": "1" };
      await actAtRandom(ledger, random, 3);
      const before = first.requests;
      const begun = performance.now();
      await waitUntil("it asked again and again", () => first.requests >= before + REFUSED, 20_000);
      expect(performance.now() - begun, `milliseconds of ${REFUSED} requests`).to.be.greaterThan(900);
      first.status = 200;
      await expectEqualToReplay(indexer);
    }
  });

  it("leaves an endpoint that stalls, live and while it catches up", async () => {
    const stall = (call: ProxiedCall): Promise<unknown> =>
      call.method === "eth_getLogs" ? new Promise(() => undefined) : call.forward();
    first.answer = stall;
    const indexer = start({ rpcUrls: [first.url, second.url], undoBlocks: 1, rpcTimeoutMs: 200 });
    await expectEqualToReplay(indexer);
    second.answer = stall;
    first.answer = (call) => call.forward();
    await actAtRandom(ledger, random, 3);
    await expectEqualToReplay(indexer);
    expect(indexer.status()?.rpcFailures).to.be.greaterThan(1);
  });

  it("goes on when its only endpoint stalls for a while", async () => {
    const indexer = start({ rpcUrls: [first.url], rpcTimeoutMs: 200 });
    await indexer.reachHead();
    first.answer = () => new Promise(() => undefined);
    await actAtRandom(ledger, random, 3);
    await waitUntil("it notices", () => indexer.status()?.state === "disconnected", 20_000);
    first.answer = (call) => call.forward();
    await expectEqualToReplay(indexer);
  });

  it("misses nothing of an endpoint that lags behind the others", async () => {
    const { number } = await ledger.chain.head();
    await actAtRandom(ledger, random, 8);
    stopAt(second, number);
    let failing = 0;
    first.answer = async (call) => {
      if (call.method === "eth_getLogs" && failing++ < 2) throw new Error("rate limit");
      return call.forward();
    };
    for (const undoBlocks of [1, 64]) {
      failing = 0;
      await expectEqualToReplay(start({ rpcUrls: [first.url, second.url], undoBlocks }));
      expect(failing, "the first endpoint failed").to.be.greaterThan(2);
    }
  });

  it("asks again before it believes that a block has no logs although its bloom filter matches", async () => {
    const indexer = start({ rpcUrls: [first.url, second.url] });
    await indexer.reachHead();
    let withheld = 0;
    const withhold = async ({ method, forward }: ProxiedCall): Promise<unknown> => {
      if (method !== "eth_getLogs") return forward();
      withheld++;
      return [];
    };
    first.answer = withhold;
    for (let i = 0n; i < 3n; i++) await ledger.call("move", accountAddress(0x1004), i, 1n, "", 0);
    await expectEqualToReplay(indexer);
    expect(withheld, "answers without logs").to.be.greaterThan(0);
  });

  it("asks its only endpoint once more before it believes that a block has no logs, and goes on", async () => {
    const indexer = start({ rpcUrls: [first.url] });
    await indexer.reachHead();
    let lies = 1;
    first.answer = async (call) => (call.method === "eth_getLogs" && lies-- > 0 ? [] : call.forward());
    await ledger.call("move", accountAddress(0x1005), 1n, 1n, "", 0);
    await expectEqualToReplay(indexer);
    expect(lies, "questions after the lie").to.be.lessThan(0);
    first.answer = (call) => (call.method === "eth_getLogs" ? Promise.resolve([]) : call.forward());
    await ledger.call("move", accountAddress(0x1005), 2n, 1n, "", 0);
    await indexer.reachHead();
  });

  it("does not stay with an endpoint that stands still", async () => {
    const { number } = await ledger.chain.head();
    stopAt(first, number);
    const indexer = start({ rpcUrls: [first.url, second.url] });
    await waitUntil("it is at the old head", () => indexer.status()?.block?.number === number, 20_000);
    await ledger.call("move", accountAddress(0x1003), 1n, 1n, "", 0);
    await expectEqualToReplay(indexer);
  });

  it("does not stay with an endpoint that makes heads up", async () => {
    const { number } = await ledger.chain.head();
    let lies = 0;
    first.answer = async ({ method, params, forward }) => {
      if (method !== "eth_getBlockByNumber" || params[0] !== "latest") return forward();
      const made = (seed: number): string => `0x${(++lies * 16 + seed).toString(16).padStart(64, "0")}`;
      return { ...((await forward()) as object), number: `0x${(number + 30).toString(16)}`, hash: made(1) };
    };
    const indexer = start({ rpcUrls: [first.url, second.url] });
    await waitUntil("it heard a lie", () => lies > 0);
    await ledger.call("move", accountAddress(0x1004), 1n, 1n, "", 0);
    await expectEqualToReplay(indexer);
  });

  it("takes nothing from an endpoint on another chain", async () => {
    first.answer = ({ method, forward }) => (method === "eth_chainId" ? Promise.resolve("0x1") : forward());
    const indexer = start({ rpcUrls: [first.url, second.url] });
    await expectEqualToReplay(indexer);
    expect(new Set(first.asked.slice(-2)), "what it was asked before it was left").to.include("eth_chainId");
  });
});
