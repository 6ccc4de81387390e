import { pino } from "pino";
import { parentPort, workerData } from "node:worker_threads";

import type { IndexerConfig } from "../config/indexer-config.ts";
import { loadSubgraphBuild } from "../manifest/subgraph-build.ts";
import { runIndexer } from "./indexer.ts";
import type { IndexingEvent } from "./indexing-event.ts";

/*
 * Indexing runs in a thread of its own, so that a long batch never delays a query and a heavy query never delays a block.
 * The two sides share the database file only.
 */

const config = workerData as IndexerConfig;
const logger = pino({
  level: config.log.level,
  base: { service: "indexer" },
  timestamp: pino.stdTimeFunctions.isoTime,
});
const stop = new AbortController();
const report = (event: IndexingEvent): void => parentPort?.postMessage(event);

parentPort?.once("message", () => stop.abort());
try {
  const build = loadSubgraphBuild(config.subgraph, config.overrides);
  await runIndexer({ config, build, logger, report }, stop.signal);
} catch (error) {
  report({ kind: "fatal", message: (error as Error).message });
}
parentPort?.close();
