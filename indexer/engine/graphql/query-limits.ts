import type {
  DocumentNode,
  FieldNode,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionNode,
  SelectionSetNode,
} from "graphql";
import {
  getNamedType,
  getNullableType,
  GraphQLError,
  isInterfaceType,
  isIntrospectionType,
  isListType,
  isObjectType,
  Kind,
  SchemaMetaFieldDef,
  TypeMetaFieldDef,
} from "graphql";

/** Levels of entities below each other that a query may ask for. */
const MAX_DEPTH = 12;
/** Entities that a query may return in the worst case. */
const MAX_COST = 150_000;
/** Entities and aliased values that a query may return in the worst case: without aliases an entity has few values. */
const MAX_VALUES = 4_000_000;
/** Values that a field of the schema's own description counts as: there are about as many fields and arguments. */
const DESCRIBED_VALUES = 10_000;
const DEFAULT_FIRST = 100;

/** What a selection may return in the worst case. */
interface Cost {
  entities: number;
  values: number;
}

interface Estimate {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An estimate under way, with what each fragment costs at each depth: fragments may spread each other many times over. */
interface Walk extends Estimate {
  readonly fragments: Map<string, Cost>;
}

/** A selection on the way down. */
interface Place {
  readonly selection: SelectionSetNode;
  readonly typeName: string;
  readonly depth: number;
}

/**
 * Refuses queries that could read too much, before anything is read. The estimate of entities is graph-node's: a list costs
 * `first` entities and each of them what is asked below it; a single entity costs one. Aliased values are counted alike.
 * @throws GraphQLError naming the limit
 */
export function checkLimits(estimate: Estimate, operation: OperationDefinitionNode): void {
  const root = estimate.schema.getRootType(operation.operation);
  if (root === undefined || root === null) return;
  const walk = { ...estimate, fragments: new Map<string, Cost>() };
  const { entities, values } = costOf(walk, { selection: operation.selectionSet, typeName: root.name, depth: 0 });
  if (entities > MAX_COST) throw exceeds(entities, MAX_COST, "entities");
  if (values > MAX_VALUES) throw exceeds(values, MAX_VALUES, "values");
}

function exceeds(cost: number, limit: number, what: keyof Cost): GraphQLError {
  return new GraphQLError(
    `query potentially returns \`${cost}\` ${what} or more and thereby exceeds the limit of \`${limit}\` ${what}; ` +
      "ask for fewer levels or use `first` for smaller lists",
  );
}

function costOf(walk: Walk, at: Place): Cost {
  if (at.depth > MAX_DEPTH) throw new GraphQLError(`query has a depth that exceeds the limit of \`${MAX_DEPTH}\``);
  const sum: Cost = { entities: 0, values: 0 };
  for (const node of at.selection.selections) {
    const cost = selectedCost(walk, node, at);
    sum.entities += cost.entities;
    sum.values += cost.values;
    if (sum.entities > MAX_COST || sum.values > MAX_VALUES) return sum;
  }
  return sum;
}

function selectedCost(walk: Walk, node: SelectionNode, at: Place): Cost {
  if (node.kind === Kind.FIELD) return fieldCost(walk, node, at);
  if (node.kind === Kind.FRAGMENT_SPREAD) return fragmentCost(walk, node.name.value, at.depth);
  return costOf(walk, { ...at, selection: node.selectionSet, typeName: node.typeCondition?.name.value ?? at.typeName });
}

function fragmentCost(walk: Walk, name: string, depth: number): Cost {
  const key = `${name} ${depth}`;
  const known = walk.fragments.get(key);
  if (known !== undefined) return known;
  const fragment = walk.document.definitions.find(
    (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
  );
  if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) return { entities: 0, values: 0 };
  const typeName = fragment.typeCondition.name.value;
  const cost = costOf(walk, { selection: fragment.selectionSet, typeName, depth });
  walk.fragments.set(key, cost);
  return cost;
}

function fieldCost(walk: Walk, node: FieldNode, at: Omit<Place, "selection">): Cost {
  const { selectionSet } = node;
  const type = typeOf(walk, node, at.typeName);
  const owner = walk.schema.getType(at.typeName);
  const isDescription = owner !== undefined && isIntrospectionType(owner);
  if (selectionSet === undefined || type === undefined) {
    return { entities: 0, values: isDescription ? DESCRIBED_VALUES : Number(node.alias !== undefined) };
  }
  const typeName = getNamedType(type).name;
  // The description of a type is nested as deep as its kind, whatever the data.
  if (isIntrospectionType(getNamedType(type))) {
    const { values } = costOf(walk, { selection: selectionSet, typeName, depth: at.depth });
    return { entities: 0, values: values + DESCRIBED_VALUES };
  }
  const below = costOf(walk, { selection: selectionSet, typeName, depth: at.depth + 1 });
  const count = isList(type) ? firstOf(walk, node) : 1;
  return { entities: count * (1 + below.entities), values: count * (1 + below.values) };
}

function typeOf({ schema }: Estimate, node: FieldNode, ownerName: string): GraphQLOutputType | undefined {
  const name = node.name.value;
  const described = [SchemaMetaFieldDef, TypeMetaFieldDef].find((field) => field.name === name);
  if (described !== undefined) return described.type;
  const owner = schema.getType(ownerName);
  return isObjectType(owner) || isInterfaceType(owner) ? owner.getFields()[name]?.type : undefined;
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(getNullableType(type));
}

/** At least 1: what is out of range is refused where it is read, and may be skipped until then. */
function firstOf({ variables }: Estimate, node: FieldNode): number {
  const value = node.arguments?.find((argument) => argument.name.value === "first")?.value;
  if (value?.kind === Kind.INT) return Math.max(1, Number(value.value));
  if (value?.kind === Kind.VARIABLE) return Math.max(1, Number(variables[value.name.value] ?? DEFAULT_FIRST));
  return DEFAULT_FIRST;
}
