import type { EthValue } from "../abi/abi-type.ts";
import { ETH_KIND } from "../abi/abi-type.ts";
import type { ValueType } from "../schema/entity-schema.ts";
import type { EntityValue } from "../values/entity-value.ts";
import type { BigDecimal } from "../values/big-decimal.ts";
import type { Heap } from "./heap.ts";
import { MappingError } from "./mapping-error.ts";
import { TYPE } from "./type-ids.ts";

/** Kinds of a store value, numbered as graph-ts `ValueKind`. */
export const STORE_KIND = {
  string: 0,
  int: 1,
  bigDecimal: 2,
  bool: 3,
  array: 4,
  null: 5,
  bytes: 6,
  bigInt: 7,
  int8: 8,
  timestamp: 9,
} as const;

/** Nesting that a value may have, as in graph-node. */
const MAX_DEPTH = 128;
const INT256_END = 1n << 255n;

/** A value as a mapping hands it over, with the kind it claims. */
export interface StoreValue {
  readonly kind: number;
  readonly value: EntityValue | readonly StoreValue[];
}

const KIND_OF_TYPE: Readonly<Record<ValueType, number>> = {
  String: STORE_KIND.string,
  Enum: STORE_KIND.string,
  Bytes: STORE_KIND.bytes,
  Int: STORE_KIND.int,
  Int8: STORE_KIND.int8,
  BigInt: STORE_KIND.bigInt,
  BigDecimal: STORE_KIND.bigDecimal,
  Boolean: STORE_KIND.bool,
  Timestamp: STORE_KIND.timestamp,
};

/** Kind that a value of a schema type has in a mapping. */
export function storeKindOf(type: ValueType): number {
  return KIND_OF_TYPE[type];
}

/** Reads a graph-ts `Value`. */
export function readStoreValue(heap: Heap, pointer: number, depth = 0): StoreValue {
  if (depth > MAX_DEPTH) throw new MappingError("recursion limit reached");
  const kind = heap.readField(pointer, 0);
  const payload = heap.readField(pointer, 2);
  switch (kind) {
    case STORE_KIND.string:
      return { kind, value: heap.readString(payload) };
    case STORE_KIND.int:
      return { kind, value: heap.readInt32(pointer + 8) };
    case STORE_KIND.bigDecimal:
      return { kind, value: heap.readBigDecimal(payload) };
    case STORE_KIND.bool:
      return { kind, value: payload !== 0 };
    case STORE_KIND.array:
      return { kind, value: heap.readPointers(payload).map((item) => readStoreValue(heap, item, depth + 1)) };
    case STORE_KIND.null:
      return { kind, value: null };
    case STORE_KIND.bytes:
      return { kind, value: heap.readBytes(payload) };
    case STORE_KIND.bigInt:
      return { kind, value: heap.readBigInt(payload) };
    case STORE_KIND.int8:
      return { kind, value: heap.readInt64(pointer + 8) };
    case STORE_KIND.timestamp:
      return { kind, value: checkedTimestamp(heap.readInt64(pointer + 8)) };
    default:
      throw new MappingError(`store value has the unknown kind ${kind}`);
  }
}

/** Microseconds before 1970 are refused unless they are whole seconds, as in graph-node. */
function checkedTimestamp(microseconds: bigint): bigint {
  if (microseconds < 0n && microseconds % 1_000_000n !== 0n)
    throw new MappingError(`a Timestamp before 1970 must be a whole second, but is ${microseconds} microseconds`);
  return microseconds;
}

/** Writes a value of a schema type as a graph-ts `Value`. */
export function writeStoreValue(heap: Heap, type: ValueType, value: EntityValue): number {
  if (value === null) return heap.writeTagged(TYPE.storeValue, STORE_KIND.null, 0);
  if (Array.isArray(value)) {
    const items = value.map((item) => writeStoreValue(heap, type, item));
    return heap.writeTagged(TYPE.storeValue, STORE_KIND.array, heap.writePointers(TYPE.arrayStoreValue, items));
  }
  return heap.writeTagged(TYPE.storeValue, KIND_OF_TYPE[type], storePayload(heap, type, value));
}

function storePayload(heap: Heap, type: ValueType, value: EntityValue): number | bigint {
  switch (type) {
    case "String":
    case "Enum":
      return heap.writeString(value as string);
    case "Bytes":
      return heap.writeBytes(value as Uint8Array);
    case "Int":
      return BigInt(value as number);
    case "Int8":
    case "Timestamp":
      return value as bigint;
    case "BigInt":
      return heap.writeBigInt(value as bigint);
    case "BigDecimal":
      return heap.writeBigDecimal(value as BigDecimal);
    case "Boolean":
      return value === true ? 1 : 0;
  }
}

/** Reads a graph-ts `TypedMap<string, Value>`: name and value pointers of each entry. */
export function readStoreMap(heap: Heap, pointer: number): { name: string; pointer: number }[] {
  return heap
    .readPointers(heap.readField(pointer, 0))
    .map((entry) => ({ name: heap.readString(heap.readField(entry, 0)), pointer: heap.readField(entry, 1) }));
}

/** Writes a `TypedMap<string, Value>` from pointers of names and values. */
export function writeStoreMap(heap: Heap, entries: readonly (readonly [number, number])[]): number {
  const pointers = entries.map((entry) => heap.writeFields(TYPE.storeEntry, entry));
  return heap.writeFields(TYPE.storeMap, [heap.writePointers(TYPE.arrayStoreEntry, pointers)]);
}

/** Reads a graph-ts `ethereum.Value`. */
export function readEthValue(heap: Heap, pointer: number, depth = 0): EthValue {
  if (depth > MAX_DEPTH) throw new MappingError("recursion limit reached");
  const kind = heap.readField(pointer, 0);
  const payload = heap.readField(pointer, 2);
  switch (kind) {
    case ETH_KIND.address:
      return { kind, value: sizedBytes(heap, payload, 20) };
    case ETH_KIND.function:
      return { kind, value: sizedBytes(heap, payload, 24) };
    case ETH_KIND.fixedBytes:
      return { kind, value: boundedBytes(heap, payload, 32) };
    case ETH_KIND.bytes:
      return { kind, value: heap.readBytes(payload) };
    case ETH_KIND.int:
      return { kind, value: boundedInteger(heap, payload, { type: "int256", min: -INT256_END, end: INT256_END }) };
    case ETH_KIND.uint:
      return { kind, value: boundedInteger(heap, payload, { type: "uint256", min: 0n, end: 2n * INT256_END }) };
    case ETH_KIND.bool:
      return { kind, value: payload !== 0 };
    case ETH_KIND.string:
      return { kind, value: heap.readString(payload) };
    case ETH_KIND.fixedArray:
    case ETH_KIND.array:
    case ETH_KIND.tuple:
      return { kind, value: heap.readPointers(payload).map((item) => readEthValue(heap, item, depth + 1)) };
    default:
      throw new MappingError(`ethereum value has the unknown kind ${kind}`);
  }
}

/** Writes a graph-ts `ethereum.Value`. */
export function writeEthValue(heap: Heap, { kind, value }: EthValue): number {
  let payload: number;
  if (typeof value === "bigint") payload = heap.writeBigInt(value);
  else if (typeof value === "boolean") payload = value ? 1 : 0;
  else if (typeof value === "string") payload = heap.writeString(value);
  else if (value instanceof Uint8Array) payload = heap.writeBytes(value);
  else
    payload = heap.writePointers(
      TYPE.arrayEthereumValue,
      value.map((item) => writeEthValue(heap, item)),
    );
  return heap.writeTagged(TYPE.ethereumValue, kind, payload);
}

function boundedInteger(heap: Heap, pointer: number, range: { type: string; min: bigint; end: bigint }): bigint {
  const value = heap.readBigInt(pointer);
  if (value < range.min || value >= range.end) {
    throw new MappingError(`BigInt value \`${value}\` does not fit into ${range.type}`);
  }
  return value;
}

function boundedBytes(heap: Heap, pointer: number, limit: number): Uint8Array {
  const bytes = heap.readBytes(pointer);
  if (bytes.length > limit)
    throw new MappingError(`fixed bytes of length ${bytes.length} exceed the limit of ${limit}`);
  return bytes;
}

function sizedBytes(heap: Heap, pointer: number, size: number): Uint8Array {
  const bytes = heap.readBytes(pointer);
  if (bytes.length !== size) throw new MappingError(`expected array of length ${size}, found length ${bytes.length}`);
  return bytes;
}

/** Writes a value with the kind it was read with. */
export function writeKindedValue(heap: Heap, { kind, value }: StoreValue): number {
  if (kind === STORE_KIND.array) {
    const items = (value as readonly StoreValue[]).map((item) => writeKindedValue(heap, item));
    return heap.writeTagged(TYPE.storeValue, kind, heap.writePointers(TYPE.arrayStoreValue, items));
  }
  const type = (Object.keys(KIND_OF_TYPE) as ValueType[]).find((name) => KIND_OF_TYPE[name] === kind) ?? "String";
  return writeStoreValue(heap, type, value as EntityValue);
}
