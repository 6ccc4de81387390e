import type { BigDecimal } from "./big-decimal.ts";

/**
 * A value of an entity field as the engine holds it: `string` (String, ID, enum), `Uint8Array` (Bytes), `number` (Int),
 * `bigint` (BigInt, Int8, Timestamp in microseconds), {@link BigDecimal}, `boolean`, lists of these, or `null`.
 */
export type EntityValue = string | number | bigint | boolean | Uint8Array | BigDecimal | null | EntityValue[];

/** The values of one entity by column position, and the block that wrote them. */
export interface EntityRow {
  readonly values: readonly EntityValue[];
  readonly block: number;
}

/** True when two values of the same field are equal. */
export function valuesEqual(left: EntityValue, right: EntityValue): boolean {
  if (left === right) return true;
  if (left === null || right === null || typeof left !== "object" || typeof right !== "object") return false;
  if (left instanceof Uint8Array) return right instanceof Uint8Array && bytesEqual(left, right);
  if (Array.isArray(left)) {
    return (
      Array.isArray(right) &&
      left.length === right.length &&
      left.every((value, i) => valuesEqual(value, right[i] ?? null))
    );
  }
  if (right instanceof Uint8Array || Array.isArray(right)) return false;
  return left.digits === right.digits && left.exponent === right.exponent;
}

function bytesEqual(left: Uint8Array, right: Uint8Array): boolean {
  if (left.length !== right.length) return false;
  for (let i = 0; i < left.length; i++) if (left[i] !== right[i]) return false;
  return true;
}
