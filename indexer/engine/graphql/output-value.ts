import type { EntityField } from "../schema/entity-schema.ts";
import type { BigDecimal } from "../values/big-decimal.ts";
import { formatDecimal } from "../values/big-decimal.ts";
import type { EntityValue } from "../values/entity-value.ts";
import { toHex } from "../values/hex.ts";

/** A field's value as the dialect answers it: big numbers and bytes are strings. */
export function outputValue(field: EntityField, value: EntityValue): string | number | boolean | null | unknown[] {
  if (value === null) return null;
  if (Array.isArray(value)) return value.map((item) => outputValue(field, item));
  switch (field.valueType) {
    case "Bytes":
      return toHex(value as Uint8Array);
    case "BigDecimal":
      return formatDecimal(value as BigDecimal);
    case "BigInt":
    case "Int8":
    case "Timestamp":
      return (value as bigint).toString();
    default:
      return value as string | number | boolean;
  }
}
