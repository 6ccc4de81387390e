import type { Logger } from "pino";

import type { IndexerConfig } from "../config/indexer-config.ts";
import { loadSubgraphBuild } from "../manifest/subgraph-build.ts";
import { ChainSource } from "../rpc/chain-source.ts";
import type { BlockHeader } from "../rpc/chain-types.ts";
import { RpcClient } from "../rpc/rpc-client.ts";
import { runIndexer } from "../sync/indexer.ts";

/** What {@link rebuildIndex} works with. */
export interface RebuildParts {
  readonly config: IndexerConfig;
  readonly logger: Logger;
  /** New database file. */
  readonly target: string;
  /** Last block to index; the chain must still have it. */
  readonly until: BlockHeader;
}

/**
 * Indexes the chain from the start block up to a block into another database.
 * @throws Error in one sentence when the chain has another block there, or a handler fails
 */
export async function rebuildIndex({ config, logger, target, until }: RebuildParts): Promise<void> {
  const stop = new AbortController();
  const [block] = await new ChainSource(
    new RpcClient(config.rpcUrls, { signal: stop.signal, chainId: config.chainId }),
  ).headers([until.number]);
  if (block?.hash !== until.hash) {
    throw new Error(
      `block ${until.number} of the chain is ${block?.hash ?? "missing"}, but ${until.hash} was indexed; ` +
        "let the indexer reach the head of the chain first",
    );
  }
  const build = loadSubgraphBuild(config.subgraph, config.overrides);
  let problem: string | undefined;
  const parts = {
    config: { ...config, database: target },
    build,
    logger,
    until: until.number,
    report: (event: Parameters<Parameters<typeof runIndexer>[0]["report"]>[0]): void => {
      if (event.kind !== "status") return;
      if (event.status.state === "failed") problem = event.status.problem;
      if (event.status.state === "failed" || event.status.state === "live") stop.abort();
    },
  };
  await runIndexer(parts, stop.signal);
  if (problem !== undefined) throw new Error(problem);
}
