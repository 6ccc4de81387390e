import type { GraphQLScalarType, GraphQLSchema, ValueNode } from "graphql";
import { GraphQLError, isScalarType, Kind } from "graphql";

/**
 * Gives the dialect's scalars their input rules. Inputs become text here and are read by the field that they are compared
 * with; outputs are text already.
 */
export function customizeScalars(schema: GraphQLSchema): void {
  accept(schema, "Bytes", { numbers: false, floats: false });
  accept(schema, "BigInt", { numbers: true, floats: false });
  accept(schema, "Int8", { numbers: true, floats: false });
  accept(schema, "Timestamp", { numbers: false, floats: false });
  accept(schema, "BigDecimal", { numbers: true, floats: true });
}

function accept(schema: GraphQLSchema, name: string, rule: { numbers: boolean; floats: boolean }): void {
  const scalar = schema.getType(name);
  if (!isScalarType(scalar)) return;
  scalar.parseValue = (value) => {
    if (typeof value === "string") return value;
    if (typeof value === "number" && rule.numbers && (rule.floats || Number.isInteger(value))) return String(value);
    throw refusal(scalar, JSON.stringify(value));
  };
  scalar.parseLiteral = (node: ValueNode) => {
    if (node.kind === Kind.STRING || (node.kind === Kind.INT && rule.numbers)) return node.value;
    if (node.kind === Kind.FLOAT && rule.floats) return node.value;
    throw refusal(scalar, node.kind);
  };
}

function refusal(scalar: GraphQLScalarType, value: string): GraphQLError {
  return new GraphQLError(`${scalar.name} cannot represent the value ${value}`);
}
