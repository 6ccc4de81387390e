import { GraphQLError } from "graphql";

import type { EntityField } from "../schema/entity-schema.ts";
import type { OrderInput, QueryableType } from "./api-schema.ts";

/** Most entities of one list. */
const MAX_FIRST = 1_000;
/** Most entities that a list can leave out in front; page by `id_gt` beyond it. */
const MAX_SKIP = 5_000;
const DEFAULT_FIRST = 100;

/** The arguments of a list, checked. */
export interface ListArguments {
  readonly where: Readonly<Record<string, unknown>> | undefined;
  readonly order: OrderInput | undefined;
  readonly descending: boolean;
  readonly first: number;
  readonly skip: number;
}

/**
 * Reads the arguments of a list of entities.
 * @throws GraphQLError naming the argument and its limit
 */
export function listArguments(type: QueryableType, args: Readonly<Record<string, unknown>>): ListArguments {
  const first = (args["first"] as number | null | undefined) ?? DEFAULT_FIRST;
  if (first < 1 || first > MAX_FIRST) throw outOfRange("first", 1, MAX_FIRST, first);
  const skip = (args["skip"] as number | null | undefined) ?? 0;
  if (skip < 0 || skip > MAX_SKIP) throw outOfRange("skip", 0, MAX_SKIP, skip);
  return {
    where: (args["where"] as Record<string, unknown> | null | undefined) ?? undefined,
    order: orderInput(type, args["orderBy"] as string | null | undefined),
    descending: args["orderDirection"] === "desc",
    first,
    skip,
  };
}

function orderInput(type: QueryableType, name: string | null | undefined): OrderInput | undefined {
  if (name === null || name === undefined) return undefined;
  const order = type.orders.get(name);
  if (order === undefined || !isSortable(order.child ?? order.field)) {
    throw new GraphQLError(`Ordering by \`${name}\` is not supported for type \`${type.declared.name}\``);
  }
  return order;
}

/** graph-node orders by plain scalars only. */
function isSortable(field: EntityField): boolean {
  return field.kind === "scalar" && !field.list;
}

function outOfRange(name: string, min: number, max: number, given: number): GraphQLError {
  return new GraphQLError(`The \`${name}\` argument must be between ${min} and ${max}, but is ${given}`);
}
