import type { EntityType } from "../schema/entity-schema.ts";
import type { EntityRow, EntityValue } from "../values/entity-value.ts";
import type { DataSourceContext } from "./data-source-context.ts";
import type { Heap } from "./heap.ts";

/** Store that a handler works on: the state of the block so far. */
export interface MappingStore {
  /** @throws MappingError when the schema has no such entity. */
  entityType(name: string): EntityType;
  get(type: EntityType, id: string): EntityRow | null;
  /** What this block wrote of an entity, `undefined` in the places it did not write; null when it wrote nothing. */
  getInBlock(type: EntityType, id: string): readonly (EntityValue | undefined)[] | null;
  loadRelated(type: EntityType, id: string, field: string): { type: EntityType; rows: EntityRow[] };
  set(type: EntityType, id: string, values: readonly (EntityValue | undefined)[]): void;
  remove(type: EntityType, id: string): void;
  /** Id that `new Entity("auto")` gets. */
  nextId(type: EntityType): string;
}

/** The data source whose handler runs. */
export interface CurrentDataSource {
  readonly name: string;
  readonly network: string;
  /** 20 bytes, or none when the source matches any address. */
  readonly address: Uint8Array;
  readonly context: DataSourceContext;
  readonly apiVersion: string;
}

/** Levels of `log.log`, as graph-ts numbers them. */
export const LOG_LEVEL = { critical: 0, error: 1, warning: 2, info: 3, debug: 4 } as const;

/** What host functions need beyond their arguments; the processor sets it before each handler. */
export interface HostContext {
  heap: Heap;
  /** Addresses of strings written once per instance (field and parameter names). */
  names: ReadonlyMap<string, number>;
  store: MappingStore;
  dataSource: CurrentDataSource;
  log(level: number, message: string): void;
  createDataSource(template: string, params: readonly string[], context: DataSourceContext): void;
}

/** A function that mappings import; 32-bit arguments arrive unsigned. */
export type HostFunction = (...args: number[]) => number | bigint | undefined;

/** Host functions by the name that mappings import. */
export type HostFunctions = Readonly<Record<string, HostFunction>>;
