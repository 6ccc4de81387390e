import { parseArgs } from "node:util";
import { pino } from "pino";

import { loadConfig } from "./config/indexer-config.ts";
import { startIndexerService } from "./server/indexer-service.ts";

const HELP = `Usage: node indexer/engine/main.ts --config FILE

Runs a built subgraph on an embedded database and serves it over GraphQL.

Options:
  --config FILE  JSON file: rpcUrls, chainId, subgraph, overrides, database, listen, undoBlocks, pollMs
  --help         show this text

Serves POST /graphql, GET /live (server-sent events), /health, /ready and /metrics.`;

/** Starts the indexer and runs it until a signal or a failure ends it. */
async function main(): Promise<void> {
  const { values } = parseArgs({ options: { config: { type: "string" }, help: { type: "boolean" } } });
  if (values.help === true) {
    console.log(HELP);
    return;
  }
  if (values.config === undefined) throw new Error("the option --config FILE is missing; see --help");
  const config = loadConfig(values.config);
  const logger = pino({ level: config.logLevel, base: { service: "indexer" } });
  const service = await startIndexerService(config, logger);
  logger.info({ host: config.listen.host, port: service.port }, "serving GraphQL");
  const signal = new Promise<undefined>((resolve) => {
    for (const name of ["SIGINT", "SIGTERM"] as const) process.once(name, () => resolve(undefined));
  });
  const failure = await Promise.race([service.failed, signal]);
  await service.stop();
  if (failure !== undefined) throw new Error(failure);
  logger.info("stopped");
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    console.error(`indexer: ${(error as Error).message}`);
    process.exit(1);
  },
);
