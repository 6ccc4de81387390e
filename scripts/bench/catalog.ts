// npm run bench:catalog: a million listings, searched and looked up; server and load share the machine.
import { join } from "node:path";

import { ASSET_KINDS } from "@pqmesh/contracts/protocol/asset-kind";
import { REGIONS } from "@pqmesh/contracts/protocol/region";
import { Catalog } from "../../indexer/catalog/catalog.ts";
import type { IndexerConfig } from "../../indexer/engine/config/indexer-config.ts";
import { loadSubgraphBuild } from "../../indexer/engine/manifest/subgraph-build.ts";
import { startAnvil, type TestChain } from "../../test/helpers/anvil.ts";
import { TOKENS } from "../../test/indexer/catalog/market-index.ts";
import { type Random, seededRandom } from "../../test/indexer/fixture/random-activity.ts";
import { temporaryFolder } from "../../test/indexer/fixture/temporary-folder.ts";
import { buildMeshSubgraph } from "../../test/indexer/mesh/mesh-subgraph.ts";
import { measureLoad, type NextPath } from "./catalog/http-load.ts";
import { fillWithListings } from "./catalog/many-listings.ts";
import { type BenchResult, type BenchRow, runBench } from "./harness.ts";
import { startIndexerProcess } from "./index/indexer-process.ts";
import { percentile95 } from "./index/query-figures.ts";

const LOOKUPS = 20_000;
const READY_TIMEOUT = 300_000;
/** Enough that the server always has work, and few enough that p95 is not the queue's. */
const CONNECTIONS = 16;
/** One in so many pages is the last that a client looks at. */
const PAGES = 3;
const SOURCES = ["NodeListings", "LeaseEscrow", "LeaseDisputes"];
const ANY = "0x0000000000000000000000000000000000000001";

async function configFor(chain: TestChain): Promise<IndexerConfig> {
  const subgraph = await buildMeshSubgraph();
  const names = loadSubgraphBuild(subgraph, {}).dataSources.map(({ name }) => name);
  const contracts = Object.fromEntries([...SOURCES, "LeaseVouchers"].map((name) => [name, ANY]));
  const rate = { perSecond: 1_000_000, burst: 1_000_000 };
  return {
    rpcUrls: [chain.url],
    chainId: 31_337,
    subgraph,
    overrides: Object.fromEntries(names.map((name) => [name, { address: ANY, startBlock: 1 }])),
    database: join(temporaryFolder(), "index.db"),
    listen: { host: "127.0.0.1", port: 0 },
    ...{ undoBlocks: 64, finalizedTag: false, onChainRestart: "stop", pollMs: 250, rpcTimeoutMs: 20_000 },
    ...{ blockData: "onDemand", streamsPerAddress: 64, queryTimeMs: 2_000, log: { level: "error" } },
    extensions: [
      { module: join(import.meta.dirname, "../../indexer/catalog/extension.ts"), settings: { contracts, rate } },
    ],
  };
}

/** Milliseconds of lookups by number, in this process. */
async function measureLookups(database: string, count: number): Promise<number[]> {
  const catalog = new Catalog(database);
  await catalog.refresh();
  const random = seededRandom(2);
  const times: number[] = [];
  for (let i = 0; i < LOOKUPS; i++) {
    const begin = performance.now();
    catalog.listing(1 + random(count));
    times.push(performance.now() - begin);
  }
  await catalog.close();
  return times;
}

/** A search as people make them: a kind, a place, a price, trust; in different orders. */
function searchPath(random: Random): string {
  const [kind, region] = [ASSET_KINDS[random(6)], REGIONS[random(5)]];
  const price = 10_000 * (1 + random(300));
  const shapes = [
    `kind=${kind}&token=${TOKENS[0]}&sort=price`,
    `kind=${kind}&region=${region}&minTrust=${random(9_000)}&sort=trust`,
    `token=${TOKENS[0]}&priceMin=${price}&priceMax=${price + 1_000_000}&jurisdiction=DE,FR&sort=price`,
    `sort=newest`,
    `kind=${kind},Container&minFreeUnits=${1 + random(8)}&sort=free-units`,
    `privacy=FullPublic&region=${region},Americas&token=${TOKENS[0]}&sort=price&direction=desc`,
    `kind=${kind}&minTrust=${9_000 + random(1_000)}&token=${TOKENS[0]}&priceMax=${price}&sort=price&minFreeUnits=4`,
    `operator=${1 + random(1_000)}&sort=trust`,
  ];
  return `/v1/listings?${shapes[random(shapes.length)]}`;
}

/** A client that follows one search for some pages, then begins another. */
function searcher(random: Random): NextPath {
  let search = "";
  return (before) => {
    const next = before === undefined ? undefined : /"next":"([\w-]+)"/.exec(before)?.[1];
    if (next !== undefined && random(PAGES) > 0) return `${search}&cursor=${next}`;
    search = searchPath(random);
    return search;
  };
}

async function run(options: Record<string, string>): Promise<BenchResult> {
  const [count, seconds] = [Number(options["listings"]), Number(options["seconds"])];
  const chain = await startAnvil();
  try {
    await chain.mine(2);
    const config = await configFor(chain);
    const { deployment } = loadSubgraphBuild(config.subgraph, config.overrides);
    const { number, hash, timestamp } = await chain.head();
    const head = { number, hash, parentHash: hash, timestamp };
    const begin = performance.now();
    fillWithListings({ file: config.database, identity: { deployment, chainId: config.chainId }, head, count });
    const written = (performance.now() - begin) / 1_000;
    const lookup = percentile95(await measureLookups(config.database, count));
    const indexer = await startIndexerProcess(config);
    try {
      await indexer.ready(READY_TIMEOUT);
      await indexer.answers("/v1/listings?limit=1", READY_TIMEOUT);
      const random = seededRandom(3);
      const load = { connections: CONNECTIONS, seconds };
      const search = await measureLoad(indexer.url, { ...load, client: () => searcher(random) });
      const lookUp: NextPath = () => `/v1/listings/${1 + random(count)}`;
      const keyed = await measureLoad(indexer.url, { ...load, client: () => lookUp });
      return resultOf({ count, written, lookup, search, keyed, memory: indexer.peakMemory() });
    } finally {
      await indexer.stop();
    }
  } finally {
    await chain.stop();
  }
}

type Load = Awaited<ReturnType<typeof measureLoad>>;

interface Figures {
  count: number;
  written: number;
  lookup: number;
  search: Load;
  keyed: Load;
  memory: number;
}

function resultOf({ count, written, lookup, search, keyed, memory }: Figures): BenchResult {
  const row = (label: string, value: number, unit: string): BenchRow => ({ label, value, unit });
  const atMost = (label: string, value: number, limit: number): BenchRow => ({
    ...row(label, value, "ms"),
    ...{ limit: `<= ${limit}`, ok: value <= limit },
  });
  const rows: BenchRow[] = [
    row(`${count} listings written to the index, all fields indexed`, written, "s"),
    atMost("listing by number in process, p95", lookup, 1.69),
    atMost("search page over HTTP, p95", search.p95, 100),
    { ...row("search pages over HTTP", search.perSecond, "req/s"), limit: ">= 500", ok: search.perSecond >= 500 },
    atMost("listing by number over HTTP, p95", keyed.p95, 100),
    { ...row("listings by number over HTTP", keyed.perSecond, "req/s"), limit: "goal 5230" },
    row("resident memory of the indexer, peak", memory, "MiB"),
  ];
  const rounded = (value: number): number => Math.round(value * 1_000) / 1_000;
  return {
    rows,
    metrics: {
      load_1m_seconds: rounded(written),
      lookup_p95_ms: rounded(lookup),
      search_http_p95_ms: rounded(search.p95),
      search_http_per_second: rounded(search.perSecond),
      keyed_http_p95_ms: rounded(keyed.p95),
      keyed_http_per_second: rounded(keyed.perSecond),
      rss_mb: rounded(memory),
    },
    notes: [`The load generator ran on the same machine, over ${CONNECTIONS} connections that wait for each answer.`],
  };
}

await runBench({
  name: "catalog",
  title: "The catalog: lookups and searches over HTTP among many listings",
  options: {
    listings: { type: "string", default: "1000000", description: "listings in the index" },
    seconds: { type: "string", default: "15", description: "seconds of each load" },
  },
  run,
});
