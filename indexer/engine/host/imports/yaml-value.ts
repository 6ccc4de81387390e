import type { Document, Node, Scalar } from "yaml";
import { isAlias, isMap, isScalar, isSeq, parseDocument } from "yaml";

/** A value of a YAML document; numbers keep graph-node's spelling. */
export type YamlValue =
  | { readonly kind: "null" }
  | { readonly kind: "bool"; readonly value: boolean }
  | { readonly kind: "number" | "string"; readonly value: string }
  | { readonly kind: "list"; readonly items: readonly YamlValue[] }
  | { readonly kind: "map"; readonly entries: readonly (readonly [key: YamlValue, value: YamlValue])[] }
  | { readonly kind: "tagged"; readonly tag: string; readonly value: YamlValue };

const MAX_YAML_BYTES = 10_000_000;
/** Lists and maps inside of each other, aliases followed. */
const MAX_DEPTH = 128;
/** Values that a document may have once its aliases are followed, so that a short text cannot fill the memory. */
const MAX_VALUES = 1_000_000;
const GLOBAL_TAG = "tag:yaml.org,2002:";
const U64_END = 1n << 64n;
const I64_MIN = -(1n << 63n);
const LEADING_ZERO = /^[+-]?0\d+$/;
const FLOAT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;

/**
 * Parses one YAML document the way graph-node does: scalars by the core schema, local tags kept, keys of any kind.
 * @throws Error when it is too large, too deep or not one valid document
 */
export function parseYaml(data: Uint8Array): YamlValue {
  if (data.length > MAX_YAML_BYTES) throw new RangeError(`YAML size exceeds max size of ${MAX_YAML_BYTES} bytes`);
  const text = new TextDecoder("utf-8", { fatal: true }).decode(data);
  const document = parseDocument(text, { schema: "failsafe", uniqueKeys: false, logLevel: "error" });
  const [problem] = document.errors;
  if (problem !== undefined) throw problem;
  return new Reader(document).read(document.contents, 0);
}

/** Turns the nodes of a document into values. */
class Reader {
  readonly #document: Document;
  #values = 0;

  constructor(document: Document) {
    this.#document = document;
  }

  read(node: Node | null, depth: number): YamlValue {
    if (++this.#values > MAX_VALUES) throw new RangeError(`the document has more than ${MAX_VALUES} values`);
    if (node === null) return { kind: "null" };
    if (isAlias(node)) return this.read(node.resolve(this.#document) ?? unknownAnchor(node.source), depth);
    if (node.tag?.startsWith("!") === true && node.tag !== "!") {
      return { kind: "tagged", tag: node.tag, value: this.#untagged(node, depth) };
    }
    return this.#untagged(node, depth);
  }

  #untagged(node: Node, depth: number): YamlValue {
    if (isScalar(node)) return scalarValue(node);
    if (depth >= MAX_DEPTH) throw new RangeError("recursion limit exceeded");
    if (isSeq(node))
      return { kind: "list", items: node.items.map((item) => this.read(item as Node | null, depth + 1)) };
    if (!isMap(node)) throw new Error("the document has a node of an unknown kind");
    const entries = node.items.map((pair): [YamlValue, YamlValue] => [
      this.read(pair.key as Node | null, depth + 1),
      this.read(pair.value as Node | null, depth + 1),
    ]);
    const keys = new Set(entries.map(([key]) => JSON.stringify(key)));
    if (keys.size < entries.length) throw new Error("a map has an entry twice");
    return { kind: "map", entries };
  }
}

function unknownAnchor(name: string): never {
  throw new Error(`the anchor \`${name}\` does not exist`);
}

function scalarValue(node: Scalar): YamlValue {
  const text = node.source ?? "";
  const type = node.tag?.startsWith(GLOBAL_TAG) === true ? node.tag.slice(GLOBAL_TAG.length) : undefined;
  if (type === undefined) return node.type === "PLAIN" ? plainValue(text) : { kind: "string", value: text };
  const value = { bool: booleanValue, int: integerValue, float: floatValue, null: nullValue }[type];
  if (value === undefined) return { kind: "string", value: text };
  return value(text) ?? wrongScalar(text, type);
}

function wrongScalar(text: string, type: string): never {
  throw new Error(`\`${text}\` is not a value of the type ${type}`);
}

function plainValue(text: string): YamlValue {
  if (text === "") return { kind: "null" };
  const number = (): YamlValue | undefined =>
    integerValue(text) ?? (LEADING_ZERO.test(text) ? undefined : floatValue(text));
  return nullValue(text) ?? booleanValue(text) ?? number() ?? { kind: "string", value: text };
}

function nullValue(text: string): YamlValue | undefined {
  return /^(?:null|Null|NULL|~)$/.test(text) ? { kind: "null" } : undefined;
}

function booleanValue(text: string): YamlValue | undefined {
  if (/^(?:true|True|TRUE)$/.test(text)) return { kind: "bool", value: true };
  return /^(?:false|False|FALSE)$/.test(text) ? { kind: "bool", value: false } : undefined;
}

/** @throws RangeError when an integer does not fit 64 bits */
function integerValue(text: string): YamlValue | undefined {
  if (LEADING_ZERO.test(text)) return undefined;
  if (!/^[+-]?(?:\d+|0x[0-9a-fA-F]+|0o[0-7]+|0b[01]+)$/.test(text)) return undefined;
  const magnitude = BigInt(text.replace(/^[+-]/, ""));
  const value = text.startsWith("-") ? -magnitude : magnitude;
  if (value >= I64_MIN && value < U64_END) return { kind: "number", value: value.toString() };
  throw new RangeError(`the integer \`${text}\` does not fit 64 bits`);
}

function floatValue(text: string): YamlValue | undefined {
  const special = /^([+-]?)\.(?:inf|Inf|INF)$/.exec(text);
  if (special !== null) return { kind: "number", value: special[1] === "-" ? "-.inf" : ".inf" };
  if (/^\.(?:nan|NaN|NAN)$/.test(text)) return { kind: "number", value: ".nan" };
  const value = Number(text);
  if (!FLOAT.test(text) || !Number.isFinite(value)) return undefined;
  return { kind: "number", value: formatFloat(value) };
}

/** Shortest digits that give the number back; an exponent below 1e-5 and from 1e16 on, as graph-node writes it. */
function formatFloat(value: number): string {
  const sign = value < 0 || Object.is(value, -0) ? "-" : "";
  const [mantissa = "0", power = "0"] = Math.abs(value).toExponential().split("e");
  const digits = mantissa.replace(".", "");
  const point = Number(power) + 1;
  if (value === 0) return `${sign}0.0`;
  if (point > 16 || point <= -5) return `${sign}${mantissa}e${Number(power)}`;
  if (point <= 0) return `${sign}0.${"0".repeat(-point)}${digits}`;
  if (point >= digits.length) return `${sign}${digits.padEnd(point, "0")}.0`;
  return `${sign}${digits.slice(0, point)}.${digits.slice(point)}`;
}
