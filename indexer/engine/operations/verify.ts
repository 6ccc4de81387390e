import { DatabaseSync } from "node:sqlite";
import type { Logger } from "pino";

import type { IndexerConfig } from "../config/indexer-config.ts";
import { EXIT_CODES, ExitError } from "../exit-error.ts";
import { loadSubgraphSchema } from "../manifest/subgraph-schema.ts";
import type { EntityType } from "../schema/entity-schema.ts";
import { entityTable } from "../store/table-layout.ts";
import { freshFile, headOf, removeDatabase, withLock } from "./database-files.ts";
import { rebuildIndex } from "./rebuild.ts";

/** Ids that a message names. */
const NAMED_IDS = 3;

/**
 * Indexes everything anew beside the database and compares every entity, field by field, with the block that wrote it.
 * The database is only read.
 * @returns a sentence for the operator
 * @throws ExitError in one sentence that names the entities that differ
 */
export async function verifyIndex(config: IndexerConfig, logger: Logger): Promise<string> {
  return withLock(config.database, async () => {
    const until = headOf(config.database);
    const target = freshFile(config.database, "verify");
    try {
      await rebuildIndex({ config, logger, target, until });
      const { entities, differences } = compareDatabases(config, target);
      if (differences.length > 0) {
        const sentence = `the database differs from the chain at block ${until.number}: ${differences.join("; ")}`;
        throw new ExitError(sentence, EXIT_CODES.refuted);
      }
      return `${entities} entities equal a fresh index of the chain at block ${until.number}`;
    } finally {
      removeDatabase(target);
    }
  });
}

function compareDatabases(config: IndexerConfig, fresh: string): { entities: number; differences: string[] } {
  const database = new DatabaseSync(config.database, { readOnly: true });
  try {
    database.prepare("ATTACH ? AS fresh").run(fresh);
    const types = [...loadSubgraphSchema(config.subgraph).entities.values()];
    const count = (type: EntityType): number =>
      Number(database.prepare(`SELECT count(*) AS n FROM main.${entityTable(type)}`).get()?.["n"]);
    return {
      entities: types.reduce((sum, type) => sum + count(type), 0),
      differences: types.flatMap((type) => differencesOf(database, type)),
    };
  } finally {
    database.close();
  }
}

function differencesOf(database: DatabaseSync, type: EntityType): string[] {
  const table = entityTable(type);
  const onlyIn = (one: string, other: string): string =>
    `SELECT id FROM (SELECT * FROM ${one}.${table} EXCEPT SELECT * FROM ${other}.${table})`;
  const id = type.idType === "Bytes" ? "'0x' || lower(hex(id))" : "CAST(id AS TEXT)";
  const ids = database
    .prepare(`SELECT ${id} AS id FROM (${onlyIn("main", "fresh")} UNION ${onlyIn("fresh", "main")}) ORDER BY 1`)
    .all()
    .map((row) => String(row["id"]));
  if (ids.length === 0) return [];
  const more = ids.length > NAMED_IDS ? ` and ${ids.length - NAMED_IDS} more` : "";
  return [`${type.name} ${ids.slice(0, NAMED_IDS).join(", ")}${more}`];
}
