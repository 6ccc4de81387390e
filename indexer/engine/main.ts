import { parseArgs } from "node:util";
import { setFlagsFromString } from "node:v8";
import { pino } from "pino";

import { loadConfig } from "./config/indexer-config.ts";
import type { IndexerConfig } from "./config/indexer-config.ts";
import { EXIT_CODES, ExitError, usageError } from "./exit-error.ts";
import { replayIndex } from "./operations/replay.ts";
import { rewindIndex } from "./operations/rewind.ts";
import { verifyIndex } from "./operations/verify.ts";
import { startIndexerService } from "./server/indexer-service.ts";
import { ProgressBar } from "./server/progress-bar.ts";

const HELP = `Usage: node indexer/engine/main.js [COMMAND] --config FILE

Runs a built subgraph on an embedded database and serves it over GraphQL.

Commands:
  run            index and serve until a signal ends it; the default
  rewind         undo the blocks after --to; the next run indexes them anew
  replay         index everything anew up to the present block, then put the result in place of the database
  verify         index everything anew beside the database and compare every entity

Options:
  --config FILE  JSON file: rpcUrls, chainId, subgraph, overrides, database, listen, undoBlocks, finalizedTag,
                 onChainRestart, pollMs, rpcTimeoutMs, blockData, streamsPerAddress, queryTimeMs, extensions, log
  --to BLOCK     block number for rewind
  --help         show this text

run serves POST /graphql, GET /live (server-sent events), /health, /ready and /metrics. The other commands need the
indexer to be stopped.`;

/** Runs what the command line asks for. */
async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { config: { type: "string" }, to: { type: "string" }, help: { type: "boolean" } },
  });
  if (values.help === true) {
    console.log(HELP);
    return;
  }
  if (values.config === undefined) throw usageError("the option --config FILE is missing; see --help");
  const config = loadConfig(values.config);
  const logger = pino(
    { level: config.log.level, base: { service: "indexer" }, timestamp: pino.stdTimeFunctions.isoTime },
    pino.destination(2),
  );
  const [command = "run", ...surplus] = positionals;
  if (surplus.length > 0) throw usageError(`\`${surplus[0]}\` is one word too many; see --help`);
  switch (command) {
    case "run":
      return serve(config);
    case "rewind":
      return console.log(rewindIndex(config, blockNumber(values.to)));
    case "replay":
      return console.log(await replayIndex(config, logger));
    case "verify":
      return console.log(await verifyIndex(config, logger));
    default:
      throw usageError(`there is no command \`${command}\`; see --help`);
  }
}

function blockNumber(text: string | undefined): number {
  if (text === undefined || !/^\d{1,15}$/.test(text)) throw usageError("rewind needs --to BLOCK, a block number");
  return Number(text);
}

/** `parseArgs` refuses unknown options with errors of its own. */
function exitCodeOf(error: unknown): number {
  if (error instanceof ExitError) return error.exitCode;
  const { code } = error as NodeJS.ErrnoException;
  return code?.startsWith("ERR_PARSE_ARGS") ? EXIT_CODES.usage : EXIT_CODES.failure;
}

/** Runs the indexer until a signal or a failure ends it. */
async function serve(config: IndexerConfig): Promise<void> {
  // Answers are short-lived objects: a young generation that stays small holds some 40 MB less, and they take no longer.
  setFlagsFromString("--semi-space-growth-factor=1");
  const logger = pino({
    level: config.log.level,
    base: { service: "indexer" },
    timestamp: pino.stdTimeFunctions.isoTime,
  });
  const progress = process.stderr.isTTY ? new ProgressBar(process.stderr) : undefined;
  const service = await startIndexerService(config, logger, progress);
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
  () => process.exit(EXIT_CODES.ok),
  (error: unknown) => {
    console.error(`indexer: ${(error as Error).message}`);
    process.exit(exitCodeOf(error));
  },
);
