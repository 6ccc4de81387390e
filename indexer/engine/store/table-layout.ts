import type { DatabaseSync } from "node:sqlite";

import type { EntitySchema, EntityType } from "../schema/entity-schema.ts";
import { sqlType } from "./column-codec.ts";

/*
 * Each entity type has two tables.
 *
 * `e_<Type>` holds the current version of every entity; `$block` is the block that wrote it.
 * `h_<Type>` holds the versions that blocks inside the undo window replaced: `$to` is the block that ended the version,
 * `$from` the block that wrote it, NULL when the entity did not exist before `$to`. It serves as undo log (the version of
 * an id with the lowest `$to` above a block is its state at that block) and answers queries about the past.
 */

/** Column of the block that wrote a version; `$` cannot occur in a GraphQL name. */
export const BLOCK_COLUMN = `"$block"`;

/** Quoted name of the table of current versions. */
export function entityTable(type: EntityType): string {
  return `"e_${type.name}"`;
}

/** Quoted name of the table of replaced versions. */
export function historyTable(type: EntityType): string {
  return `"h_${type.name}"`;
}

/** Quoted names of the stored fields of a type. */
export function columnNames(type: EntityType): string[] {
  return type.columns.map((field) => `"${field.name}"`);
}

/** Creates the tables of a schema, and the indexes that relations need from the first block on. */
export function createTables(database: DatabaseSync, schema: EntitySchema): void {
  database.exec(`
    CREATE TABLE meta (key TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
    CREATE TABLE blocks (
      number INTEGER NOT NULL PRIMARY KEY, hash TEXT NOT NULL, parent_hash TEXT NOT NULL, timestamp INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE data_sources (
      position INTEGER NOT NULL PRIMARY KEY, template TEXT NOT NULL, address TEXT NOT NULL, context TEXT NOT NULL,
      block INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE errors (
      position INTEGER NOT NULL PRIMARY KEY, block INTEGER NOT NULL, block_hash TEXT NOT NULL, handler TEXT NOT NULL,
      message TEXT NOT NULL, fatal INTEGER NOT NULL
    ) STRICT;
  `);
  for (const type of schema.entities.values()) {
    database.exec(tableStatements(type));
    for (const field of type.columns) {
      const relation = field.kind === "object" || field.kind === "interface";
      if (relation && !field.list) database.exec(indexStatement(type, field.name));
    }
  }
}

/**
 * Creates an index for every single-valued field. It is done once the first catch-up is over, because filling a
 * table before its indexes exist is several times faster.
 */
export function createIndexes(database: DatabaseSync, schema: EntitySchema): void {
  for (const type of schema.entities.values()) {
    for (const field of type.columns.slice(1)) {
      if (!field.list) database.exec(indexStatement(type, field.name));
    }
  }
  database.exec("ANALYZE;");
}

function tableStatements(type: EntityType): string {
  const columns = type.columns.map(
    (field) =>
      `"${field.name}" ${sqlType(field)}${field.nonNull ? " NOT NULL" : ""}${field.name === "id" ? " PRIMARY KEY" : ""}`,
  );
  const past = type.columns.map(
    (field) => `"${field.name}" ${sqlType(field)}${field.name === "id" ? " NOT NULL" : ""}`,
  );
  return `
    CREATE TABLE ${entityTable(type)} (${columns.join(", ")}, ${BLOCK_COLUMN} INTEGER NOT NULL) STRICT;
    CREATE TABLE ${historyTable(type)} (
      "$to" INTEGER NOT NULL, "$from" INTEGER, ${past.join(", ")}, PRIMARY KEY ("$to", "id")
    ) STRICT, WITHOUT ROWID;
  `;
}

function indexStatement(type: EntityType, field: string): string {
  return `CREATE INDEX IF NOT EXISTS "i_${type.name}_${field}" ON ${entityTable(type)} ("${field}", "id");`;
}
