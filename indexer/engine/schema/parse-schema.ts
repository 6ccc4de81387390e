import type {
  DirectiveNode,
  DocumentNode,
  EnumTypeDefinitionNode,
  FieldDefinitionNode,
  InterfaceTypeDefinitionNode,
  ObjectTypeDefinitionNode,
  TypeNode,
} from "graphql";
import { Kind, parse } from "graphql";

import type {
  EntityField,
  EntitySchema,
  EntityType,
  EnumType,
  IdType,
  InterfaceType,
  ValueType,
} from "./entity-schema.ts";

const SCALARS: ReadonlyMap<string, ValueType> = new Map<string, ValueType>([
  ["ID", "String"],
  ["String", "String"],
  ["Bytes", "Bytes"],
  ["Int", "Int"],
  ["Int8", "Int8"],
  ["BigInt", "BigInt"],
  ["BigDecimal", "BigDecimal"],
  ["Boolean", "Boolean"],
  ["Timestamp", "Timestamp"],
]);
const ID_TYPES: ReadonlyMap<string, IdType> = new Map<string, IdType>([
  ["ID", "String"],
  ["String", "String"],
  ["Bytes", "Bytes"],
  ["Int8", "Int8"],
]);

/** Definitions of one document, by kind and name. */
interface Definitions {
  readonly objects: Map<string, ObjectTypeDefinitionNode>;
  readonly interfaces: Map<string, InterfaceTypeDefinitionNode>;
  readonly enums: Map<string, EnumTypeDefinitionNode>;
}

/**
 * Reads a subgraph schema.
 * @throws Error naming the type and field when the schema is not one that the engine can run.
 */
export function parseSchema(source: string): EntitySchema {
  const definitions = collectDefinitions(parse(source));
  const enums = new Map<string, EnumType>();
  for (const [name, node] of definitions.enums) {
    const values = (node.values ?? []).map((value) => value.name.value);
    enums.set(name, { name, description: node.description?.value, values });
  }
  const entities = new Map<string, EntityType>();
  for (const [name, node] of definitions.objects) entities.set(name, entityOf(node, definitions));
  const interfaces = new Map<string, InterfaceType>();
  for (const [name, node] of definitions.interfaces) {
    interfaces.set(name, interfaceOf(node, definitions, [...entities.values()]));
  }
  const schema = { entities, interfaces, enums };
  checkDerivedFields(schema);
  checkUniqueNames(schema);
  return schema;
}

function collectDefinitions(document: DocumentNode): Definitions {
  const found: Definitions = { objects: new Map(), interfaces: new Map(), enums: new Map() };
  for (const node of document.definitions) {
    switch (node.kind) {
      case Kind.OBJECT_TYPE_DEFINITION:
        if (node.name.value === "_Schema_")
          throw new Error("schema type `_Schema_`: full-text search is not supported");
        if (directive(node.directives, "aggregation") !== undefined) {
          throw new Error(`schema type \`${node.name.value}\`: aggregations are not supported`);
        }
        if (directive(node.directives, "entity") === undefined) {
          throw new Error(`schema type \`${node.name.value}\` has no @entity directive`);
        }
        found.objects.set(node.name.value, node);
        break;
      case Kind.INTERFACE_TYPE_DEFINITION:
        found.interfaces.set(node.name.value, node);
        break;
      case Kind.ENUM_TYPE_DEFINITION:
        found.enums.set(node.name.value, node);
        break;
      default:
        throw new Error(`schema: a definition of kind ${node.kind} is not supported`);
    }
  }
  if (found.objects.size === 0) throw new Error("schema: it defines no @entity type");
  return found;
}

function entityOf(node: ObjectTypeDefinitionNode, definitions: Definitions): EntityType {
  const name = node.name.value;
  const entity = directive(node.directives, "entity");
  if (entity !== undefined && booleanArgument(entity, "timeseries")) {
    throw new Error(`schema type \`${name}\`: timeseries entities are not supported`);
  }
  const fields = (node.fields ?? []).map((field) => fieldOf(name, field, definitions));
  const id = fields.find((field) => field.name === "id");
  const idType = ID_TYPES.get(id?.typeName ?? "");
  if (id === undefined || idType === undefined || !id.nonNull || id.list) {
    throw new Error(`schema type \`${name}\` needs a field \`id\` of type ID!, String!, Bytes! or Int8!`);
  }
  const columns = [id, ...fields.filter((field) => field !== id && field.derivedFrom === undefined)];
  return {
    name,
    description: node.description?.value,
    idType,
    immutable: entity !== undefined && booleanArgument(entity, "immutable"),
    interfaces: (node.interfaces ?? []).map((implemented) => implemented.name.value),
    fields,
    columns,
    fieldByName: new Map(fields.map((field) => [field.name, field])),
    columnIndex: new Map(columns.map((field, index) => [field.name, index])),
  };
}

function interfaceOf(
  node: InterfaceTypeDefinitionNode,
  definitions: Definitions,
  entities: readonly EntityType[],
): InterfaceType {
  const name = node.name.value;
  const fields = (node.fields ?? []).map((field) => fieldOf(name, field, definitions));
  const implementors = entities.filter((entity) => entity.interfaces.includes(name));
  const idTypes = new Set(implementors.map((entity) => entity.idType));
  if (idTypes.size > 1) throw new Error(`schema interface \`${name}\`: its entities have ids of different types`);
  return {
    name,
    description: node.description?.value,
    fields,
    fieldByName: new Map(fields.map((field) => [field.name, field])),
    implementors,
    idType: implementors[0]?.idType ?? "String",
  };
}

function fieldOf(owner: string, node: FieldDefinitionNode, definitions: Definitions): EntityField {
  const shape = unwrapType(owner, node);
  const kind = kindOf(shape.typeName, definitions);
  if (kind === undefined) {
    throw new Error(`schema field \`${owner}.${node.name.value}\`: unknown type \`${shape.typeName}\``);
  }
  const derived = directive(node.directives, "derivedFrom");
  const enumNode = definitions.enums.get(shape.typeName);
  return {
    ...shape,
    name: node.name.value,
    description: node.description?.value,
    kind,
    valueType: storedType(shape.typeName, definitions),
    enumValues: (enumNode?.values ?? []).map((value) => value.name.value),
    derivedFrom: derived === undefined ? undefined : stringArgument(derived, "field"),
  };
}

function unwrapType(
  owner: string,
  node: FieldDefinitionNode,
): Pick<EntityField, "typeName" | "list" | "nonNull" | "elementNonNull"> {
  const nonNull = node.type.kind === Kind.NON_NULL_TYPE;
  const outer: TypeNode = node.type.kind === Kind.NON_NULL_TYPE ? node.type.type : node.type;
  if (outer.kind !== Kind.LIST_TYPE) {
    return { typeName: outer.name.value, list: false, nonNull, elementNonNull: false };
  }
  const elementNonNull = outer.type.kind === Kind.NON_NULL_TYPE;
  const element: TypeNode = outer.type.kind === Kind.NON_NULL_TYPE ? outer.type.type : outer.type;
  if (element.kind === Kind.LIST_TYPE) {
    throw new Error(`schema field \`${owner}.${node.name.value}\`: lists of lists are not supported`);
  }
  return { typeName: element.name.value, list: true, nonNull, elementNonNull };
}

function kindOf(typeName: string, definitions: Definitions): EntityField["kind"] | undefined {
  if (SCALARS.has(typeName)) return "scalar";
  if (definitions.enums.has(typeName)) return "enum";
  if (definitions.objects.has(typeName)) return "object";
  return definitions.interfaces.has(typeName) ? "interface" : undefined;
}

function storedType(typeName: string, definitions: Definitions): ValueType {
  const scalar = SCALARS.get(typeName);
  if (scalar !== undefined) return scalar;
  if (definitions.enums.has(typeName)) return "Enum";
  const target =
    definitions.objects.get(typeName) ??
    [...definitions.objects.values()].find((node) => node.interfaces?.some((item) => item.name.value === typeName));
  const id = target?.fields?.find((field) => field.name.value === "id");
  const named = id?.type.kind === Kind.NON_NULL_TYPE ? id.type.type : undefined;
  return (named?.kind === Kind.NAMED_TYPE ? ID_TYPES.get(named.name.value) : undefined) ?? "String";
}

function checkDerivedFields(schema: EntitySchema): void {
  for (const owner of [...schema.entities.values(), ...schema.interfaces.values()]) {
    for (const field of owner.fields) {
      if (field.derivedFrom === undefined) continue;
      const target = schema.entities.get(field.typeName) ?? schema.interfaces.get(field.typeName);
      const back = target?.fieldByName.get(field.derivedFrom);
      if (back === undefined || back.derivedFrom !== undefined) {
        throw new Error(
          `schema field \`${owner.name}.${field.name}\`: @derivedFrom names \`${field.typeName}.${field.derivedFrom}\`, which is not a stored field`,
        );
      }
    }
  }
}

/** SQLite names ignore case, so names that differ in case only would collide. */
function checkUniqueNames(schema: EntitySchema): void {
  const types = new Set<string>();
  for (const entity of schema.entities.values()) {
    if (types.has(entity.name.toLowerCase()))
      throw new Error(`schema: two types are named \`${entity.name}\` but for case`);
    types.add(entity.name.toLowerCase());
    const columns = new Set<string>();
    for (const field of entity.columns) {
      if (columns.has(field.name.toLowerCase())) {
        throw new Error(`schema type \`${entity.name}\`: two fields are named \`${field.name}\` but for case`);
      }
      columns.add(field.name.toLowerCase());
    }
  }
}

function directive(nodes: readonly DirectiveNode[] | undefined, name: string): DirectiveNode | undefined {
  return nodes?.find((node) => node.name.value === name);
}

function booleanArgument(node: DirectiveNode, name: string): boolean {
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
  return value?.kind === Kind.BOOLEAN && value.value;
}

function stringArgument(node: DirectiveNode, name: string): string {
  const value = node.arguments?.find((argument) => argument.name.value === name)?.value;
  if (value?.kind !== Kind.STRING) throw new Error(`schema: @${node.name.value} needs the argument \`${name}\``);
  return value.value;
}
