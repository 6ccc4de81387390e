import { parseInteger } from "../../values/big-decimal.ts";
import type { HostContext, HostFunctions } from "../host-context.ts";
import type { Heap } from "../heap.ts";
import { MappingError } from "../mapping-error.ts";
import { TYPE } from "../type-ids.ts";

/** Kinds of a JSON value, numbered as graph-ts `JSONValueKind`. */
const JSON_KIND = { null: 0, bool: 1, number: 2, string: 3, array: 4, object: 5 } as const;
const MAX_JSON_BYTES = 10_000_000;
/** Lists and objects inside of each other. */
const MAX_DEPTH = 127;
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const SPECIAL_FLOATS = new Map(
  ["inf", "infinity", "nan"].flatMap((name): [string, number][] => {
    const value = name === "nan" ? Number.NaN : Number.POSITIVE_INFINITY;
    return [
      [name, value],
      [`+${name}`, value],
      [`-${name}`, -value],
    ];
  }),
);
const I64_MIN = -(1n << 63n);
const U64_END = 1n << 64n;

/** A number with the digits it was written with. */
class JsonNumber {
  readonly source: string;

  constructor(source: string) {
    this.source = source;
  }
}

type Json = null | boolean | string | JsonNumber | Json[] | { [key: string]: Json };

/** `json.*`: parsing JSON that events or strings carry. */
export function jsonFunctions(context: HostContext): HostFunctions {
  return {
    "json.fromBytes": (bytes = 0) => {
      const data = context.heap.readBytes(bytes);
      let value: Json;
      try {
        value = parseJson(data);
      } catch (error) {
        throw new MappingError(`Failed to parse JSON from byte array: ${(error as Error).message}`, { cause: error });
      }
      return writeJson(context.heap, value);
    },
    "json.try_fromBytes": (bytes = 0) => tryParse(context.heap, context.heap.readBytes(bytes)),
    "json.toI64": (text = 0) => integer(context.heap.readString(text), "i64", I64_MIN, -I64_MIN),
    "json.toU64": (text = 0) => BigInt.asIntN(64, integer(context.heap.readString(text), "u64", 0n, U64_END)),
    "json.toF64": (text = 0) => {
      const source = context.heap.readString(text);
      const value = FLOAT.test(source) ? Number(source) : SPECIAL_FLOATS.get(source.toLowerCase());
      if (value === undefined) throw new MappingError(`JSON \`${source}\` cannot be parsed as f64`);
      return value;
    },
    "json.toBigInt": (text = 0) => {
      const source = context.heap.readString(text);
      try {
        return context.heap.writeBigInt(parseInteger(source));
      } catch (error) {
        throw new MappingError(`JSON \`${source}\` is not a decimal string`, { cause: error });
      }
    },
  };
}

function tryParse(heap: Heap, data: Uint8Array): number {
  let value: Json;
  try {
    value = parseJson(data);
  } catch {
    const failed = heap.allocate(TYPE.wrappedBool, 1);
    heap.writeByte(failed, 1);
    return heap.writeFields(TYPE.resultJsonValue, [0, failed]);
  }
  const wrapped = heap.writeFields(TYPE.wrappedJsonValue, [writeJson(heap, value)]);
  return heap.writeFields(TYPE.resultJsonValue, [wrapped, 0]);
}

function parseJson(data: Uint8Array): Json {
  if (data.length > MAX_JSON_BYTES) throw new RangeError(`JSON size exceeds max size of ${MAX_JSON_BYTES}`);
  const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(data);
  const reviver = (_: string, value: unknown, context?: { source?: string }): unknown =>
    typeof value === "number" ? new JsonNumber(context?.source ?? String(value)) : value;
  const parsed = JSON.parse(text, reviver) as Json;
  checkDepth(parsed, 0);
  return parsed;
}

function checkDepth(value: Json, depth: number): void {
  if (value === null || typeof value !== "object" || value instanceof JsonNumber) return;
  if (depth >= MAX_DEPTH) throw new RangeError("recursion limit exceeded");
  for (const item of Object.values(value)) checkDepth(item, depth + 1);
}

function writeJson(heap: Heap, value: Json): number {
  if (value === null) return heap.writeTagged(TYPE.jsonValue, JSON_KIND.null, 0);
  if (typeof value === "boolean") return heap.writeTagged(TYPE.jsonValue, JSON_KIND.bool, value ? 1 : 0);
  if (typeof value === "string") return heap.writeTagged(TYPE.jsonValue, JSON_KIND.string, heap.writeString(value));
  if (value instanceof JsonNumber) {
    return heap.writeTagged(TYPE.jsonValue, JSON_KIND.number, heap.writeString(value.source));
  }
  if (Array.isArray(value)) {
    const items = value.map((item) => writeJson(heap, item));
    return heap.writeTagged(TYPE.jsonValue, JSON_KIND.array, heap.writePointers(TYPE.arrayJsonValue, items));
  }
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  const pointers = entries.map(([key, item]) =>
    heap.writeFields(TYPE.jsonEntry, [heap.writeString(key), writeJson(heap, item)]),
  );
  const map = heap.writeFields(TYPE.jsonMap, [heap.writePointers(TYPE.arrayJsonEntry, pointers)]);
  return heap.writeTagged(TYPE.jsonValue, JSON_KIND.object, map);
}

function integer(source: string, type: string, min: bigint, end: bigint): bigint {
  if (/^[+-]?\d+$/.test(source)) {
    const value = BigInt(source.replace("+", ""));
    if (value >= min && value < end) return value;
  }
  throw new MappingError(`JSON \`${source}\` cannot be parsed as ${type}`);
}
