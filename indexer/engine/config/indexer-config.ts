import { readFileSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { fieldFlaw, fileFlaw, jsonFlaw } from "@pqmesh/contracts/protocol/file-flaws";
import { z } from "zod";

import { usageError } from "../exit-error.ts";

const addressSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, "must be an address: 0x and 40 hex digits")
  .transform((text) => text.toLowerCase());

const configSchema = z.strictObject({
  /** JSON-RPC endpoints of the same chain; the first is used as long as it answers and keeps up. */
  rpcUrls: z
    .array(z.url({ protocol: /^https?$/, error: "must be an http or https URL" }))
    .min(1, "needs at least one URL"),
  /** Chain id that every endpoint must report. */
  chainId: z.int().positive(),
  /** Folder that `graph build` wrote: `subgraph.yaml`, schema, ABIs and WASM. */
  subgraph: z.string().min(1),
  /** Address and start block by data source name, for a build that runs against fresh deployments. */
  overrides: z
    .record(
      z.string(),
      z.strictObject({ address: addressSchema.optional(), startBlock: z.int().nonnegative().optional() }),
    )
    .default({}),
  /** SQLite file; created when missing. */
  database: z.string().min(1),
  listen: z.strictObject({ host: z.string().min(1), port: z.int().min(0).max(65_535) }),
  /** Newest blocks that can be unwound and queried in the past. */
  undoBlocks: z.int().min(1).max(10_000).default(64),
  /** Keep all blocks undoable that the chain does not call `finalized`, even those older than `undoBlocks`. */
  finalizedTag: z.boolean().default(true),
  /**
   * What to do when the chain was restarted under the same chain id: `stop` with a sentence, or `resync` from nothing, which
   * suits a local chain that starts anew each time.
   */
  onChainRestart: z.enum(["stop", "resync"]).default("stop"),
  /** Milliseconds between two looks for a new head. */
  pollMs: z.int().min(10).max(60_000).default(250),
  /** Milliseconds after which a request to an endpoint counts as stalled. */
  rpcTimeoutMs: z.int().min(100).max(300_000).default(20_000),
  /**
   * When to fetch whole blocks and transactions: `onDemand` when a handler reads more than hash, number and timestamp,
   * `always` for mappings that merely test `transaction.to`, `block.size` or `block.baseFeePerGas` for null.
   */
  blockData: z.enum(["onDemand", "always"]).default("onDemand"),
  /** Live streams that one address may have open; all clients behind a reverse proxy have its address. */
  streamsPerAddress: z.int().min(1).max(1_000).default(64),
  /** Milliseconds that the server may work on one GraphQL request, not counting the turns of others. */
  queryTimeMs: z.int().min(10).max(300_000).default(2_000),
  /** Modules that serve more from the same index, each with settings that it checks itself (`engine/server/extension.ts`). */
  extensions: z.array(z.strictObject({ module: z.string().min(1), settings: z.unknown() })).default([]),
  log: z.strictObject({ level: z.enum(["trace", "debug", "info", "warn", "error"]) }).default({ level: "info" }),
});

/** Validated settings of one indexer; paths are absolute. */
export type IndexerConfig = z.infer<typeof configSchema>;

/**
 * Reads and validates a config file. Relative paths count from the folder of the file.
 * @throws ExitError in one sentence that names the file and each missing or wrong field.
 */
export function loadConfig(file: string): IndexerConfig {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    throw usageError(`config ${file} cannot be read: ${fileFlaw(error)}`, error);
  }
  return parseConfig(text, file);
}

function parseConfig(text: string, file: string): IndexerConfig {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch (error) {
    throw usageError(`config ${file} ${jsonFlaw(error)}`, error);
  }
  const result = configSchema.safeParse(json);
  if (!result.success) {
    throw usageError(`config ${file}: ${result.error.issues.map(fieldFlaw).join("; ")}`);
  }
  const folder = dirname(resolve(file));
  const config = result.data;
  return {
    ...config,
    ...{ subgraph: resolve(folder, config.subgraph), database: resolve(folder, config.database) },
    extensions: config.extensions.map(({ module, settings }) => ({ module: resolve(folder, module), settings })),
  };
}
