import type { EntityField, EntitySchema } from "../schema/entity-schema.ts";
import { concreteTypes } from "../schema/entity-schema.ts";

/** How a filter field compares: its suffix in graph-node's dialect, `""` for equality and `"child"` for a nested filter. */
export type FilterOperator =
  | ""
  | "not"
  | "gt"
  | "lt"
  | "gte"
  | "lte"
  | "in"
  | "not_in"
  | "contains"
  | "contains_nocase"
  | "not_contains"
  | "not_contains_nocase"
  | "starts_with"
  | "starts_with_nocase"
  | "not_starts_with"
  | "not_starts_with_nocase"
  | "ends_with"
  | "ends_with_nocase"
  | "not_ends_with"
  | "not_ends_with_nocase"
  | "child";

/** One field of a `<Type>_filter` input. */
export interface FilterInput {
  readonly name: string;
  readonly field: EntityField;
  readonly operator: FilterOperator;
  /** GraphQL type of the value. */
  readonly type: string;
}

const ORDERED: readonly FilterOperator[] = ["", "not", "gt", "lt", "gte", "lte", "in", "not_in"];
const OPERATORS: Readonly<Record<string, readonly FilterOperator[]>> = {
  Boolean: ["", "not", "in", "not_in"],
  Bytes: [...ORDERED, "contains", "not_contains"],
  ID: ORDERED,
  BigInt: ORDERED,
  BigDecimal: ORDERED,
  Int: ORDERED,
  Int8: ORDERED,
  Timestamp: ORDERED,
  String: [
    ...ORDERED,
    "contains",
    "contains_nocase",
    "not_contains",
    "not_contains_nocase",
    "starts_with",
    "starts_with_nocase",
    "not_starts_with",
    "not_starts_with_nocase",
    "ends_with",
    "ends_with_nocase",
    "not_ends_with",
    "not_ends_with_nocase",
  ],
};
const ENUM_OPERATORS: readonly FilterOperator[] = ["", "not", "in", "not_in"];
const LIST_OPERATORS: readonly FilterOperator[] = ["", "not", "contains", "not_contains"];
const TEXT_LIST_OPERATORS: readonly FilterOperator[] = [
  "",
  "not",
  "contains",
  "contains_nocase",
  "not_contains",
  "not_contains_nocase",
];

/** Filter inputs that a field gives rise to, in graph-node's order. */
export function filterInputs(schema: EntitySchema, field: EntityField): FilterInput[] {
  const relation = field.kind === "object" || field.kind === "interface";
  const inputs = field.derivedFrom === undefined ? valueInputs(schema, field, relation) : [];
  if (relation) inputs.push({ name: `${field.name}_`, field, operator: "child", type: `${field.typeName}_filter` });
  return inputs;
}

function valueInputs(schema: EntitySchema, field: EntityField, relation: boolean): FilterInput[] {
  const scalar = relation ? idScalar(schema, field.typeName) : field.typeName;
  return operatorsOf(field, scalar, relation).map((operator) => {
    const wantsList = field.list || operator === "in" || operator === "not_in";
    const name = operator === "" ? field.name : `${field.name}_${operator}`;
    return { name, field, operator, type: wantsList ? `[${scalar}!]` : scalar };
  });
}

function operatorsOf(field: EntityField, scalar: string, relation: boolean): readonly FilterOperator[] {
  if (field.list) {
    const text = relation ? field.valueType === "String" : field.typeName === "String";
    return text ? TEXT_LIST_OPERATORS : LIST_OPERATORS;
  }
  return field.kind === "enum" ? ENUM_OPERATORS : (OPERATORS[scalar] ?? ["", "not"]);
}

/** References are filtered by id, given as a string or, for Int8 ids, as a number. */
function idScalar(schema: EntitySchema, typeName: string): string {
  return concreteTypes(schema, typeName)[0]?.idType === "Int8" ? "Int" : "String";
}
