import type { GraphQLField, GraphQLInputObjectType, GraphQLInputType, GraphQLSchema } from "graphql";
import {
  getNamedType,
  getNullableType,
  isEnumType,
  isInputObjectType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
  isScalarType,
} from "graphql";

import type { Random } from "../fixture/random-activity.ts";
import type { EntityDump } from "./entity-dump.ts";
import { sampleValue } from "./sample-value.ts";

/** What queries are made from. */
export interface QuerySource {
  /** Schema of the endpoint. */
  readonly schema: GraphQLSchema;
  /** Entities that exist, so that filters find something. */
  readonly dump: EntityDump;
  /** Blocks that can be asked about. */
  readonly blocks: { readonly from: number; readonly to: number; readonly hash: string };
  readonly random: Random;
}

type Field = GraphQLField<unknown, unknown>;

/** Levels of entities below the root. */
const DEEPEST = 3;

/** A random query that is valid for the schema: one to three root fields with arguments, relations and fragments. */
export function generateQuery(source: QuerySource): string {
  const { schema, random } = source;
  const fieldsOfRoot = Object.values(schema.getQueryType()?.getFields() ?? {});
  const roots = fieldsOfRoot.filter(({ name }) => name === "_meta" || !name.startsWith("_"));
  const fragments: string[] = [];
  const fields = Array.from({ length: 1 + random(3) }, (_, i) => {
    const root = pick(random, roots);
    if (root.name === "_meta") return `r${i}: _meta${metaArguments(source)} { block { number hash parentHash } }`;
    const type = getNamedType(root.type).name;
    return `r${i}: ${root.name}${rootArguments(source, root)} ${selection(source, { type, depth: 1, fragments })}`;
  });
  return [`query {\n${fields.join("\n")}\n}`, ...fragments].join("\n");
}

function pick<T>(random: Random, list: readonly T[]): T {
  const item = list[random(list.length)];
  if (item === undefined) throw new Error("nothing to pick from");
  return item;
}

// Selections

interface SelectionPlace {
  readonly type: string;
  readonly depth: number;
  /** Named fragments of the document so far. */
  readonly fragments: string[];
}

function selection(source: QuerySource, place: SelectionPlace): string {
  const { schema, random } = source;
  const type = schema.getType(place.type);
  if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`${place.type} has no fields`);
  const parts = ["id"];
  if (random(5) === 0) parts.push("__typename");
  for (const field of Object.values(type.getFields())) parts.push(...fieldSelection(source, field, place));
  if (isInterfaceType(type) && random(2) === 0) {
    const target = pick(random, schema.getPossibleTypes(type)).name;
    parts.push(`... on ${target} ${selection(source, { ...place, type: target, depth: place.depth + 1 })}`);
  }
  const body = `{ ${parts.join(" ")} }`;
  if (random(6) > 0) return body;
  const name = `f${place.fragments.length}`;
  place.fragments.push("");
  place.fragments[Number(name.slice(1))] = `fragment ${name} on ${place.type} ${body}`;
  return `{ id ...${name} }`;
}

function fieldSelection(source: QuerySource, field: Field, place: SelectionPlace): string[] {
  const { random } = source;
  const below = getNamedType(field.type);
  if (isLeafType(below)) {
    if (random(3) === 0) return [];
    const alias = random(12) === 0 ? `a_${field.name}: ` : "";
    const directive = random(15) === 0 ? ` @${pick(random, ["skip", "include"])}(if: ${random(2) === 0})` : "";
    return [`${alias}${field.name}${directive}`];
  }
  if (place.depth > DEEPEST || random(place.depth + 1) > 0) return [];
  const parameters =
    field.args.length === 0 ? "" : listArguments(source, { type: below.name, others: [], nested: true });
  const alias = parameters === "" ? "" : `l${place.depth}_${field.name}: `;
  return [
    `${alias}${field.name}${parameters} ${selection(source, { ...place, type: below.name, depth: place.depth + 1 })}`,
  ];
}

// Arguments

function rootArguments(source: QuerySource, root: Field): string {
  const { random, dump } = source;
  const type = getNamedType(root.type).name;
  const block = blockArgument(source);
  if (isListType(getNullableType(root.type))) return listArguments(source, { type, others: block, nested: false });
  const known = dump.get(type) ?? [];
  const id = known.length > 0 && random(8) > 0 ? pick(random, known)["id"] : "7700";
  return `(${[`id: ${JSON.stringify(id)}`, ...block].join(", ")})`;
}

function metaArguments(source: QuerySource): string {
  const block = blockArgument(source);
  return block.length === 0 ? "" : `(${block.join(", ")})`;
}

function blockArgument({ random, blocks }: QuerySource): string[] {
  const past = blocks.from + random(blocks.to - blocks.from + 1);
  switch (random(8)) {
    case 0:
    case 1:
      return [`block: { number: ${past} }`];
    case 2:
      return [`block: { number_gte: ${random(20) === 0 ? blocks.to + 5 : past} }`];
    case 3:
      return [`block: { hash: "${blocks.hash}" }`];
    default:
      return [];
  }
}

interface ListPlace {
  readonly type: string;
  readonly others: readonly string[];
  /** Inside of another entity; graph-node cannot sort such lists by a field of a relation. */
  readonly nested: boolean;
}

function listArguments(source: QuerySource, { type, others, nested }: ListPlace): string {
  const { random } = source;
  const parts = [...others];
  if (random(3) > 0) parts.push(`where: ${filter(source, `${type}_filter`, 0)}`);
  if (nested || random(8) > 0) parts.push(`first: ${1 + random(random(3) === 0 ? 4 : 20)}`);
  if (random(4) === 0) parts.push(`skip: ${random(6)}`);
  const order = orderNames(source, type).filter((name) => !nested || !name.includes("__"));
  if (order.length > 0 && random(3) > 0) parts.push(`orderBy: ${pick(random, order)}`);
  if (random(2) === 0) parts.push(`orderDirection: ${pick(random, ["asc", "desc"])}`);
  return parts.length === 0 ? "" : `(${parts.join(", ")})`;
}

/**
 * Mostly what both engines can sort by; lists, enums and relations are refused by both. By the id of a relation
 * graph-node sorts without a tie-breaker, so that equal queries differ among themselves.
 */
function orderNames({ schema, random }: QuerySource, typeName: string): string[] {
  const order = schema.getType(`${typeName}_orderBy`);
  if (!isEnumType(order)) return [];
  const names = order.getValues().map((value) => value.name);
  if (random(20) === 0) return names.filter((name) => !name.endsWith("__id"));
  return names.filter((name) => {
    const [first = "", second] = name.split("__");
    if (second === "id") return false;
    const field = fieldOfType(schema, typeName, first);
    const target = second === undefined ? field : fieldOfType(schema, getNamedType(field?.type)?.name ?? "", second);
    return target !== undefined && isScalarType(getNullableType(target.type));
  });
}

function fieldOfType(schema: GraphQLSchema, typeName: string, name: string): Field | undefined {
  const type = schema.getType(typeName);
  return isObjectType(type) || isInterfaceType(type) ? type.getFields()[name] : undefined;
}

// Filters

function filter(source: QuerySource, typeName: string, depth: number): string {
  const { random, schema } = source;
  const type = schema.getType(typeName);
  if (!isInputObjectType(type)) throw new Error(`${typeName} is not an input type`);
  if (depth < 2 && random(5) === 0) {
    const items = Array.from({ length: 1 + random(3) }, () => filter(source, typeName, depth + 1));
    return `{ ${pick(random, ["and", "or"])}: [${items.join(", ")}] }`;
  }
  const parts = new Map<string, string>();
  for (let i = random(3); i >= 0; i--) {
    const [name, value] = condition(source, type, depth);
    parts.set(name, value);
  }
  return `{ ${[...parts].map(([name, value]) => `${name}: ${value}`).join(", ")} }`;
}

function condition(source: QuerySource, type: GraphQLInputObjectType, depth: number): [string, string] {
  const { random, blocks } = source;
  const typeName = type.name.replace(/_filter$/, "");
  const fields = Object.values(type.getFields()).filter(({ name }) => isAsked(source, typeName, name));
  const field = pick(random, fields);
  if (field.name === "_change_block")
    return [field.name, `{ number_gte: ${blocks.from + random(blocks.to - blocks.from)} }`];
  const named = getNamedType(field.type);
  if (isInputObjectType(named)) return [field.name, filter(source, named.name, Math.max(depth + 1, 2))];
  return [field.name, literal(source, { type: typeName, filter: field.name }, field.type)];
}

/** graph-node offers text searches on references and refuses them when ids are bytes; these are left out. */
function isAsked({ schema }: QuerySource, typeName: string, name: string): boolean {
  if (name === "and" || name === "or") return false;
  const operator = name.search(/_(not_)?(contains|starts|ends)/);
  const field = operator < 0 ? undefined : fieldOfType(schema, typeName, name.slice(0, operator));
  return field === undefined || isLeafType(getNamedType(field.type));
}

function literal(source: QuerySource, place: { type: string; filter: string }, type: GraphQLInputType): string {
  const { random, schema, dump } = source;
  const inner = getNullableType(type);
  if (isListType(inner)) {
    const items = Array.from({ length: random(4) }, () => literal(source, place, inner.ofType));
    return `[${items.filter((item) => item !== "null").join(", ")}]`;
  }
  const plain = /_(gt|lt|gte|lte|in|not_in|contains|starts|ends)/.test(place.filter);
  if (!isNonNullType(type) && !plain && random(10) === 0) return "null";
  if (isEnumType(inner)) return pick(random, inner.getValues()).name;
  return sampleValue({ random, schema, dump }, place, getNamedType(inner).name);
}
