import type { Logger } from "pino";

import type { IndexerConfig } from "../config/indexer-config.ts";
import type { SubgraphBuild } from "../manifest/subgraph-build.ts";
import { ChainSource } from "../rpc/chain-source.ts";
import { RpcClient } from "../rpc/rpc-client.ts";
import { IndexStore } from "../store/index-store.ts";
import { BlockProcessor } from "./block-processor.ts";
import { ChainFollower } from "./chain-follower.ts";
import type { IndexingEvent } from "./indexing-event.ts";

/** What {@link runIndexer} needs. */
export interface IndexerParts {
  readonly config: IndexerConfig;
  readonly build: SubgraphBuild;
  readonly logger: Logger;
  readonly report: (event: IndexingEvent) => void;
  /** Block that counts as the head of the chain once the chain has it; without it the chain is followed for ever. */
  readonly until?: number;
}

/**
 * Opens the database and follows the chain until the signal stops it.
 * @throws Error in one sentence when the database, the build or the chain do not fit together
 */
export async function runIndexer(parts: IndexerParts, signal: AbortSignal): Promise<void> {
  const { config, build, logger, report, until } = parts;
  const identity = { deployment: build.deployment, chainId: config.chainId };
  const store = IndexStore.open(config.database, build.schema, identity);
  try {
    const client = new RpcClient(config.rpcUrls, { signal, timeout: config.rpcTimeoutMs, chainId: config.chainId });
    const source = new ChainSource(client);
    const processor = new BlockProcessor({ build, store, source, logger, blockData: config.blockData });
    const startBlock = Math.min(...build.dataSources.map((data) => data.startBlock));
    const { undoBlocks, pollMs, finalizedTag, onChainRestart } = config;
    const settings = { startBlock, undoBlocks, pollMs, finalizedTag, until, onChainRestart };
    report({ kind: "opened" });
    await new ChainFollower({ store, source, client, processor, logger, settings, report }).run(signal);
  } finally {
    store.close();
  }
}
