import { once } from "node:events";
import { readFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import type { Logger } from "pino";

import type { IndexerConfig } from "../config/indexer-config.ts";
import { GraphqlService } from "../graphql/graphql-service.ts";
import { IndexReader } from "../graphql/index-reader.ts";
import { loadSubgraphSchema } from "../manifest/subgraph-schema.ts";
import type { IndexingStatus } from "../sync/indexing-event.ts";
import { IndexingWorker } from "../sync/indexing-worker.ts";
import { type Extension, startExtensions } from "./extension.ts";
import { createHttpServer } from "./http-server.ts";
import { LiveUpdates } from "./live-updates.ts";
import { createMetrics } from "./metrics.ts";
import type { ProgressBar } from "./progress-bar.ts";

/** A running indexer. */
export interface IndexerService {
  /** Port that the server listens on. */
  readonly port: number;
  /** Resolves with a sentence when indexing cannot go on. */
  readonly failed: Promise<string>;
  stop(): Promise<void>;
}

/**
 * Starts the indexing thread and the server.
 * @param progress is told of every change of the status
 * @throws Error in one sentence when the build, the database or the port cannot be used
 */
export async function startIndexerService(
  config: IndexerConfig,
  logger: Logger,
  progress?: ProgressBar,
): Promise<IndexerService> {
  const schema = loadSubgraphSchema(config.subgraph);
  const worker = new IndexingWorker(config);
  if (progress !== undefined) worker.on("status", (status) => progress.update(status));
  const failed = once(worker, "fatal").then(([message]) => String(message));
  const problem = await Promise.race([once(worker, "opened").then(() => undefined), failed]);
  if (problem !== undefined) throw new Error(problem);
  const reader = new IndexReader(config.database);
  const service = new GraphqlService(schema, reader, config.queryTimeMs);
  const live = new LiveUpdates(service, config.streamsPerAddress);
  const metrics = createMetrics(
    () => worker.status,
    () => live.size,
  );
  const version = readVersion();
  const status = (): IndexingStatus => worker.status;
  const server = createHttpServer({ service, live, metrics, status, silence: () => worker.silence, logger, version });
  let extensions: Extension[] = [];
  worker.on("committed", (event) => {
    live.publish(event);
    for (const extension of extensions) extension.committed();
  });
  const stop = async (): Promise<void> => {
    live.close();
    await server.close();
    for (const extension of extensions) await extension.stop();
    await worker.stop();
    service.close();
    reader.close();
  };
  try {
    extensions = await startExtensions({ server, config, graphql: service, status, logger, version });
  } catch (error) {
    await stop();
    throw error;
  }
  try {
    await server.listen(config.listen);
  } catch (error) {
    await stop();
    throw new Error(`cannot listen on ${config.listen.host}:${config.listen.port}: ${(error as Error).message}`, {
      cause: error,
    });
  }
  const { port } = server.server.address() as AddressInfo;
  return { port, failed, stop };
}

function readVersion(): string {
  const text = readFileSync(new URL("../../package.json", import.meta.url), "utf8");
  return (JSON.parse(text) as { version: string }).version;
}
