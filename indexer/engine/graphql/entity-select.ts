import type { EntityField, EntityType } from "../schema/entity-schema.ts";
import { concreteTypes } from "../schema/entity-schema.ts";
import { selectExpression } from "../store/column-codec.ts";
import { BLOCK_COLUMN } from "../store/table-layout.ts";
import type { ApiSchema, QueryableType } from "./api-schema.ts";
import type { ListArguments } from "./list-arguments.ts";
import { sourceTable } from "./source-table.ts";
import { filterCondition, idAsText, IN_TIME } from "./sql-filter.ts";
import type { SqlFragment } from "./sql-filter.ts";

/** How children hang on their parents. `parents` is JSON: position and id, or position and child id. */
export type ParentLink =
  | { readonly kind: "derived"; readonly field: string; readonly parentType: EntityType; readonly parents: string }
  | { readonly kind: "reference"; readonly childIdType: EntityType["idType"]; readonly parents: string };

/** A list (or single entities) to read. */
export interface EntitySelect {
  readonly api: ApiSchema;
  readonly target: QueryableType;
  readonly list: ListArguments;
  readonly at: number | undefined;
  readonly link: ParentLink | undefined;
  /** Number of parents; with one, the database can stop at the limit. */
  readonly parentCount: number;
  /** A single entity per parent has neither order nor limit. */
  readonly single: boolean;
  /** Find the entities by the filter's index and sort them; the database would rather read the order's index. */
  readonly filterFirst: boolean;
}

interface SortTerms {
  readonly join: string;
  /** Value that is sorted by; undefined sorts by id alone. */
  readonly key: string | undefined;
}

/**
 * Statement that gives, for each row, the parent's position, then the columns of `fields`. One statement serves all
 * parents, and keeps each parent's page.
 */
export function selectEntities(select: EntitySelect, type: EntityType, fields: readonly EntityField[]): SqlFragment {
  if (select.link?.kind === "derived" && !select.single && select.parentCount > 1)
    return selectPages(select, type, fields);
  const columns = fields.map((field, i) => `${selectExpression(field, "c")} AS "f${i}"`);
  const inner = selectOne(select, type, (sort) => [
    `${ordinal(select)} AS "ord"`,
    ...columns,
    ...orderColumns(select, sort),
  ]);
  return paginate(select, inner, ["ord", ...fields.map((_, i) => `f${i}`)]);
}

/**
 * Statement that gives parent's position, type name and id of entities of an interface; their columns are read by
 * {@link selectByIds}.
 */
export function selectIdentities(select: EntitySelect): SqlFragment {
  const parts = select.target.concrete.map((type) =>
    selectOne(select, type, (sort) => [
      `${ordinal(select)} AS "ord"`,
      `'${type.name}' AS "type"`,
      `${identity(type)} AS "id"`,
      ...orderColumns(select, sort),
    ]),
  );
  const inner = {
    sql: parts.map((part) => part.sql).join(" UNION ALL "),
    values: parts.flatMap((part) => part.values),
  };
  return paginate(select, inner, ["ord", "type", "id"]);
}

/** Statement that reads entities by their ids, a JSON list of canonical texts. */
export function selectByIds(type: EntityType, fields: readonly EntityField[], at: number | undefined): string {
  const columns = fields.map((field) => selectExpression(field, "c")).join(", ");
  const ids = `SELECT ${idFromJson(type.idType, "value")} FROM json_each(?)`;
  return `SELECT ${columns} FROM ${sourceTable(type, at)} c WHERE c.id IN (${ids})`;
}

/** Pages of derived children: the subquery stops at each parent's limit, so that long lists are not read to their end. */
function selectPages(select: EntitySelect, type: EntityType, fields: readonly EntityField[]): SqlFragment {
  const { list, at, link } = select;
  const condition = childConditions(select, type, "x");
  const inner = sortTerms(select, type, "x");
  const outer = sortTerms(select, type, "c");
  const columns = fields.map((field) => selectExpression(field, "c"));
  const page =
    `SELECT x.id FROM ${sourceTable(type, at)} x${inner.join} WHERE ${condition.sql} ` +
    `ORDER BY ${orderClause(list, { key: inner.key ?? "NULL", tie: "x.id" })} LIMIT ? OFFSET ?`;
  return {
    sql:
      `SELECT p.ord, ${columns.join(", ")} FROM ${parentRows(link as ParentLink)} p JOIN ${sourceTable(type, at)} c ON c.id IN (${page})` +
      `${outer.join} ORDER BY p.ord, ${orderClause(list, { key: outer.key ?? "NULL", tie: "c.id" })}`,
    values: [(link as ParentLink).parents, ...condition.values, list.first, list.skip],
  };
}

function selectOne(select: EntitySelect, type: EntityType, columns: (sort: SortTerms) => string[]): SqlFragment {
  const sort = sortTerms(select, type, "c");
  const { at, link } = select;
  const condition = childConditions(select, type, "c");
  const source = `${sourceTable(type, at)} c`;
  const from = link === undefined ? source : `${parentRows(link)} p JOIN ${source}`;
  return {
    sql: `SELECT ${columns(sort).join(", ")} FROM ${from}${sort.join} WHERE ${condition.sql}`,
    values: [...(link === undefined ? [] : [link.parents]), ...condition.values],
  };
}

/** What a row must fulfil: its parent's link and the list's filter. */
function childConditions({ api, target, list, at, link }: EntitySelect, type: EntityType, alias: string): SqlFragment {
  const conditions = link === undefined ? [] : [linkCondition(link, type, alias)];
  if (list.where === undefined) return { sql: conditions.join(" AND ") || "1", values: [] };
  const scope = { api, typeName: target.declared.name, type, alias, at, nested: false };
  const filter = filterCondition(scope, list.where);
  // Beside parents the condition has to depend on the child, or SQLite would ask it for each parent alone.
  const inTime = link === undefined ? `${IN_TIME}()` : `${IN_TIME}(${alias}.${BLOCK_COLUMN})`;
  return { sql: [...conditions, inTime, filter.sql].join(" AND "), values: filter.values };
}

/** Columns that rows are ordered by: the sort key, and the id to break ties. A plus sign hides them from their indexes. */
function orderColumns({ filterFirst }: EntitySelect, sort: SortTerms): string[] {
  const hide = filterFirst ? "+" : "";
  return [`${hide}${sort.key ?? "NULL"} AS "sort"`, `${hide}c.id AS "tie"`];
}

function paginate(select: EntitySelect, inner: SqlFragment, names: readonly string[]): SqlFragment {
  const columns = names.map((name) => `"${name}"`).join(", ");
  if (select.single) return { sql: `SELECT ${columns} FROM (${inner.sql})`, values: inner.values };
  const { first, skip } = select.list;
  const order = orderClause(select.list, { key: `"sort"`, tie: `"tie"` });
  if (select.parentCount <= 1) {
    return {
      sql: `SELECT ${columns} FROM (${inner.sql}) ORDER BY ${order} LIMIT ? OFFSET ?`,
      values: [...inner.values, first, skip],
    };
  }
  const numbered = `SELECT *, row_number() OVER (PARTITION BY "ord" ORDER BY ${order}) AS "row" FROM (${inner.sql})`;
  return {
    sql: `SELECT ${columns} FROM (${numbered}) WHERE "row" > ? AND "row" <= ? ORDER BY "ord", "row"`,
    values: [...inner.values, skip, skip + first],
  };
}

/** PostgreSQL's order: nulls come last when ascending and first when descending; equal keys are ordered by id. */
function orderClause({ order, descending }: ListArguments, by: { readonly key: string; readonly tie: string }): string {
  if (order === undefined) return `${by.tie} ASC`;
  const direction = descending ? "DESC" : "ASC";
  if (order.child === undefined && order.field.name === "id") return `${by.tie} ${direction}`;
  const nullable = order.child !== undefined || !order.field.nonNull;
  const nulls = nullable ? (descending ? " NULLS FIRST" : " NULLS LAST") : "";
  return `${by.key} ${direction}${nulls}, ${by.tie} ${direction}`;
}

function sortTerms({ api, list, at }: EntitySelect, type: EntityType, alias: string): SortTerms {
  const { order } = list;
  if (order === undefined || (order.child === undefined && order.field.name === "id")) {
    return { join: "", key: undefined };
  }
  if (order.child === undefined) return { join: "", key: `${alias}."${order.field.name}"` };
  const field = type.fieldByName.get(order.field.name) ?? order.field;
  const child = order.child.name;
  const targets = concreteTypes(api.entities, field.typeName);
  const joins = targets.map(
    (target, i) =>
      ` LEFT JOIN ${sourceTable(target, at)} ${alias}${i} ON ${sortJoin(field, target, { alias, joined: `${alias}${i}` })}`,
  );
  const keys = targets.map((_, i) => `${alias}${i}."${child}"`);
  return { join: joins.join(""), key: keys.length === 1 ? keys[0] : `coalesce(${keys.join(", ")})` };
}

function sortJoin(
  field: EntityField,
  target: EntityType,
  { alias, joined }: { alias: string; joined: string },
): string {
  if (field.derivedFrom === undefined) return `${joined}.id = ${alias}."${field.name}"`;
  return backReference(target.fieldByName.get(field.derivedFrom), `${joined}."${field.derivedFrom}"`, `${alias}.id`);
}

function linkCondition(link: ParentLink, type: EntityType, alias: string): string {
  if (link.kind === "reference") return `${alias}.id = p.id`;
  return backReference(type.fieldByName.get(link.field), `${alias}."${link.field}"`, "p.id");
}

function backReference(field: EntityField | undefined, column: string, id: string): string {
  if (field?.list !== true) return `${column} = ${id}`;
  return `EXISTS (SELECT 1 FROM json_each(${column}) item WHERE item.value = ${idAsText(field, id)})`;
}

function parentRows(link: ParentLink): string {
  const idType = link.kind === "derived" ? link.parentType.idType : link.childIdType;
  return `(SELECT value ->> 0 AS ord, ${idFromJson(idType, "value ->> 1")} AS id FROM json_each(?))`;
}

function ordinal(select: EntitySelect): string {
  return select.link === undefined ? "0" : "p.ord";
}

function identity(type: EntityType): string {
  return type.idType === "Int8" ? "CAST(c.id AS TEXT)" : "c.id";
}

function idFromJson(idType: EntityType["idType"], expression: string): string {
  if (idType === "Bytes") return `unhex(substr(${expression}, 3))`;
  return idType === "Int8" ? `CAST(${expression} AS INTEGER)` : expression;
}
