import type { FieldNode, GraphQLObjectType, SelectionSetNode } from "graphql";
import { getArgumentValues, GraphQLError, isObjectType } from "graphql";
import type { DatabaseSync, StatementSync } from "node:sqlite";

import type { EntityField, EntityType } from "../schema/entity-schema.ts";
import { decodeColumn } from "../store/column-codec.ts";
import type { SqlValue } from "../store/column-codec.ts";
import { idText } from "../store/entity-key.ts";
import { rowArrays } from "../store/entity-table.ts";
import type { EntityValue } from "../values/entity-value.ts";
import type { ApiSchema, QueryableType } from "./api-schema.ts";
import { selectByIds, selectEntities, selectIdentities } from "./entity-select.ts";
import type { EntitySelect, ParentLink } from "./entity-select.ts";
import { prefersFilter } from "./filter-estimate.ts";
import { inputId } from "./input-value.ts";
import { listArguments } from "./list-arguments.ts";
import type { ListArguments } from "./list-arguments.ts";
import { outputValue } from "./output-value.ts";
import { collectFields } from "./selection.ts";
import type { SelectionContext } from "./selection.ts";

/** An entity that was read, with the entities below it by response key. */
export interface EntityNode {
  readonly type: EntityType;
  /** Canonical text of the id. */
  readonly id: string;
  readonly values: ReadonlyMap<string, EntityValue>;
  readonly children: Map<string, EntityNode | null | EntityNode[]>;
}

const ALL: ListArguments = { where: undefined, order: undefined, descending: false, first: 1, skip: 0 };

const CACHED_STATEMENTS = 200;

/** Prepared statements by their text; the oldest go when there are too many. */
export class StatementCache {
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();
  readonly #before: () => void;

  /** @param before called ahead of each statement; may throw */
  constructor(database: DatabaseSync, before: () => void) {
    this.#database = database;
    this.#before = before;
  }

  all(sql: string, values: readonly SqlValue[]): SqlValue[][] {
    this.#before();
    let statement = this.#statements.get(sql);
    if (statement === undefined) {
      statement = rowArrays(this.#database.prepare(sql));
      if (this.#statements.size >= CACHED_STATEMENTS)
        this.#statements.delete(this.#statements.keys().next().value ?? "");
      this.#statements.set(sql, statement);
    }
    return statement.all(...values) as unknown as SqlValue[][];
  }
}

/** Reads what one root field selects, level by level: one statement per field, however many parents it has. */
export class EntityLoader {
  readonly #api: ApiSchema;
  readonly #statements: StatementCache;
  readonly #context: SelectionContext;
  readonly #at: number | undefined;

  /** @param at block of a query about the past */
  constructor(parts: {
    api: ApiSchema;
    statements: StatementCache;
    context: SelectionContext;
    at: number | undefined;
  }) {
    this.#api = parts.api;
    this.#statements = parts.statements;
    this.#context = parts.context;
    this.#at = parts.at;
  }

  /** The entity with an id, or null. */
  one(typeName: string, id: string, selections: readonly SelectionSetNode[]): EntityNode | null {
    const target = this.#target(typeName);
    for (const type of target.concrete) {
      const [node] = this.#readByIds(type, [inputId(type, id)], selections);
      if (node === undefined) continue;
      this.#expand([node], selections);
      return node;
    }
    return null;
  }

  /** The entities of a list. */
  many(
    typeName: string,
    args: Readonly<Record<string, unknown>>,
    selections: readonly SelectionSetNode[],
  ): EntityNode[] {
    const target = this.#target(typeName);
    const list = listArguments(target, args);
    const select = {
      api: this.#api,
      target,
      list,
      at: this.#at,
      link: undefined,
      parentCount: 1,
      single: false,
      filterFirst: this.#filterFirst(target, list),
    };
    const nodes = this.#read(select, selections).map(({ node }) => node);
    this.#expand(nodes, selections);
    return nodes;
  }

  /** Decided for plain lists of the present; lists below entities are found by their parents. */
  #filterFirst({ declared, concrete }: QueryableType, list: ListArguments): boolean {
    const [type, ...others] = concrete;
    if (type === undefined || others.length > 0 || this.#at !== undefined) return false;
    const scope = { api: this.#api, typeName: declared.name, type, alias: "c", at: undefined, nested: false };
    return prefersFilter((sql, values) => this.#statements.all(sql, values), scope, list);
  }

  /** Reads everything that selections ask for below nodes. */
  #expand(nodes: readonly EntityNode[], selections: readonly SelectionSetNode[]): void {
    for (const [type, group] of groupByType(nodes)) {
      for (const [key, fieldNodes] of collectFields(type, selections, this.#context)) {
        const field = type.fieldByName.get(fieldNodes[0]?.name.value ?? "");
        if (field === undefined || (field.kind !== "object" && field.kind !== "interface")) continue;
        this.#expandField({ type, group, key, field, fieldNodes });
      }
    }
  }

  #expandField(step: {
    type: EntityType;
    group: EntityNode[];
    key: string;
    field: EntityField;
    fieldNodes: FieldNode[];
  }): void {
    const { type, group, key, field, fieldNodes } = step;
    const selections = fieldNodes.flatMap((node) => node.selectionSet ?? []);
    const target = this.#target(field.typeName);
    const list = field.list ? listArguments(target, this.#arguments(type, fieldNodes)) : ALL;
    const unique = [...new Map(group.map((node) => [node.id, node])).values()];
    const positions = new Map(unique.map((node, position) => [node.id, position]));
    const link = parentLink(type, field, target, unique);
    const select = {
      api: this.#api,
      target,
      list,
      at: this.#at,
      link,
      parentCount: unique.length,
      single: !field.list,
      filterFirst: false,
    };
    const found = this.#read(select, selections);
    const byParent = new Map<number, EntityNode[]>();
    for (const { position, node } of found) {
      const siblings = byParent.get(position);
      if (siblings === undefined) byParent.set(position, [node]);
      else siblings.push(node);
    }
    for (const node of group) {
      const children = byParent.get(positions.get(node.id) ?? -1) ?? [];
      if (!field.list && children.length > 1) throw ambiguous(type, field);
      node.children.set(key, field.list ? children : (children[0] ?? null));
    }
    this.#expand(
      found.map(({ node }) => node),
      selections,
    );
  }

  #arguments(type: EntityType, fieldNodes: readonly FieldNode[]): Record<string, unknown> {
    const [node] = fieldNodes;
    const definition = this.#objectType(type.name).getFields()[node?.name.value ?? ""];
    if (node === undefined || definition === undefined) return {};
    return getArgumentValues(definition, node, this.#context.variables);
  }

  #read(select: EntitySelect, selections: readonly SelectionSetNode[]): { position: number; node: EntityNode }[] {
    const [only, ...others] = select.target.concrete;
    if (only === undefined) return [];
    if (others.length > 0) return this.#readMixed(select, selections);
    const fields = this.#selectedFields(only, selections);
    const { sql, values } = selectEntities(select, only, fields);
    return this.#statements
      .all(sql, values)
      .map((row) => ({ position: row[0] as number, node: toNode(only, fields, row.slice(1)) }));
  }

  /** Entities of an interface: first which ones, then the columns of each type. */
  #readMixed(select: EntitySelect, selections: readonly SelectionSetNode[]): { position: number; node: EntityNode }[] {
    const { sql, values } = selectIdentities(select);
    const rows = this.#statements.all(sql, values).map((row) => ({
      position: row[0] as number,
      type: String(row[1]),
      id: idText(row[2] ?? null),
    }));
    const nodes = new Map<string, EntityNode>();
    for (const type of select.target.concrete) {
      const ids = rows.filter((row) => row.type === type.name).map((row) => row.id);
      for (const node of this.#readByIds(type, ids, selections)) nodes.set(`${type.name}:${node.id}`, node);
    }
    return rows.flatMap(({ position, type, id }) => {
      const node = nodes.get(`${type}:${id}`);
      return node === undefined ? [] : [{ position, node }];
    });
  }

  #readByIds(type: EntityType, ids: readonly string[], selections: readonly SelectionSetNode[]): EntityNode[] {
    if (ids.length === 0) return [];
    const fields = this.#selectedFields(type, selections);
    const rows = this.#statements.all(selectByIds(type, fields, this.#at), [JSON.stringify(ids)]);
    return rows.map((row) => toNode(type, fields, row));
  }

  /** The id, the scalars that are selected and the references that are followed. */
  #selectedFields(type: EntityType, selections: readonly SelectionSetNode[]): EntityField[] {
    const names = new Set(["id"]);
    for (const nodes of collectFields(type, selections, this.#context).values()) names.add(nodes[0]?.name.value ?? "");
    return type.columns.filter((field) => names.has(field.name));
  }

  #target(typeName: string): QueryableType {
    return this.#api.types.get(typeName) as QueryableType;
  }

  #objectType(name: string): GraphQLObjectType {
    const type = this.#api.schema.getType(name);
    if (!isObjectType(type)) throw new Error(`\`${name}\` is not an object type`);
    return type;
  }
}

/** What a field of an entity answers: the entities below it, or its value as the dialect writes it. */
export function resolveField(node: EntityNode, fieldName: string, responseKey: string): unknown {
  const child = node.children.get(responseKey);
  if (child !== undefined) return child;
  const field = node.type.fieldByName.get(fieldName);
  if (field === undefined) return undefined;
  return outputValue(field, node.values.get(fieldName) ?? null);
}

function parentLink(
  type: EntityType,
  field: EntityField,
  target: QueryableType,
  parents: readonly EntityNode[],
): ParentLink {
  if (field.derivedFrom !== undefined) {
    const rows = parents.map((node, position) => [position, node.id]);
    return { kind: "derived", field: field.derivedFrom, parentType: type, parents: JSON.stringify(rows) };
  }
  const rows = parents.flatMap((node, position) => {
    const value = node.values.get(field.name) ?? null;
    const ids = Array.isArray(value) ? value : value === null ? [] : [value];
    return [...new Set(ids.map(idText))].map((id) => [position, id]);
  });
  return { kind: "reference", childIdType: target.declared.idType, parents: JSON.stringify(rows) };
}

function toNode(type: EntityType, fields: readonly EntityField[], row: readonly SqlValue[]): EntityNode {
  const values = new Map(fields.map((field, i) => [field.name, decodeColumn(field, row[i] ?? null)]));
  return { type, id: idText(values.get("id") ?? null), values, children: new Map() };
}

function groupByType(nodes: readonly EntityNode[]): Map<EntityType, EntityNode[]> {
  const groups = new Map<EntityType, EntityNode[]>();
  for (const node of nodes) {
    const group = groups.get(node.type);
    if (group === undefined) groups.set(node.type, [node]);
    else group.push(node);
  }
  return groups;
}

function ambiguous(type: EntityType, field: EntityField): GraphQLError {
  return new GraphQLError(
    `Ambiguous result for derived field \`${field.name}\`: Multiple \`${field.typeName}\` entities refer back to one \`${type.name}\` via \`${field.derivedFrom}\``,
  );
}
