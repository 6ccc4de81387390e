import type { ASTNode, DocumentNode } from "graphql";
import { getNamedType, Kind, TypeInfo, visit, visitWithTypeInfo } from "graphql";

import { concreteTypes } from "../schema/entity-schema.ts";
import type { ApiSchema } from "./api-schema.ts";

const PLAIN_TYPES = new Set([
  "Int",
  "String",
  "ID",
  "Boolean",
  "Float",
  "Bytes",
  "BigInt",
  "BigDecimal",
  "Int8",
  "Timestamp",
]);

/** Stands for `_meta`, which changes with every block. */
export const META_DEPENDENCY = "_Meta_";

/**
 * Entity types that the answer of a valid document can depend on: those it selects, filters by and orders by. Filters and
 * orders that come as variables can reach any type.
 */
export function queryDependencies(api: ApiSchema, document: DocumentNode): ReadonlySet<string> {
  const names = new Set<string>();
  const note = (typeName: string): void => {
    if (typeName === META_DEPENDENCY) names.add(typeName);
    for (const type of concreteTypes(api.entities, typeName)) names.add(type.name);
  };
  const info = new TypeInfo(api.schema);
  const enter = (node: ASTNode): void => {
    const output = info.getType();
    const input = info.getInputType();
    const inputName = input === null || input === undefined ? "" : getNamedType(input).name;
    if (output !== null && output !== undefined) note(getNamedType(output).name);
    note(inputName.replace(/_filter$/, ""));
    if (node.kind === Kind.ENUM && inputName.endsWith("_orderBy")) {
      const order = api.types.get(inputName.replace(/_orderBy$/, ""))?.orders.get(node.value);
      if (order?.child !== undefined) note(order.field.typeName);
    }
    if (node.kind === Kind.VARIABLE && inputName !== "" && !PLAIN_TYPES.has(inputName)) {
      for (const name of api.types.keys()) note(name);
    }
  };
  visit(document, visitWithTypeInfo(info, { enter }));
  return names;
}
