import type { EntityField, EntityType } from "../../schema/entity-schema.ts";
import type { EntityValue } from "../../values/entity-value.ts";
import { idText } from "../../store/entity-key.ts";
import { readStoreValue, STORE_KIND, storeKindOf, writeStoreMap, writeStoreValue } from "../heap-values.ts";
import type { StoreValue } from "../heap-values.ts";
import type { HostContext, HostFunctions } from "../host-context.ts";
import { MappingError } from "../mapping-error.ts";
import { TYPE } from "../type-ids.ts";

/** `store.*`: reading and writing entities. */
export function storeFunctions(context: HostContext): HostFunctions {
  const target = (entity: number, id: number): { type: EntityType; id: string } => ({
    type: context.store.entityType(context.heap.readString(entity)),
    id: context.heap.readString(id),
  });
  return {
    "store.get": (entity = 0, id = 0) => {
      const key = target(entity, id);
      const row = context.store.get(key.type, key.id);
      return row === null ? 0 : writeEntity(context, key.type, row.values);
    },
    "store.get_in_block": (entity = 0, id = 0) => {
      const key = target(entity, id);
      const values = context.store.getInBlock(key.type, key.id);
      return values === null ? 0 : writeEntity(context, key.type, values);
    },
    "store.loadRelated": (entity = 0, id = 0, field = 0) => {
      const key = target(entity, id);
      const related = context.store.loadRelated(key.type, key.id, context.heap.readString(field));
      const pointers = related.rows.map((row) => writeEntity(context, related.type, row.values));
      return context.heap.writePointers(TYPE.arrayStoreEntry, pointers);
    },
    "store.set": (entity = 0, id = 0, data = 0) => {
      const key = target(entity, id);
      const chosen = key.id === "auto" ? context.store.nextId(key.type) : key.id;
      context.store.set(
        key.type,
        chosen,
        readEntity(context, key.type, { id: chosen, automatic: key.id === "auto", data }),
      );
      return undefined;
    },
    "store.remove": (entity = 0, id = 0) => {
      const key = target(entity, id);
      context.store.remove(key.type, key.id);
      return undefined;
    },
  };
}

const sortedColumns = new WeakMap<EntityType, { index: number; field: EntityField }[]>();

function writeEntity(context: HostContext, type: EntityType, values: readonly (EntityValue | undefined)[]): number {
  let columns = sortedColumns.get(type);
  if (columns === undefined) {
    columns = type.columns.map((field, index) => ({ index, field }));
    columns.sort((a, b) => (a.field.name < b.field.name ? -1 : 1));
    sortedColumns.set(type, columns);
  }
  const entries: [number, number][] = [];
  for (const { index, field } of columns) {
    const value = values[index];
    if (value === null || value === undefined) continue;
    const name = context.names.get(field.name) ?? context.heap.writeString(field.name);
    entries.push([name, writeStoreValue(context.heap, field.valueType, value)]);
  }
  return writeStoreMap(context.heap, entries);
}

interface EntityArgument {
  readonly id: string;
  readonly automatic: boolean;
  readonly data: number;
}

function readEntity(context: HostContext, type: EntityType, argument: EntityArgument): (EntityValue | undefined)[] {
  const values = new Array<EntityValue | undefined>(type.columns.length).fill(undefined);
  const unknown: string[] = [];
  const { heap } = context;
  for (const entry of heap.readPointers(heap.readField(argument.data, 0))) {
    const name = heap.readString(heap.readField(entry, 0));
    const index = type.columnIndex.get(name);
    const field = index === undefined ? undefined : type.columns[index];
    if (index === undefined || field === undefined) {
      if (type.fieldByName.has(name)) {
        throw new MappingError(`Entity ${type.name}[${argument.id}]: field \`${name}\` is derived and can not be set`);
      }
      unknown.push(name);
      continue;
    }
    if (index === 0 && argument.automatic) continue;
    values[index] = checkedValue(
      `Entity ${type.name}[${argument.id}]`,
      field,
      readStoreValue(heap, heap.readField(entry, 1)),
    );
  }
  if (unknown.length > 0 && context.dataSource.apiVersion !== "0.0.7") {
    throw new MappingError(
      `Attempted to set undefined fields [${unknown.sort().join(", ")}] for the entity type \`${type.name}\`. ` +
        "Make sure those fields are defined in the schema.",
    );
  }
  checkId(type, argument.id, values[0]);
  return values;
}

function checkedValue(owner: string, field: EntityField, given: StoreValue): EntityValue {
  if (given.kind === STORE_KIND.null) return null;
  if (!field.list) return checkedScalar(owner, field, given);
  if (given.kind !== STORE_KIND.array) throw wrongType(owner, field);
  return (given.value as readonly StoreValue[]).map((item) => checkedScalar(owner, field, item));
}

function checkedScalar(owner: string, field: EntityField, given: StoreValue): EntityValue {
  if (given.kind !== storeKindOf(field.valueType)) throw wrongType(owner, field);
  const value = given.value as EntityValue;
  if (field.valueType === "Enum" && typeof value === "string" && !field.enumValues.includes(value)) {
    throw new MappingError(
      `${owner}: \`${value}\` is not a value of the enum \`${field.typeName}\` of field \`${field.name}\``,
    );
  }
  return value;
}

function wrongType(owner: string, field: EntityField): MappingError {
  const type = field.list ? `[${field.typeName}]` : field.typeName;
  return new MappingError(`${owner}: the value of field \`${field.name}\` must be of type \`${type}\``);
}

function checkId(type: EntityType, id: string, value: EntityValue | undefined): void {
  if (value === undefined || value === null) return;
  const given = idText(value);
  const wanted = type.idType === "Bytes" && !id.startsWith("0x") ? `0x${id}` : id;
  if (given !== (type.idType === "Bytes" ? wanted.toLowerCase() : wanted)) {
    throw new MappingError(
      `Value of ${type.name} attribute 'id' conflicts with ID passed to \`store.set()\`: ${given} != ${id}`,
    );
  }
}
