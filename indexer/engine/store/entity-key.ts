import { MappingError } from "../host/mapping-error.ts";
import type { EntityType } from "../schema/entity-schema.ts";
import type { EntityValue } from "../values/entity-value.ts";
import { bytesOfHex, toHex } from "../values/hex.ts";
import type { SqlValue } from "./column-codec.ts";

const CANONICAL_BYTES = /^0x(?:[0-9a-f]{2})*$/;
const LOOSE_BYTES = /^(?:0x)?(?:[0-9a-fA-F]{2})*$/;
const INT8 = /^[+-]?\d{1,19}$/;

/**
 * Canonical text of an id: lower-case `0x` hex for Bytes, plain decimal for Int8, the text itself for String.
 * @throws MappingError when the text is not an id of the entity's type.
 */
export function canonicalId(type: EntityType, id: string): string {
  if (type.idType === "String") return id;
  if (type.idType === "Bytes") {
    if (CANONICAL_BYTES.test(id)) return id;
    if (!LOOSE_BYTES.test(id)) throw new MappingError(`can not convert \`${id}\` to the Bytes id of \`${type.name}\``);
    return "0x" + id.replace(/^0x/, "").toLowerCase();
  }
  if (!INT8.test(id) || BigInt.asIntN(64, BigInt(id.replace("+", ""))) !== BigInt(id.replace("+", ""))) {
    throw new MappingError(`can not convert \`${id}\` to the Int8 id of \`${type.name}\``);
  }
  return BigInt(id.replace("+", "")).toString();
}

/** An id as field value. */
export function idValue(type: Pick<EntityType, "idType">, canonical: string): EntityValue & SqlValue {
  if (type.idType === "String") return canonical;
  return type.idType === "Bytes" ? bytesOfHex(canonical) : BigInt(canonical);
}

/** Canonical text of an id or reference that was read as field value. */
export function idText(value: EntityValue): string {
  if (typeof value === "string") return value;
  if (typeof value === "bigint") return value.toString();
  if (value instanceof Uint8Array) return toHex(value);
  throw new TypeError("an id is text, bytes or a 64-bit integer");
}
