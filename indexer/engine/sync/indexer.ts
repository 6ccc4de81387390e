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
}

/**
 * Opens the database and follows the chain until the signal stops it.
 * @throws Error in one sentence when the database, the build or the chain do not fit together
 */
export async function runIndexer({ config, build, logger, report }: IndexerParts, signal: AbortSignal): Promise<void> {
  const identity = { deployment: build.deployment, chainId: config.chainId };
  const store = IndexStore.open(config.database, build.schema, identity);
  try {
    const client = new RpcClient(config.rpcUrls, signal);
    const source = new ChainSource(client);
    const processor = new BlockProcessor({ build, store, source, logger, blockData: config.blockData });
    const startBlock = Math.min(...build.dataSources.map((data) => data.startBlock));
    const settings = { chainId: config.chainId, startBlock, undoBlocks: config.undoBlocks, pollMs: config.pollMs };
    report({ kind: "opened" });
    await new ChainFollower({ store, source, client, processor, logger, settings, report }).run(signal);
  } finally {
    store.close();
  }
}
