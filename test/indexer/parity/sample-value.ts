import type { GraphQLSchema } from "graphql";
import { getNamedType, isInterfaceType, isLeafType, isObjectType } from "graphql";

import type { Random } from "../fixture/random-activity.ts";
import type { EntityDump } from "./entity-dump.ts";

interface SampleSource {
  readonly schema: GraphQLSchema;
  readonly dump: EntityDump;
  readonly random: Random;
}

const DEFAULTS: Readonly<Record<string, readonly string[]>> = {
  Boolean: ["true", "false"],
  Int: ["-1", "0", "2", "7"],
  Int8: ["-5", "0", "12"],
  BigInt: ['"-300"', "0", "41", '"900719925474099312345"'],
  BigDecimal: ["-1.5", "0", "0.3333", "100", '"1e99999"', '"-1e-9999"'],
  Timestamp: ['"0"', '"1700000000000000"'],
  Bytes: ['"0x"', '"0x10"', '"0x0000000000000000000000000000000000001002"'],
  String: ['""', '"note"', '"account"', '"0x00"', '"NOTE 1"', '"n_te"', '"%1"'],
  ID: ['"a"', '"card-"', '"zz"'],
};
const REFERENCE_IDS: readonly string[] = ['"0x10"', '"0x0000000000000000000000000000000000001002"', '"0xff"'];

/**
 * A literal to compare a field with: mostly a value that an entity has, a piece of it where texts are searched, or one of a
 * few fixed values.
 */
export function sampleValue(source: SampleSource, place: { type: string; filter: string }, scalar: string): string {
  const { random, dump } = source;
  const fixed = isReference(source, place) ? REFERENCE_IDS : (DEFAULTS[scalar] ?? ['""']);
  const entities = dump.get(place.type) ?? [];
  const entity = entities[random(Math.max(1, entities.length))];
  const stored = entity?.[fieldOf(source.schema, place)];
  const value = Array.isArray(stored) ? (stored[random(Math.max(1, stored.length))] as unknown) : stored;
  if (value === undefined || value === null || random(4) === 0) return fixed[random(fixed.length)] ?? '""';
  const text = textOf(value);
  if (scalar === "Boolean" || scalar === "Int" || scalar === "Int8") return text;
  if (scalar === "String" && /_(contains|starts|ends)/.test(place.filter)) return JSON.stringify(piece(random, text));
  return JSON.stringify(text);
}

/** Text of a scalar, or the id of an entity. */
function textOf(value: unknown): string {
  if (typeof value === "string") return value;
  const id = (value as { readonly id?: string }).id;
  return id ?? JSON.stringify(value);
}

function piece(random: Random, text: string): string {
  const start = random(Math.max(1, text.length));
  const part = text.slice(start, start + 1 + random(6));
  return random(3) === 0 ? part.toUpperCase() : part;
}

function isReference({ schema }: SampleSource, place: { type: string; filter: string }): boolean {
  const owner = schema.getType(place.type);
  if (!isObjectType(owner) && !isInterfaceType(owner)) return false;
  const field = owner.getFields()[fieldOf(schema, place)];
  return field !== undefined && !isLeafType(getNamedType(field.type));
}

/** The longest field name that a filter name begins with. */
function fieldOf(schema: GraphQLSchema, { type, filter }: { type: string; filter: string }): string {
  const owner = schema.getType(type);
  const fields = isObjectType(owner) || isInterfaceType(owner) ? Object.keys(owner.getFields()) : [];
  const matching = fields.filter((name) => filter === name || filter.startsWith(`${name}_`));
  return matching.sort((a, b) => b.length - a.length)[0] ?? filter;
}
