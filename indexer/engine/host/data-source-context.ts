import type { ManifestDataSource } from "../manifest/manifest.ts";
import { formatDecimal, parseDecimal, parseInteger } from "../values/big-decimal.ts";
import type { BigDecimal } from "../values/big-decimal.ts";
import { parseHex, toHex } from "../values/hex.ts";
import type { StoreValue } from "./heap-values.ts";
import { STORE_KIND } from "./heap-values.ts";

/** Values that a data source carries for its mappings, by name. */
export type DataSourceContext = ReadonlyMap<string, StoreValue>;

/** A context value in JSON: kind as in graph-ts, value as text, list or boolean. */
interface StoredValue {
  readonly kind: number;
  readonly value: string | boolean | null | readonly StoredValue[];
}

const KIND_OF_NAME: Readonly<Record<string, number>> = {
  Bool: STORE_KIND.bool,
  String: STORE_KIND.string,
  Int: STORE_KIND.int,
  Int8: STORE_KIND.int8,
  BigDecimal: STORE_KIND.bigDecimal,
  Bytes: STORE_KIND.bytes,
  List: STORE_KIND.array,
  BigInt: STORE_KIND.bigInt,
  Timestamp: STORE_KIND.timestamp,
};

/**
 * Reads the `context` of a manifest's data source.
 * @throws Error naming the entry when its type is unknown or its data does not fit.
 */
export function contextOfManifest(entries: ManifestDataSource["context"]): DataSourceContext {
  const context = new Map<string, StoreValue>();
  for (const [name, entry] of Object.entries(entries)) {
    try {
      context.set(name, manifestValue(entry));
    } catch (error) {
      throw new Error(`subgraph.yaml: context \`${name}\`: ${(error as Error).message}`, { cause: error });
    }
  }
  return context;
}

/** Text form of a context for the database. */
export function serializeContext(context: DataSourceContext): string {
  return JSON.stringify([...context].map(([name, value]) => [name, toStored(value)]));
}

/** Reads a text written by {@link serializeContext}. */
export function deserializeContext(text: string): DataSourceContext {
  const entries = JSON.parse(text) as [string, StoredValue][];
  return new Map(entries.map(([name, value]) => [name, fromStored(value)]));
}

function manifestValue(entry: { type: string; data?: unknown }): StoreValue {
  const kind = KIND_OF_NAME[entry.type];
  if (kind === undefined) throw new Error(`unknown type \`${entry.type}\``);
  if (kind === STORE_KIND.array) {
    if (!Array.isArray(entry.data)) throw new Error("a List needs an array as `data`");
    return { kind, value: entry.data.map((item) => manifestValue(item as { type: string; data?: unknown })) };
  }
  if (kind === STORE_KIND.bool) return { kind, value: entry.data === true || entry.data === "true" };
  return fromStored({ kind, value: String(entry.data) });
}

function toStored({ kind, value }: StoreValue): StoredValue {
  switch (kind) {
    case STORE_KIND.null:
      return { kind, value: null };
    case STORE_KIND.bool:
      return { kind, value: value === true };
    case STORE_KIND.array:
      return { kind, value: (value as readonly StoreValue[]).map(toStored) };
    case STORE_KIND.bytes:
      return { kind, value: toHex(value as Uint8Array) };
    case STORE_KIND.bigDecimal:
      return { kind, value: formatDecimal(value as BigDecimal) };
    default:
      return { kind, value: (value as string | number | bigint).toString() };
  }
}

function fromStored({ kind, value }: StoredValue): StoreValue {
  if (Array.isArray(value)) return { kind, value: (value as readonly StoredValue[]).map(fromStored) };
  if (value === null || typeof value === "boolean") return { kind, value };
  const text = value as string;
  switch (kind) {
    case STORE_KIND.int:
      return { kind, value: Number(text) };
    case STORE_KIND.bigInt:
    case STORE_KIND.int8:
    case STORE_KIND.timestamp:
      return { kind, value: parseInteger(text) };
    case STORE_KIND.bytes:
      return { kind, value: parseHex(text) };
    case STORE_KIND.bigDecimal:
      return { kind, value: parseDecimal(text) };
    default:
      return { kind, value: text };
  }
}
