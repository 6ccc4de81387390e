import type { EntityField, ValueType } from "../schema/entity-schema.ts";
import type { BigDecimal } from "../values/big-decimal.ts";
import { formatDecimal, parseDecimal } from "../values/big-decimal.ts";
import type { EntityValue } from "../values/entity-value.ts";
import { bytesOfHex, toHex } from "../values/hex.ts";
import {
  decodeSortableDecimal,
  decodeSortableInteger,
  encodeSortableDecimal,
  encodeSortableInteger,
} from "../values/sortable-number.ts";

/** A value as SQLite takes and gives it. */
export type SqlValue = string | number | bigint | Uint8Array | null;

const SQL_TYPES: Readonly<Record<ValueType, "TEXT" | "BLOB" | "INTEGER">> = {
  String: "TEXT",
  Bytes: "BLOB",
  Int: "INTEGER",
  Int8: "INTEGER",
  Timestamp: "INTEGER",
  BigInt: "BLOB",
  BigDecimal: "BLOB",
  Boolean: "INTEGER",
  Enum: "INTEGER",
};

/** SQLite type of the column of a field: lists are JSON text, big numbers blobs that sort like the number. */
export function sqlType(field: EntityField): "TEXT" | "BLOB" | "INTEGER" {
  return field.list ? "TEXT" : SQL_TYPES[field.valueType];
}

/** Expression that reads a column; 64-bit integers come as text because a JavaScript number cannot hold them. */
export function selectExpression(field: EntityField, alias: string): string {
  const column = `${alias}."${field.name}"`;
  const wide = !field.list && (field.valueType === "Int8" || field.valueType === "Timestamp");
  return wide ? `CAST(${column} AS TEXT)` : column;
}

/** Turns a field's value into its stored form. */
export function encodeColumn(field: EntityField, value: EntityValue): SqlValue {
  if (value === null) return null;
  if (field.list) return JSON.stringify((value as EntityValue[]).map((item) => elementToJson(field.valueType, item)));
  return encodeScalar(field, value);
}

/** Turns one scalar (a column or what a column is compared with) into its stored form. */
export function encodeScalar(field: EntityField, value: EntityValue): SqlValue {
  switch (field.valueType) {
    case "BigInt":
      return encodeSortableInteger(value as bigint);
    case "BigDecimal":
      return encodeSortableDecimal(value as BigDecimal);
    case "Boolean":
      return value === true ? 1 : 0;
    case "Enum":
      return field.enumValues.indexOf(value as string);
    default:
      return value as SqlValue;
  }
}

/** Reads what {@link selectExpression} selected. */
export function decodeColumn(field: EntityField, stored: SqlValue): EntityValue {
  if (stored === null) return null;
  if (field.list)
    return (JSON.parse(stored as string) as unknown[]).map((item) => elementFromJson(field.valueType, item));
  switch (field.valueType) {
    case "Int8":
    case "Timestamp":
      return BigInt(stored as string);
    case "BigInt":
      return decodeSortableInteger(stored as Uint8Array);
    case "BigDecimal":
      return decodeSortableDecimal(stored as Uint8Array);
    case "Boolean":
      return stored === 1;
    case "Enum":
      return field.enumValues[stored as number] ?? null;
    default:
      return stored;
  }
}

/** Form of a list element inside the JSON of its column; also what elements are compared with. */
export function elementToJson(type: ValueType, value: EntityValue): string | number | boolean {
  switch (type) {
    case "Bytes":
      return toHex(value as Uint8Array);
    case "BigDecimal":
      return formatDecimal(value as BigDecimal);
    case "Int8":
    case "Timestamp":
    case "BigInt":
      return (value as bigint).toString();
    default:
      return value as string | number | boolean;
  }
}

function elementFromJson(type: ValueType, stored: unknown): EntityValue {
  switch (type) {
    case "Bytes":
      return bytesOfHex(stored as string);
    case "BigDecimal":
      return parseDecimal(stored as string);
    case "Int8":
    case "Timestamp":
    case "BigInt":
      return BigInt(stored as string);
    default:
      return stored as EntityValue;
  }
}
