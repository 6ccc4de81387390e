// npm run bench:index: the embedded engine beside graph-node, both with the same subgraph build on the same chain.
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import type { IndexerConfig } from "../../indexer/engine/config/indexer-config.ts";
import { buildFixture } from "../../test/indexer/fixture/build-fixture.ts";
import type { Fixture } from "../../test/indexer/fixture/build-fixture.ts";
import type { LedgerChain } from "../../test/indexer/fixture/ledger-chain.ts";
import { temporaryFolder } from "../../test/indexer/fixture/temporary-folder.ts";
import { hasGraphNode, startGraphNode } from "../../test/indexer/graph-node/graph-node.ts";
import { type BenchResult, type BenchRow, runBench } from "./harness.ts";
import { EVENTS_PER_BLOCK, startEventChain } from "./index/event-chain.ts";
import { startIndexerProcess } from "./index/indexer-process.ts";
import { measureLiveLatency, measureReorgRepair } from "./index/live-figures.ts";
import { fillWithEntities } from "./index/many-entities.ts";
import { measureKeyedQueries, measureListQueries, percentile95 } from "./index/query-figures.ts";

const SYNC_TIMEOUT = 600_000;
const LIVE_BLOCKS = 20;
const REORG_DEPTH = 5;
const REQUESTS = 600;

interface EngineFigures {
  eventsPerSecond: number;
  liveLatency: number;
  reorgRepair: number;
  memory: number;
}

/** From the start of the process on an empty database until it is ready; then live blocks and a reorg. */
async function measureEngine(config: IndexerConfig, ledger: LedgerChain, events: number): Promise<EngineFigures> {
  const begin = performance.now();
  const indexer = await startIndexerProcess(config);
  try {
    await indexer.ready(SYNC_TIMEOUT);
    const seconds = (performance.now() - begin) / 1_000;
    const liveLatency = await measureLiveLatency(ledger, indexer, LIVE_BLOCKS);
    const reorgRepair = await measureReorgRepair(ledger, indexer, REORG_DEPTH);
    return { eventsPerSecond: events / seconds, liveLatency, reorgRepair, memory: indexer.peakMemory() };
  } finally {
    await indexer.stop();
  }
}

/** graph-node on the last `events` events of the chain, without its start: from its first answer to the chain's head. */
async function measureGraphNode(fixture: Fixture, ledger: LedgerChain, events: number): Promise<number> {
  const head = await ledger.chain.head();
  const firstBlock = ledger.startBlock + 2;
  const blocks = Math.ceil(events / EVENTS_PER_BLOCK);
  const startBlock = firstBlock + Math.max(0, (await countEventBlocks(ledger)) - blocks);
  const overrides = { Ledger: { address: ledger.address.toLowerCase(), startBlock } };
  const node = await startGraphNode({ chainUrl: ledger.chain.url, subgraph: fixture.subgraph, overrides });
  try {
    let first: number | undefined;
    while (first === undefined) {
      await sleep(20);
      const answer = await node.query("{ _meta { block { number } } }").catch(() => undefined);
      first = (answer?.data?.["_meta"] as { block: { number: number } } | undefined)?.block.number;
    }
    const begin = performance.now();
    await node.reach(head, SYNC_TIMEOUT);
    const done = Math.max(0, first - startBlock + 1) * EVENTS_PER_BLOCK;
    return (events - done) / ((performance.now() - begin) / 1_000);
  } finally {
    await node.stop();
  }
}

async function countEventBlocks(ledger: LedgerChain): Promise<number> {
  return Number(await ledger.chain.rpc("eth_getTransactionCount", await senderOf(ledger), "latest")) - 1;
}

async function senderOf(ledger: LedgerChain): Promise<string> {
  const block = await ledger.chain.rpc<{ transactions: { from: string }[] }>(
    "eth_getBlockByNumber",
    `0x${ledger.startBlock.toString(16)}`,
    true,
  );
  return block.transactions[0]?.from ?? "";
}

async function measureQueries(
  config: IndexerConfig,
  ledger: LedgerChain,
  entities: number,
): Promise<{ keyed: number; list: number; memory: number }> {
  const { number } = await ledger.chain.head();
  const block = await ledger.chain.rpc<{ hash: string; parentHash: string; timestamp: string }>(
    "eth_getBlockByNumber",
    `0x${number.toString(16)}`,
    false,
  );
  const timestamp = Number(block.timestamp);
  fillWithEntities(config, { number, hash: block.hash, parentHash: block.parentHash, timestamp }, entities);
  const indexer = await startIndexerProcess(config);
  try {
    await indexer.ready(SYNC_TIMEOUT);
    const keyed = percentile95(await measureKeyedQueries(indexer, REQUESTS));
    const list = percentile95(await measureListQueries(indexer, REQUESTS));
    return { keyed, list, memory: indexer.peakMemory() };
  } finally {
    await indexer.stop();
  }
}

interface Sizes {
  events: number;
  graphNodeEvents: number;
  entities: number;
}

function result(
  engine: EngineFigures,
  graphNode: number | undefined,
  { queries, sizes }: { queries: { keyed: number; list: number }; sizes: Sizes },
): BenchResult {
  const { eventsPerSecond, liveLatency, reorgRepair, memory } = engine;
  const rows: BenchRow[] = [
    atLeast(`${sizes.events} events, cold`, eventsPerSecond, { unit: "events/s", limit: 5_000 }),
    atMost("live event in an answer, longest", liveLatency, { unit: "ms", limit: 1_000 }),
    atMost(`reorg of ${REORG_DEPTH} blocks repaired`, reorgRepair, { unit: "ms", limit: 1_000 }),
    atMost("resident memory, peak", memory, { unit: "MiB", limit: 400 }),
    atMost("entity by id, p95", queries.keyed, { unit: "ms", limit: 5 }),
    atMost(`list of 100 out of ${sizes.entities}, p95`, queries.list, { unit: "ms", limit: 50 }),
  ];
  const metrics: Record<string, number> = {
    events_per_second: round(eventsPerSecond),
    live_latency_ms: round(liveLatency),
    reorg_repair_ms: round(reorgRepair),
    rss_mb: round(memory),
    keyed_query_p95_ms: round(queries.keyed),
    list_query_p95_ms: round(queries.list),
  };
  if (graphNode === undefined) {
    return { rows, metrics, notes: ["graph-node was not measured: npm has it for Linux on x64 only"] };
  }
  rows.splice(1, 0, { label: `graph-node, ${sizes.graphNodeEvents} events`, value: graphNode, unit: "events/s" });
  rows.splice(2, 0, atLeast("engine to graph-node", eventsPerSecond / graphNode, { unit: "times", limit: 8 }));
  return { rows, metrics: { ...metrics, graph_node_events_per_second: round(graphNode) } };
}

function atLeast(label: string, value: number, { unit, limit }: { unit: string; limit: number }): BenchRow {
  return { label, value, unit, limit: `>= ${limit}`, ok: value >= limit };
}

function atMost(label: string, value: number, { unit, limit }: { unit: string; limit: number }): BenchRow {
  return { label, value, unit, limit: `<= ${limit}`, ok: value <= limit };
}

function round(value: number): number {
  return Math.round(value * 100) / 100;
}

async function run(options: Record<string, string>): Promise<BenchResult> {
  const events = Number(options["events"]);
  const graphNodeEvents = Number(options["graph-node-events"]);
  const entities = Number(options["entities"]);
  const fixture = await buildFixture();
  const ledger = await startEventChain(fixture, events);
  try {
    const config = (): IndexerConfig => ({
      rpcUrls: [ledger.chain.url],
      chainId: 31_337,
      subgraph: fixture.subgraph,
      overrides: { Ledger: { address: ledger.address.toLowerCase(), startBlock: ledger.startBlock } },
      database: join(temporaryFolder(), "index.db"),
      listen: { host: "127.0.0.1", port: 0 },
      undoBlocks: 64,
      finalizedTag: true,
      onChainRestart: "stop",
      pollMs: 250,
      rpcTimeoutMs: 20_000,
      blockData: "onDemand",
      streamsPerAddress: 64,
      queryTimeMs: 2_000,
      extensions: [],
      log: { level: "error" },
    });
    const graphNode = hasGraphNode() ? await measureGraphNode(fixture, ledger, graphNodeEvents) : undefined;
    const engine = await measureEngine(config(), ledger, events);
    const queries = await measureQueries(config(), ledger, entities);
    const memory = Math.max(engine.memory, queries.memory);
    return result({ ...engine, memory }, graphNode, { queries, sizes: { events, graphNodeEvents, entities } });
  } finally {
    await ledger.chain.stop();
  }
}

await runBench({
  name: "index",
  title: "Indexing the same subgraph build: the embedded engine beside graph-node",
  options: {
    events: { type: "string", default: "100000", description: "events to index cold" },
    "graph-node-events": { type: "string", default: "20000", description: "events that graph-node indexes" },
    entities: { type: "string", default: "1000000", description: "entities that lists are read from" },
  },
  run,
});
