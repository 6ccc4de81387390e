import { renameSync, rmSync } from "node:fs";
import type { Logger } from "pino";

import type { IndexerConfig } from "../config/indexer-config.ts";
import { freshFile, headOf, removeDatabase, withLock } from "./database-files.ts";
import { rebuildIndex } from "./rebuild.ts";

/**
 * Indexes everything anew up to the block where the database stands, and puts the result in its place. The database stays
 * as it is until the new one is complete.
 * @returns a sentence for the operator
 * @throws Error in one sentence when the database is in use or the chain has moved
 */
export async function replayIndex(config: IndexerConfig, logger: Logger): Promise<string> {
  return withLock(config.database, async () => {
    const until = headOf(config.database);
    const target = freshFile(config.database, "replay");
    await rebuildIndex({ config, logger, target, until });
    for (const companion of ["-wal", "-shm"]) rmSync(config.database + companion, { force: true });
    renameSync(target, config.database);
    removeDatabase(target);
    return `indexed anew up to block ${until.number}`;
  });
}
