import { buildSchema, GraphQLIncludeDirective, GraphQLSchema, GraphQLSkipDirective } from "graphql";

import type { EntityField, EntitySchema, EntityType, InterfaceType } from "../schema/entity-schema.ts";
import type { FilterInput } from "./filter-operators.ts";
import { filterInputs } from "./filter-operators.ts";
import { queryNames } from "./query-names.ts";
import { customizeScalars } from "./scalars.ts";

/** What `orderBy: <name>` sorts by: a field, or a field of the entity that a field refers to. */
export interface OrderInput {
  readonly field: EntityField;
  readonly child: EntityField | undefined;
}

/** An object or interface type with the inputs of its lists. */
export interface QueryableType {
  readonly declared: EntityType | InterfaceType;
  /** Entities that a value of the type can be. */
  readonly concrete: readonly EntityType[];
  readonly filters: ReadonlyMap<string, FilterInput>;
  readonly orders: ReadonlyMap<string, OrderInput>;
}

/** A field of `Query`: one entity by id, or a list. */
interface RootField {
  readonly typeName: string;
  readonly list: boolean;
}

/** The GraphQL schema of a subgraph in graph-node's dialect, and how to read its inputs. */
export interface ApiSchema {
  readonly schema: GraphQLSchema;
  readonly entities: EntitySchema;
  readonly types: ReadonlyMap<string, QueryableType>;
  readonly rootFields: ReadonlyMap<string, RootField>;
}

const BLOCK_ARGUMENT = `
  """
  The block at which the query is executed: its hash, its number, or a number that the subgraph must have reached at least.
  Defaults to the latest block.
  """
  block: Block_height`;
const ERROR_ARGUMENT = `
  "Set to \`allow\` to receive data even if the subgraph has skipped over errors while syncing."
  subgraphError: _SubgraphErrorPolicy_! = deny`;

const BASE = `
scalar BigDecimal
scalar BigInt
scalar Bytes
"8 bytes signed integer"
scalar Int8
"Microseconds since the epoch as a string"
scalar Timestamp

input BlockChangedFilter { number_gte: Int! }

"The block at which the query should be executed."
input Block_height { hash: Bytes number: Int number_gte: Int }

enum OrderDirection { asc desc }

enum _SubgraphErrorPolicy_ {
  "Data will be returned even if the subgraph has indexing errors"
  allow
  "If the subgraph has indexing errors, data will be omitted. The default."
  deny
}

type _Block_ {
  "The hash of the block"
  hash: Bytes
  "The block number"
  number: Int!
  "Unix seconds of the block"
  timestamp: Int
  "The hash of the parent block"
  parentHash: Bytes
}

"The type for the top-level _meta field"
type _Meta_ {
  "The latest block, or the block that the field was asked for"
  block: _Block_!
  "The deployment ID"
  deployment: String!
  "If \`true\`, the subgraph encountered indexing errors at some past block or stopped at one"
  hasIndexingErrors: Boolean!
}
`;

/** Builds the query schema of a subgraph. */
export function buildApiSchema(entities: EntitySchema): ApiSchema {
  const types = new Map<string, QueryableType>();
  for (const entity of entities.entities.values()) types.set(entity.name, queryable(entities, entity, [entity]));
  for (const item of entities.interfaces.values()) types.set(item.name, queryable(entities, item, item.implementors));
  const rootFields = new Map<string, RootField>();
  for (const typeName of types.keys()) {
    const { singular, plural } = queryNames(typeName);
    rootFields.set(singular, { typeName, list: false });
    rootFields.set(plural, { typeName, list: true });
  }
  const built = buildSchema(printSchema(entities, types, rootFields)).toConfig();
  // Only what queries use: clients with an older parser stumble over the newest built-in directives.
  const schema = new GraphQLSchema({ ...built, directives: [GraphQLIncludeDirective, GraphQLSkipDirective] });
  customizeScalars(schema);
  return { schema, entities, types, rootFields };
}

function queryable(
  entities: EntitySchema,
  declared: EntityType | InterfaceType,
  concrete: readonly EntityType[],
): QueryableType {
  const filters = new Map<string, FilterInput>();
  const orders = new Map<string, OrderInput>();
  for (const field of declared.fields) {
    for (const input of filterInputs(entities, field)) filters.set(input.name, input);
    orders.set(field.name, { field, child: undefined });
    if (field.list || field.kind === "scalar" || field.kind === "enum") continue;
    const target = entities.entities.get(field.typeName) ?? entities.interfaces.get(field.typeName);
    for (const child of target?.fields ?? []) {
      if (child.list || child.kind === "object" || child.kind === "interface") continue;
      orders.set(`${field.name}__${child.name}`, { field, child });
    }
  }
  return { declared, concrete, filters, orders };
}

function printSchema(
  entities: EntitySchema,
  types: ReadonlyMap<string, QueryableType>,
  rootFields: ReadonlyMap<string, RootField>,
): string {
  const parts = [BASE];
  for (const item of entities.enums.values()) {
    parts.push(`${describe(item.description)}enum ${item.name} { ${item.values.join(" ")} }`);
  }
  for (const type of types.values()) parts.push(printType(type), printFilter(type), printOrder(type));
  const fields = [...rootFields].map(([name, field]) => printRootField(name, field));
  fields.push(`"Access to subgraph metadata"\n_meta(block: Block_height): _Meta_`);
  parts.push(`type Query {\n${fields.join("\n")}\n}`);
  parts.push(`"The same fields as \`Query\`, answered anew after every block that changes the answer"`);
  parts.push(`type Subscription {\n${fields.join("\n")}\n}`);
  return parts.join("\n\n");
}

function printType({ declared }: QueryableType): string {
  const fields = declared.fields.map((field) => {
    const relation = field.kind === "object" || field.kind === "interface";
    const parameters = field.list && relation ? `(${listArguments(field.typeName)})` : "";
    return `${describe(field.description)}${field.name}${parameters}: ${printFieldType(field)}`;
  });
  const isInterface = "implementors" in declared;
  const implemented =
    isInterface || declared.interfaces.length === 0 ? "" : ` implements ${declared.interfaces.join(" & ")}`;
  const keyword = isInterface ? "interface" : "type";
  return `${describe(declared.description)}${keyword} ${declared.name}${implemented} {\n${fields.join("\n")}\n}`;
}

function printFieldType(field: EntityField): string {
  const inner = field.list ? `[${field.typeName}${field.elementNonNull ? "!" : ""}]` : field.typeName;
  return inner + (field.nonNull ? "!" : "");
}

function printFilter({ declared, filters }: QueryableType): string {
  const name = `${declared.name}_filter`;
  const inputs = [...filters.values()].map((input) => `${input.name}: ${input.type}`);
  inputs.push(
    `"Filter for the block changed event."\n_change_block: BlockChangedFilter`,
    `and: [${name}]`,
    `or: [${name}]`,
  );
  return `input ${name} {\n${inputs.join("\n")}\n}`;
}

function printOrder({ declared, orders }: QueryableType): string {
  return `enum ${declared.name}_orderBy {\n${[...orders.keys()].join("\n")}\n}`;
}

function printRootField(name: string, { typeName, list }: RootField): string {
  if (!list) return `${name}(id: ID!, ${BLOCK_ARGUMENT}, ${ERROR_ARGUMENT}): ${typeName}`;
  return `${name}(${listArguments(typeName)}, ${BLOCK_ARGUMENT}, ${ERROR_ARGUMENT}): [${typeName}!]!`;
}

function listArguments(typeName: string): string {
  return `skip: Int = 0, first: Int = 100, orderBy: ${typeName}_orderBy, orderDirection: OrderDirection, where: ${typeName}_filter`;
}

function describe(description: string | undefined): string {
  return description === undefined ? "" : `${JSON.stringify(description)}\n`;
}
