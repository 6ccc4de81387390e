import type {
  DocumentNode,
  FieldNode,
  GraphQLOutputType,
  GraphQLSchema,
  OperationDefinitionNode,
  SelectionSetNode,
} from "graphql";
import { getNamedType, getNullableType, GraphQLError, isInterfaceType, isListType, isObjectType, Kind } from "graphql";

/** Levels of entities below each other that a query may ask for. */
const MAX_DEPTH = 12;
/** Entities that a query may return in the worst case. */
const MAX_COST = 150_000;
const DEFAULT_FIRST = 100;

interface Estimate {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** An estimate under way, with what each fragment costs at each depth: fragments may spread each other many times over. */
interface Walk extends Estimate {
  readonly fragments: Map<string, number>;
}

/** A selection on the way down. */
interface Place {
  readonly selection: SelectionSetNode;
  readonly typeName: string;
  readonly depth: number;
}

/**
 * Refuses queries that could read too much, before anything is read. The estimate is graph-node's: a list costs `first`
 * entities and each of them what is asked below it; a single entity costs one.
 * @throws GraphQLError naming the limit
 */
export function checkLimits(estimate: Estimate, operation: OperationDefinitionNode): void {
  const root = estimate.schema.getRootType(operation.operation);
  if (root === undefined || root === null) return;
  const walk = { ...estimate, fragments: new Map<string, number>() };
  const cost = costOf(walk, { selection: operation.selectionSet, typeName: root.name, depth: 0 });
  if (cost > MAX_COST) {
    throw new GraphQLError(
      `query potentially returns \`${cost}\` entities or more and thereby exceeds the limit of \`${MAX_COST}\` entities; ` +
        "ask for fewer levels or use `first` for smaller lists",
    );
  }
}

function costOf(walk: Walk, at: Place): number {
  if (at.depth > MAX_DEPTH) throw new GraphQLError(`query has a depth that exceeds the limit of \`${MAX_DEPTH}\``);
  let cost = 0;
  for (const node of at.selection.selections) {
    if (node.kind === Kind.FIELD) cost += fieldCost(walk, node, at);
    else if (node.kind === Kind.FRAGMENT_SPREAD) cost += fragmentCost(walk, node.name.value, at.depth);
    else {
      const typeName = node.typeCondition?.name.value ?? at.typeName;
      cost += costOf(walk, { ...at, selection: node.selectionSet, typeName });
    }
    if (cost > MAX_COST) return cost;
  }
  return cost;
}

function fragmentCost(walk: Walk, name: string, depth: number): number {
  const key = `${name} ${depth}`;
  const known = walk.fragments.get(key);
  if (known !== undefined) return known;
  const fragment = walk.document.definitions.find(
    (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
  );
  if (fragment?.kind !== Kind.FRAGMENT_DEFINITION) return 0;
  const typeName = fragment.typeCondition.name.value;
  const cost = costOf(walk, { selection: fragment.selectionSet, typeName, depth });
  walk.fragments.set(key, cost);
  return cost;
}

function fieldCost(walk: Walk, node: FieldNode, at: Omit<Place, "selection">): number {
  const { selectionSet } = node;
  if (selectionSet === undefined || node.name.value.startsWith("__")) return 0;
  const owner = walk.schema.getType(at.typeName);
  if (!isObjectType(owner) && !isInterfaceType(owner)) return 0;
  const type = owner.getFields()[node.name.value]?.type;
  if (type === undefined) return 0;
  const below = costOf(walk, { selection: selectionSet, typeName: getNamedType(type).name, depth: at.depth + 1 });
  return isList(type) ? firstOf(walk, node) * (1 + below) : 1 + below;
}

function isList(type: GraphQLOutputType): boolean {
  return isListType(getNullableType(type));
}

function firstOf({ variables }: Estimate, node: FieldNode): number {
  const value = node.arguments?.find((argument) => argument.name.value === "first")?.value;
  if (value?.kind === Kind.INT) return Number(value.value);
  if (value?.kind === Kind.VARIABLE) return Number(variables[value.name.value] ?? DEFAULT_FIRST);
  return DEFAULT_FIRST;
}
