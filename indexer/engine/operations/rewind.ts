import type { IndexerConfig } from "../config/indexer-config.ts";
import { loadSubgraphBuild } from "../manifest/subgraph-build.ts";
import { IndexStore } from "../store/index-store.ts";

/**
 * Undoes the blocks after `block`; the next start indexes them anew.
 * @returns a sentence for the operator
 * @throws Error in one sentence when the block cannot be reached or the database is in use
 */
export function rewindIndex(config: IndexerConfig, block: number): string {
  const { schema, deployment } = loadSubgraphBuild(config.subgraph, config.overrides);
  const store = IndexStore.open(config.database, schema, { deployment, chainId: config.chainId });
  try {
    const head = store.head();
    if (head === undefined) throw new Error(`the database ${config.database} holds no block yet`);
    const oldest = store.historyFrom();
    if (block < oldest || block > head.number) {
      throw new Error(
        `cannot rewind to block ${block}: the database can go back from ${head.number} to ${oldest}; ` +
          "`replay` indexes everything anew",
      );
    }
    const [target] = store.knownBlocks(block, 1);
    if (target?.number !== block) throw new Error(`the database does not know block ${block}`);
    store.begin();
    const changed = store.unwind(target);
    store.commit();
    const types = changed.length === 0 ? "no entity changed" : `changed ${changed.join(", ")}`;
    return `rewound ${head.number - block} blocks, from ${head.number} to ${block}: ${types}`;
  } finally {
    store.close();
  }
}
