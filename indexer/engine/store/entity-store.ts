import type { DatabaseSync } from "node:sqlite";

import type { MappingStore } from "../host/host-context.ts";
import { MappingError } from "../host/mapping-error.ts";
import type { EntityField, EntitySchema, EntityType } from "../schema/entity-schema.ts";
import type { EntityRow, EntityValue } from "../values/entity-value.ts";
import { valuesEqual } from "../values/entity-value.ts";
import { canonicalId, idText, idValue } from "./entity-key.ts";
import { EntityTable } from "./entity-table.ts";
import { RowCache } from "./row-cache.ts";

/** Entities of one type that a generation of the cache holds. */
const CACHED_ROWS = 4_000;

/** What the current block did to one entity. */
interface Touched {
  /** State before the block. */
  readonly before: EntityRow | null;
  /** State now. */
  row: EntityRow | null;
  /** What this block wrote, `undefined` where it wrote nothing; null after a removal. */
  written: readonly (EntityValue | undefined)[] | null;
  /** Handler that changed it last, so that each handler records one way back. */
  handler: number;
}

/** How to take back what the running handler did to one entity. */
interface Reversal {
  readonly touched: Map<string, Touched>;
  readonly id: string;
  /** Undefined when the handler was the first of the block to touch the entity. */
  readonly previous: Omit<Touched, "before"> | undefined;
}

interface TypeState {
  readonly type: EntityType;
  readonly table: EntityTable;
  readonly cache: RowCache;
  /** Changes of finished blocks that are not in the database yet. */
  readonly dirty: Map<string, EntityRow | null>;
  readonly touched: Map<string, Touched>;
}

/**
 * The entities that mappings see: the database, below it the finished blocks of the open batch, below these the current
 * block. A handler's changes can be taken back, as can the block's; blocks are written to the database in one go.
 */
export class EntityStore implements MappingStore {
  readonly #schema: EntitySchema;
  readonly #types: ReadonlyMap<string, TypeState>;
  #block = 0;
  #sequence = 0;
  #handler = 0;
  #reversals: Reversal[] = [];

  constructor(database: DatabaseSync, schema: EntitySchema) {
    this.#schema = schema;
    const types = [...schema.entities.values()].map((type): [string, TypeState] => [
      type.name,
      {
        type,
        table: new EntityTable(database, type),
        cache: new RowCache(CACHED_ROWS),
        dirty: new Map(),
        touched: new Map(),
      },
    ]);
    this.#types = new Map(types);
  }

  // What mappings call

  entityType(name: string): EntityType {
    const type = this.#schema.entities.get(name);
    if (type !== undefined) return type;
    if (this.#schema.interfaces.has(name)) {
      throw new MappingError(`Cannot use entity of type \`${name}\`. The type must be an @entity type`);
    }
    throw new MappingError(`the schema has no entity type \`${name}\``);
  }

  get(type: EntityType, id: string): EntityRow | null {
    return this.#read(this.#state(type), canonicalId(type, id));
  }

  getInBlock(type: EntityType, id: string): readonly (EntityValue | undefined)[] | null {
    return this.#state(type).touched.get(canonicalId(type, id))?.written ?? null;
  }

  loadRelated(type: EntityType, id: string, fieldName: string): { type: EntityType; rows: EntityRow[] } {
    const { child, field } = this.#derivedField(type, fieldName);
    const wanted = idValue(type, canonicalId(type, id));
    const state = this.#state(child);
    this.#flushType(state);
    const found = new Map<string, EntityRow | null>();
    for (const row of state.table.related(field, wanted)) found.set(idText(row.values[0] ?? null), row);
    for (const [key, touched] of state.touched) found.set(key, touched.row);
    const position = child.columnIndex.get(field.name) ?? 0;
    const rows = [...found.values()].filter(
      (row): row is EntityRow => row !== null && refersTo(field, row.values[position] ?? null, wanted),
    );
    return { type: child, rows: rows.sort(compareIds) };
  }

  set(type: EntityType, id: string, values: readonly (EntityValue | undefined)[]): void {
    const key = canonicalId(type, id);
    const state = this.#state(type);
    const entry = this.#touch(state, key);
    const current = entry.row?.values;
    const merged = type.columns.map((_, i) => {
      const value = values[i];
      return value === undefined ? (current?.[i] ?? null) : value;
    });
    merged[0] = idValue(type, key);
    const missing = type.columns.find((field, i) => field.nonNull && merged[i] === null);
    if (missing !== undefined) {
      throw new MappingError(`Entity ${type.name}[${key}]: missing value for non-nullable field \`${missing.name}\``);
    }
    entry.row = { values: merged, block: this.#block };
    const written = entry.written;
    entry.written = type.columns.map((_, i) =>
      i === 0 ? merged[0] : values[i] === undefined ? written?.[i] : values[i],
    );
  }

  remove(type: EntityType, id: string): void {
    const entry = this.#touch(this.#state(type), canonicalId(type, id));
    entry.row = null;
    entry.written = null;
  }

  nextId(type: EntityType): string {
    const bytes = Buffer.alloc(8);
    bytes.writeUInt32BE(this.#block, 0);
    bytes.writeUInt32BE(this.#sequence++, 4);
    if (type.idType === "Bytes") return `0x${bytes.toString("hex")}`;
    if (type.idType === "Int8") return bytes.readBigInt64BE(0).toString();
    throw new MappingError(`the String id of \`${type.name}\` can not be made automatically`);
  }

  // What the processor calls

  /** Starts a block: nothing is touched yet. */
  beginBlock(number: number): void {
    this.#block = number;
    this.#sequence = 0;
    this.#handler++;
    this.#reversals = [];
  }

  /** Starts a handler, whose changes {@link rollbackHandler} can take back. */
  beginHandler(): void {
    this.#handler++;
    this.#reversals = [];
  }

  /** Takes back everything since {@link beginHandler}. */
  rollbackHandler(): void {
    for (const { touched, id, previous } of this.#reversals.reverse()) {
      const entry = touched.get(id);
      if (entry === undefined) continue;
      if (previous === undefined) touched.delete(id);
      else Object.assign(entry, previous);
    }
    this.#reversals = [];
  }

  /** Takes back everything since {@link beginBlock}. */
  rollbackBlock(): void {
    for (const state of this.#types.values()) state.touched.clear();
    this.#reversals = [];
  }

  /**
   * Ends a block. With `history`, what it replaced is recorded so that the block can be undone.
   * @returns the types of which an entity changed
   * @throws MappingError when the block changes an immutable entity of an earlier block; nothing is kept then
   */
  endBlock(history: boolean): string[] {
    const changed: string[] = [];
    for (const state of this.#types.values()) {
      if (state.touched.size > 0) this.#checkImmutable(state);
    }
    for (const state of this.#types.values()) {
      let any = false;
      for (const [id, entry] of state.touched) {
        if (sameEntity(entry.before, entry.row)) continue;
        any = true;
        if (history) state.table.remember(this.#block, id, entry.before);
        state.dirty.set(id, entry.row);
      }
      state.touched.clear();
      if (any) changed.push(state.type.name);
    }
    return changed;
  }

  /** Writes all finished blocks to the database. */
  flush(): void {
    for (const state of this.#types.values()) this.#flushType(state);
  }

  /** Forgets everything that is not committed, because the transaction was rolled back or the database unwound. */
  reset(): void {
    for (const state of this.#types.values()) {
      state.touched.clear();
      state.dirty.clear();
      state.cache.clear();
    }
    this.#reversals = [];
  }

  /** Brings the database back to its state at `block`; returns the types of which an entity changed. */
  unwind(block: number): string[] {
    this.reset();
    return [...this.#types.values()].filter((state) => state.table.unwind(block)).map((state) => state.type.name);
  }

  #read(state: TypeState, id: string): EntityRow | null {
    const touched = state.touched.get(id);
    if (touched !== undefined) return touched.row;
    const dirty = state.dirty.get(id);
    if (dirty !== undefined) return dirty;
    const cached = state.cache.get(id);
    if (cached !== undefined) return cached;
    const stored = state.table.get(id);
    state.cache.set(id, stored);
    return stored;
  }

  #touch(state: TypeState, id: string): Touched {
    let entry = state.touched.get(id);
    if (entry === undefined) {
      const before = this.#before(state, id);
      entry = { before, row: before, written: null, handler: this.#handler };
      state.touched.set(id, entry);
      this.#reversals.push({ touched: state.touched, id, previous: undefined });
    } else if (entry.handler !== this.#handler) {
      const { row, written, handler } = entry;
      this.#reversals.push({ touched: state.touched, id, previous: { row, written, handler } });
      entry.handler = this.#handler;
    }
    return entry;
  }

  /** Immutable entities are taken to be new, which spares a lookup; {@link #checkImmutable} finds out otherwise. */
  #before(state: TypeState, id: string): EntityRow | null {
    if (!state.type.immutable) return this.#read(state, id);
    return state.dirty.get(id) ?? state.cache.get(id) ?? null;
  }

  #checkImmutable(state: TypeState): void {
    if (!state.type.immutable) return;
    for (const [id, entry] of state.touched) {
      if (sameEntity(entry.before, entry.row)) continue;
      if (entry.before !== null || (entry.row !== null && !state.dirty.has(id) && state.table.exists(id))) {
        throw new MappingError(
          `entity ${state.type.name}[${id}] is immutable and was already written in an earlier block`,
        );
      }
    }
  }

  #flushType(state: TypeState): void {
    for (const [id, row] of state.dirty) {
      state.table.write(id, row);
      // An immutable entity is rarely read again, and its row would survive many collections.
      if (!state.type.immutable) state.cache.set(id, row);
    }
    state.dirty.clear();
  }

  #derivedField(type: EntityType, fieldName: string): { child: EntityType; field: EntityField } {
    const derived = type.fieldByName.get(fieldName);
    const child = this.#schema.entities.get(derived?.typeName ?? "");
    const field = derived?.derivedFrom === undefined ? undefined : child?.fieldByName.get(derived.derivedFrom);
    if (child === undefined || field === undefined) {
      throw new MappingError(`\`${type.name}.${fieldName}\` is not a derived field of an entity type`);
    }
    return { child, field };
  }

  #state(type: EntityType): TypeState {
    return this.#types.get(type.name) as TypeState;
  }
}

function sameEntity(before: EntityRow | null, after: EntityRow | null): boolean {
  if (before === after) return true;
  if (before === null || after === null) return false;
  return before.values.every((value, i) => valuesEqual(value, after.values[i] ?? null));
}

function refersTo(field: EntityField, value: EntityValue, wanted: EntityValue): boolean {
  if (field.list) return Array.isArray(value) && value.some((item) => valuesEqual(item, wanted));
  return valuesEqual(value, wanted);
}

function compareIds(left: EntityRow, right: EntityRow): number {
  const a = left.values[0] ?? null;
  const b = right.values[0] ?? null;
  if (typeof a === "bigint" && typeof b === "bigint") return a < b ? -1 : Number(a > b);
  return Buffer.compare(toBuffer(a), toBuffer(b));
}

function toBuffer(value: EntityValue): Buffer {
  return value instanceof Uint8Array ? Buffer.from(value) : Buffer.from(idText(value), "utf8");
}
