import { GraphQLError } from "graphql";

import { MappingError } from "../host/mapping-error.ts";
import type { EntityField, EntityType } from "../schema/entity-schema.ts";
import { canonicalId } from "../store/entity-key.ts";
import type { BigDecimal } from "../values/big-decimal.ts";
import { parseDecimal, parseInteger } from "../values/big-decimal.ts";
import type { EntityValue } from "../values/entity-value.ts";
import { parseHex } from "../values/hex.ts";

/** Farther from zero than the exponent of any decimal that mappings can store. */
const FAR_EXPONENT = 10_000;

/**
 * Reads a filter value as a value of the field it is compared with.
 * @throws GraphQLError naming type and value when it cannot be read
 */
export function inputValue(field: EntityField, value: unknown): EntityValue {
  try {
    return read(field, value);
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new GraphQLError(`Failed to decode \`${field.valueType}\` value: \`${error.message}\``);
  }
}

/**
 * Reads an id argument.
 * @throws GraphQLError when it is not an id of the type
 */
export function inputId(type: EntityType, id: string): string {
  try {
    return canonicalId(type, id);
  } catch (error) {
    if (error instanceof MappingError) throw new GraphQLError(error.message);
    throw error;
  }
}

function read(field: EntityField, value: unknown): EntityValue {
  switch (field.valueType) {
    case "Bytes":
      return parseHex(String(value));
    case "BigInt":
      return parseInteger(String(value));
    case "Int8":
    case "Timestamp":
      return signed64(parseInteger(String(value)));
    case "BigDecimal":
      return nearDecimal(parseDecimal(String(value)));
    default:
      return value as EntityValue;
  }
}

/** The number itself, or one as far beyond every stored number as can be compared with them. */
function nearDecimal(value: BigDecimal): BigDecimal {
  const exponent = Math.min(Math.max(value.exponent, -FAR_EXPONENT), FAR_EXPONENT);
  return exponent === value.exponent ? value : { digits: value.digits, exponent };
}

function signed64(value: bigint): bigint {
  if (BigInt.asIntN(64, value) !== value) throw new RangeError(`${value} does not fit 64 bits`);
  return value;
}
