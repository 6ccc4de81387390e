import { GraphQLError } from "graphql";

import type { EntityField, EntityType } from "../schema/entity-schema.ts";
import { concreteTypes } from "../schema/entity-schema.ts";
import { elementToJson, encodeColumn, encodeScalar } from "../store/column-codec.ts";
import type { SqlValue } from "../store/column-codec.ts";
import { BLOCK_COLUMN } from "../store/table-layout.ts";
import type { EntityValue } from "../values/entity-value.ts";
import type { ApiSchema } from "./api-schema.ts";
import type { FilterInput, FilterOperator } from "./filter-operators.ts";
import { inputValue } from "./input-value.ts";
import { sourceTable } from "./source-table.ts";

/** A piece of SQL with the values of its `?` marks. */
export interface SqlFragment {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

/** SQL function that is true, and ends the statement once the time of its request is up. */
export const IN_TIME = "in_time";

/** Where a filter applies. */
export interface FilterScope {
  readonly api: ApiSchema;
  /** Name of the type whose filter input is read. */
  readonly typeName: string;
  /** Table that is filtered. */
  readonly type: EntityType;
  readonly alias: string;
  /** Block of a query about the past. */
  readonly at: number | undefined;
  /** Whether the filter is inside of another entity's; it may not reach further then. */
  readonly nested: boolean;
}

const COMPARISONS: Partial<Record<FilterOperator, string>> = { gt: ">", lt: "<", gte: ">=", lte: "<=" };

/**
 * Condition for a `where` argument.
 * @throws GraphQLError when the filter cannot be applied
 */
export function filterCondition(scope: FilterScope, where: Readonly<Record<string, unknown>>): SqlFragment {
  const keys = Object.keys(where);
  const logical = keys.find((key) => key === "and" || key === "or");
  if (logical !== undefined) {
    const others = keys.filter((key) => key !== logical);
    if (others.length > 0) {
      throw new GraphQLError(
        `Cannot mix '${logical}' with other filters (${others.join(", ")}) at the same level; put them inside of its list.`,
      );
    }
    return logicalCondition(scope, logical, where[logical]);
  }
  return joinFragments(
    keys.map((key) => oneCondition(scope, key, where[key])),
    " AND ",
    "1",
  );
}

/** Joins conditions in parentheses; `empty` stands for none. */
function joinFragments(fragments: readonly SqlFragment[], separator: string, empty: string): SqlFragment {
  if (fragments.length === 0) return { sql: empty, values: [] };
  return {
    sql: `(${fragments.map((fragment) => fragment.sql).join(separator)})`,
    values: fragments.flatMap((fragment) => fragment.values),
  };
}

function logicalCondition(scope: FilterScope, operator: string, list: unknown): SqlFragment {
  if (!Array.isArray(list) || list.some((item) => typeof item !== "object" || item === null)) {
    throw new GraphQLError(`The '${operator}' filter needs a list of filters.`);
  }
  const parts = (list as Record<string, unknown>[]).map((item) => filterCondition(scope, item));
  return operator === "and" ? joinFragments(parts, " AND ", "1") : joinFragments(parts, " OR ", "0");
}

function oneCondition(scope: FilterScope, key: string, value: unknown): SqlFragment {
  if (key === "_change_block") {
    const from = (value as { number_gte?: number } | null)?.number_gte;
    if (from === undefined) throw new GraphQLError("The filter `_change_block` needs `number_gte`.");
    return { sql: `${scope.alias}.${BLOCK_COLUMN} >= ?`, values: [from] };
  }
  const input = scope.api.types.get(scope.typeName)?.filters.get(key);
  if (input === undefined) throw new GraphQLError(`Entity \`${scope.typeName}\` has no filter \`${key}\``);
  if (input.operator === "child") return childCondition(scope, input, value);
  return input.field.list ? listCondition(scope, input, value) : scalarCondition(scope, input, value);
}

// Scalars

function scalarCondition({ alias }: FilterScope, { field, operator, name }: FilterInput, value: unknown): SqlFragment {
  const column = `${alias}."${field.name}"`;
  if (operator === "" || operator === "not") {
    if (value === null) return { sql: `${column} IS ${operator === "" ? "" : "NOT "}NULL`, values: [] };
    return { sql: `${column} ${operator === "" ? "=" : "<>"} ?`, values: [scalarValue(field, value)] };
  }
  if (value === null) throw unsupported(name, "null");
  const comparison = COMPARISONS[operator];
  if (comparison !== undefined) return { sql: `${column} ${comparison} ?`, values: [scalarValue(field, value)] };
  if (operator === "in" || operator === "not_in") {
    const values = (value as unknown[]).map((item) => scalarValue(field, item));
    if (values.length === 0) return { sql: "0", values };
    return { sql: `${column} ${operator === "in" ? "IN" : "NOT IN"} (${marks(values.length)})`, values };
  }
  if (field.valueType === "Bytes") return bytesContain(column, { field, operator, name }, value);
  if (field.valueType !== "String" || typeof value !== "string") throw unsupported(name, JSON.stringify(value));
  return textMatch(column, operator, value);
}

function bytesContain(column: string, input: Omit<FilterInput, "type">, value: unknown): SqlFragment {
  if (input.operator !== "contains" && input.operator !== "not_contains") throw unsupported(input.name, String(value));
  return {
    sql: `instr(${column}, ?) ${input.operator === "contains" ? "> 0" : "= 0"}`,
    values: [scalarValue(input.field, value)],
  };
}

/** `%` and `_` in the text are wildcards and `\` takes their meaning away, as in PostgreSQL's LIKE. */
function textMatch(column: string, operator: FilterOperator, text: string): SqlFragment {
  const negated = operator.startsWith("not_") ? "NOT " : "";
  const kind = operator.replace("not_", "").replace("_nocase", "");
  const open = kind === "contains" && (text.startsWith("%") || text.endsWith("%"));
  const before = open || kind === "starts_with" ? "" : "%";
  const after = open || kind === "ends_with" ? "" : "%";
  const pattern = before + text + after;
  if (operator.endsWith("_nocase")) return { sql: `${column} ${negated}LIKE ? ESCAPE '\\'`, values: [pattern] };
  return { sql: `${column} ${negated}GLOB ?`, values: [likeToGlob(pattern)] };
}

function likeToGlob(pattern: string): string {
  return pattern.replace(/\\(.)|[%_*?[]/gsu, (match, escaped: string | undefined) => {
    if (match === "%") return "*";
    if (match === "_") return "?";
    const literal = escaped ?? match;
    return "*?[".includes(literal) ? `[${literal}]` : literal;
  });
}

// Lists

function listCondition({ alias }: FilterScope, { field, operator, name }: FilterInput, value: unknown): SqlFragment {
  const column = `${alias}."${field.name}"`;
  if (operator === "" || operator === "not") {
    if (value === null) return { sql: `${column} IS ${operator === "" ? "" : "NOT "}NULL`, values: [] };
    const list = (value as unknown[]).map((item) => inputValue(field, item));
    return { sql: `${column} ${operator === "" ? "=" : "<>"} ?`, values: [encodeColumn(field, list)] };
  }
  if (value === null) throw unsupported(name, "null");
  const items = (value as unknown[]).map((item) => elementValue(field, inputValue(field, item)));
  const each = `SELECT 1 FROM json_each(${column}) item WHERE item.value`;
  switch (operator) {
    case "contains": {
      const tests = items.map(() => `EXISTS (${each} = ?)`);
      return { sql: `(${[`${column} IS NOT NULL`, ...tests].join(" AND ")})`, values: items };
    }
    case "not_contains":
      return { sql: `(${column} IS NOT NULL AND NOT EXISTS (${each} IN (${marks(items.length)})))`, values: items };
    default: {
      const tests = items.map(() => "item.value LIKE ? ESCAPE '\\'").join(" OR ") || "0";
      const any = `EXISTS (SELECT 1 FROM json_each(${column}) item WHERE ${tests})`;
      return { sql: operator === "contains_nocase" ? any : `NOT ${any}`, values: items };
    }
  }
}

/** SQLite reads a JSON boolean as 0 or 1. */
function elementValue(field: EntityField, value: EntityValue): SqlValue {
  const element = elementToJson(field.valueType, value);
  return typeof element === "boolean" ? Number(element) : element;
}

// Filters on related entities

function childCondition(scope: FilterScope, { field, name }: FilterInput, value: unknown): SqlFragment {
  if (scope.nested)
    throw new GraphQLError(`Child filter nesting not supported: \`${name}\` is inside of another child filter`);
  if (value === null || typeof value !== "object") throw new GraphQLError(`The filter \`${name}\` needs an object.`);
  const own = scope.type.fieldByName.get(field.name) ?? field;
  const parts = concreteTypes(scope.api.entities, own.typeName).map((child) => {
    const childScope: FilterScope = { ...scope, typeName: own.typeName, type: child, alias: "child", nested: true };
    const condition = filterCondition(childScope, value as Record<string, unknown>);
    const join = joinCondition(scope, own, child);
    return {
      sql: `EXISTS (SELECT 1 FROM ${sourceTable(child, scope.at)} child WHERE ${join} AND ${IN_TIME}() AND ${condition.sql})`,
      values: condition.values,
    };
  });
  return joinFragments(parts, " OR ", "0");
}

function joinCondition({ alias }: FilterScope, field: EntityField, child: EntityType): string {
  if (field.derivedFrom !== undefined) {
    const back = child.fieldByName.get(field.derivedFrom);
    const column = `child."${field.derivedFrom}"`;
    if (back?.list !== true) return `${column} = ${alias}.id`;
    return `EXISTS (SELECT 1 FROM json_each(${column}) item WHERE item.value = ${idAsText(back, `${alias}.id`)})`;
  }
  const column = `${alias}."${field.name}"`;
  if (!field.list) return `child.id = ${column}`;
  const ids =
    field.valueType === "Bytes"
      ? "unhex(substr(item.value, 3))"
      : field.valueType === "Int8"
        ? "CAST(item.value AS INTEGER)"
        : "item.value";
  return `child.id IN (SELECT ${ids} FROM json_each(${column}) item)`;
}

/** Text that an id has inside a list column. */
export function idAsText(field: EntityField, expression: string): string {
  if (field.valueType === "Bytes") return `'0x' || lower(hex(${expression}))`;
  return field.valueType === "Int8" ? `CAST(${expression} AS TEXT)` : expression;
}

function scalarValue(field: EntityField, value: unknown): SqlValue {
  return encodeScalar(field, inputValue(field, value));
}

function marks(count: number): string {
  return new Array<string>(count).fill("?").join(", ");
}

function unsupported(filter: string, value: string): GraphQLError {
  return new GraphQLError(`Filter not supported by value \`${value}\`: \`${filter}\``);
}
