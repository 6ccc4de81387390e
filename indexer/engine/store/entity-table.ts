import type { DatabaseSync, StatementSync } from "node:sqlite";

import type { EntityField, EntityType } from "../schema/entity-schema.ts";
import type { EntityRow, EntityValue } from "../values/entity-value.ts";
import type { SqlValue } from "./column-codec.ts";
import { decodeColumn, elementToJson, encodeColumn, encodeScalar, selectExpression } from "./column-codec.ts";
import { idValue } from "./entity-key.ts";
import { BLOCK_COLUMN, columnNames, entityTable, historyTable } from "./table-layout.ts";

/** Prepared statements on the two tables of one entity type. */
export class EntityTable {
  readonly #type: EntityType;
  readonly #database: DatabaseSync;
  readonly #select: string;
  readonly #get: StatementSync;
  readonly #exists: StatementSync;
  readonly #upsert: StatementSync;
  readonly #delete: StatementSync;
  readonly #remember: StatementSync;
  readonly #related = new Map<string, StatementSync>();

  constructor(database: DatabaseSync, type: EntityType) {
    const names = columnNames(type);
    const table = entityTable(type);
    const marks = (count: number): string => new Array<string>(count).fill("?").join(", ");
    this.#type = type;
    this.#database = database;
    this.#select = `SELECT ${type.columns.map((field) => selectExpression(field, "c")).join(", ")}, c.${BLOCK_COLUMN} FROM ${table} c`;
    this.#get = rowArrays(database.prepare(`${this.#select} WHERE c.id = ?`));
    this.#exists = database.prepare(`SELECT 1 FROM ${table} WHERE id = ?`);
    const updates = [...names.slice(1), BLOCK_COLUMN].map((name) => `${name} = excluded.${name}`);
    this.#upsert = database.prepare(
      `INSERT INTO ${table} (${names.join(", ")}, ${BLOCK_COLUMN}) VALUES (${marks(names.length + 1)}) ` +
        `ON CONFLICT (id) DO UPDATE SET ${updates.join(", ")}`,
    );
    this.#delete = database.prepare(`DELETE FROM ${table} WHERE id = ?`);
    this.#remember = database.prepare(
      `INSERT INTO ${historyTable(type)} ("$to", "$from", ${names.join(", ")}) VALUES (${marks(names.length + 2)})`,
    );
  }

  get(id: string): EntityRow | null {
    const row = this.#get.get(idValue(this.#type, id)) as unknown as SqlValue[] | undefined;
    return row === undefined ? null : this.#decode(row);
  }

  exists(id: string): boolean {
    return this.#exists.get(idValue(this.#type, id)) !== undefined;
  }

  /** Writes the current version of an entity, or deletes it. */
  write(id: string, row: EntityRow | null): void {
    if (row === null) this.#delete.run(idValue(this.#type, id));
    else this.#upsert.run(...this.#encode(row.values), row.block);
  }

  /** Records the version that `block` replaces; null when the entity did not exist. */
  remember(block: number, id: string, before: EntityRow | null): void {
    if (before !== null) {
      this.#remember.run(block, before.block, ...this.#encode(before.values));
      return;
    }
    const empty = new Array<SqlValue>(this.#type.columns.length - 1).fill(null);
    this.#remember.run(block, null, idValue(this.#type, id), ...empty);
  }

  /** Entities whose stored field holds (or, for a list, contains) an id. */
  related(field: EntityField, value: EntityValue): EntityRow[] {
    let statement = this.#related.get(field.name);
    if (statement === undefined) {
      const condition = field.list
        ? `EXISTS (SELECT 1 FROM json_each(c."${field.name}") item WHERE item.value = ?)`
        : `c."${field.name}" = ?`;
      statement = rowArrays(this.#database.prepare(`${this.#select} WHERE ${condition}`));
      this.#related.set(field.name, statement);
    }
    const wanted = field.list ? (elementToJson(field.valueType, value) as string) : encodeScalar(field, value);
    return (statement.all(wanted) as unknown as SqlValue[][]).map((row) => this.#decode(row));
  }

  /** Brings the type back to its state at `block`. Returns whether anything changed. */
  unwind(block: number): boolean {
    const history = historyTable(this.#type);
    const table = entityTable(this.#type);
    const names = columnNames(this.#type).join(", ");
    const deleted = this.#database
      .prepare(`DELETE FROM ${table} WHERE id IN (SELECT id FROM ${history} WHERE "$to" > ?)`)
      .run(block);
    const restored = this.#database
      .prepare(
        `INSERT INTO ${table} (${names}, ${BLOCK_COLUMN}) SELECT ${names}, "$from" FROM ${history} WHERE "$to" > ? AND "$from" <= ?`,
      )
      .run(block, block);
    this.#database.prepare(`DELETE FROM ${history} WHERE "$to" > ?`).run(block);
    return Number(deleted.changes) + Number(restored.changes) > 0;
  }

  #encode(values: readonly EntityValue[]): SqlValue[] {
    return this.#type.columns.map((field, i) => encodeColumn(field, values[i] ?? null));
  }

  #decode(row: readonly SqlValue[]): EntityRow {
    const values = this.#type.columns.map((field, i) => decodeColumn(field, row[i] ?? null));
    return { values, block: row[values.length] as number };
  }
}

/** Rows as arrays, which cost less than objects and allow equal names. */
export function rowArrays(statement: StatementSync): StatementSync {
  statement.setReturnArrays(true);
  return statement;
}
