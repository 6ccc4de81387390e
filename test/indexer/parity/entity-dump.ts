import type { GraphQLField, GraphQLSchema } from "graphql";
import {
  getNamedType,
  getNullableType,
  isInterfaceType,
  isLeafType,
  isListType,
  isNonNullType,
  isObjectType,
} from "graphql";

import type { GraphqlAnswer } from "../graph-node/graph-node.ts";

/** An entity with its fields; a relation is an object with the id, a list of them a list of such objects. */
export type DumpedEntity = Readonly<Record<string, unknown>>;
/** Entities by type. */
export type EntityDump = ReadonlyMap<string, readonly DumpedEntity[]>;

type Ask = (query: string) => Promise<GraphqlAnswer> | GraphqlAnswer;
type Field = GraphQLField<unknown, unknown>;

const PAGE = 100;
/** Entities of a list inside of an entity; more would be missing from the dump, and a history of a test has fewer. */
const CHILDREN = 300;
/** Below the cost at which the engine refuses a query. */
const COST = 140_000;

/**
 * Reads every entity of every type, interfaces included, with every field. References that must exist are read apart, of
 * the entities where they do, because one that leads nowhere makes the whole answer an error.
 */
export async function dumpAll(schema: GraphQLSchema, ask: Ask): Promise<EntityDump> {
  const dump = new Map<string, DumpedEntity[]>();
  for (const root of Object.values(schema.getQueryType()?.getFields() ?? {})) {
    if (!isListType(getNullableType(root.type)) || root.name.startsWith("_")) continue;
    const type = getNamedType(root.type).name;
    const fields = fieldsOf(schema, type);
    const fragile = fields.filter((field) => isReference(field) && isNonNullType(field.type));
    const sound = fields.filter((field) => !fragile.includes(field)).map(selectField);
    const lists = fields.filter(isListOfEntities).length;
    const page = Math.min(PAGE, Math.floor(COST / (1 + lists * CHILDREN)));
    const entities = await readList(ask, root.name, { fields: sound, where: undefined, page });
    const byId = new Map(entities.map((entity) => [entity["id"], { ...entity }]));
    for (const field of fragile) {
      const where = `${field.name}_: { id_not: "0x" }`;
      const found = await readList(ask, root.name, { fields: ["id", selectField(field)], where, page: PAGE });
      for (const entity of found) Object.assign(byId.get(entity["id"]) ?? {}, entity);
    }
    dump.set(type, [...byId.values()]);
  }
  return dump;
}

async function readList(
  ask: Ask,
  root: string,
  { fields, where, page: size }: { fields: readonly string[]; where: string | undefined; page: number },
): Promise<DumpedEntity[]> {
  const entities: DumpedEntity[] = [];
  for (;;) {
    const conditions = where === undefined ? [] : [where];
    if (entities.length > 0) conditions.push(`id_gt: ${JSON.stringify(entities.at(-1)?.["id"])}`);
    const list = `page: ${root}(first: ${size}, orderBy: id, where: { ${conditions.join(", ")} })`;
    const { data, errors } = await ask(`{ ${list} { __typename ${fields.join(" ")} } }`);
    if (errors !== undefined) throw new Error(`${list}: ${errors.map((error) => error.message).join("; ")}`);
    const page = data?.["page"] as DumpedEntity[];
    entities.push(...page);
    if (page.length < size) return entities;
  }
}

function fieldsOf(schema: GraphQLSchema, typeName: string): Field[] {
  const type = schema.getType(typeName);
  if (!isObjectType(type) && !isInterfaceType(type)) throw new Error(`${typeName} has no fields`);
  return Object.values(type.getFields());
}

function isListOfEntities(field: Field): boolean {
  return !isLeafType(getNamedType(field.type)) && isListType(getNullableType(field.type));
}

function isReference(field: Field): boolean {
  return !isLeafType(getNamedType(field.type)) && !isListType(getNullableType(field.type));
}

function selectField(field: Field): string {
  if (isLeafType(getNamedType(field.type))) return field.name;
  return `${field.name}${field.args.length > 0 ? `(first: ${CHILDREN}, orderBy: id)` : ""} { id }`;
}
