/** Scalar that a stored column holds; references hold the id type of their target. */
export type ValueType =
  "String" | "Bytes" | "Int" | "Int8" | "BigInt" | "BigDecimal" | "Boolean" | "Timestamp" | "Enum";

/** Scalars that an `id` field may have. */
export type IdType = "String" | "Bytes" | "Int8";

/** A field as the subgraph's schema declares it. */
export interface EntityField {
  readonly name: string;
  readonly description: string | undefined;
  /** Named type as written, e.g. `BigInt`, `ID`, `Node`. */
  readonly typeName: string;
  readonly kind: "scalar" | "enum" | "object" | "interface";
  readonly list: boolean;
  readonly nonNull: boolean;
  /** Whether the elements of a list are declared non-null. */
  readonly elementNonNull: boolean;
  /** What the column (or each list element) stores. */
  readonly valueType: ValueType;
  /** Values of the enum in declaration order, empty for other kinds. */
  readonly enumValues: readonly string[];
  /** Field of the target type that points back here; such a field has no column. */
  readonly derivedFrom: string | undefined;
}

/** An `@entity` object type. */
export interface EntityType {
  readonly name: string;
  readonly description: string | undefined;
  readonly idType: IdType;
  readonly immutable: boolean;
  readonly interfaces: readonly string[];
  readonly fields: readonly EntityField[];
  /** Fields that are stored, `id` first. */
  readonly columns: readonly EntityField[];
  readonly fieldByName: ReadonlyMap<string, EntityField>;
  /** Position of each stored field in `columns`. */
  readonly columnIndex: ReadonlyMap<string, number>;
}

/** An interface type and the entities that implement it, in schema order. */
export interface InterfaceType {
  readonly name: string;
  readonly description: string | undefined;
  readonly fields: readonly EntityField[];
  readonly fieldByName: ReadonlyMap<string, EntityField>;
  readonly implementors: readonly EntityType[];
  readonly idType: IdType;
}

/** An enum type; its values order as declared. */
export interface EnumType {
  readonly name: string;
  readonly description: string | undefined;
  readonly values: readonly string[];
}

/** Everything the engine needs to know of a subgraph's `schema.graphql`. */
export interface EntitySchema {
  readonly entities: ReadonlyMap<string, EntityType>;
  readonly interfaces: ReadonlyMap<string, InterfaceType>;
  readonly enums: ReadonlyMap<string, EnumType>;
}

/** Entity types that a value of the named object or interface type can have. */
export function concreteTypes(schema: EntitySchema, typeName: string): readonly EntityType[] {
  const entity = schema.entities.get(typeName);
  if (entity !== undefined) return [entity];
  return schema.interfaces.get(typeName)?.implementors ?? [];
}
