/** Kinds of an ABI value, numbered as graph-ts `ethereum.ValueKind`. */
export const ETH_KIND = {
  address: 0,
  fixedBytes: 1,
  bytes: 2,
  int: 3,
  uint: 4,
  bool: 5,
  string: 6,
  fixedArray: 7,
  array: 8,
  tuple: 9,
  function: 10,
} as const;

/** A decoded ABI value as mappings see it. */
export interface EthValue {
  readonly kind: number;
  readonly value: Uint8Array | bigint | boolean | string | readonly EthValue[];
}

/** A Solidity ABI type. */
export type AbiType =
  | { readonly kind: "address" | "bool" | "string" | "bytes" | "function" }
  | { readonly kind: "int" | "uint"; readonly bits: number }
  | { readonly kind: "fixedBytes"; readonly size: number }
  | { readonly kind: "array"; readonly element: AbiType }
  | { readonly kind: "fixedArray"; readonly element: AbiType; readonly length: number }
  | { readonly kind: "tuple"; readonly components: readonly AbiType[] };

const ARRAY_SUFFIX = /\[(\d*)\]$/;

/**
 * Parses a type as written in signatures and in `ethereum.decode`: `uint256`, `(address,bytes32[])[2]`.
 * @throws Error when the text is not a Solidity ABI type.
 */
export function parseAbiType(text: string): AbiType {
  const source = text.trim();
  const suffix = ARRAY_SUFFIX.exec(source);
  if (suffix !== null) {
    const element = parseAbiType(source.slice(0, suffix.index));
    return suffix[1] === "" ? { kind: "array", element } : { kind: "fixedArray", element, length: Number(suffix[1]) };
  }
  if (source.startsWith("(") && source.endsWith(")")) {
    return { kind: "tuple", components: splitTopLevel(source.slice(1, -1)).map(parseAbiType) };
  }
  return parseElementary(source);
}

/** Splits a comma-separated list, leaving commas inside parentheses alone. */
export function splitTopLevel(list: string): string[] {
  const parts: string[] = [];
  let depth = 0;
  let start = 0;
  for (let i = 0; i < list.length; i++) {
    const char = list[i];
    if (char === "(") depth++;
    else if (char === ")") depth--;
    else if (char === "," && depth === 0) {
      parts.push(list.slice(start, i));
      start = i + 1;
    }
  }
  const last = list.slice(start);
  if (parts.length > 0 || last.trim() !== "") parts.push(last);
  return parts;
}

/** Whether the encoding of a type has no fixed length. */
export function isDynamic(type: AbiType): boolean {
  switch (type.kind) {
    case "string":
    case "bytes":
    case "array":
      return true;
    case "fixedArray":
      return type.length > 0 && isDynamic(type.element);
    case "tuple":
      return type.components.some(isDynamic);
    default:
      return false;
  }
}

/** Bytes that a type takes in the head of an encoding. */
export function headSize(type: AbiType): number {
  if (isDynamic(type)) return 32;
  if (type.kind === "fixedArray") return type.length * headSize(type.element);
  if (type.kind === "tuple") return type.components.reduce((sum, component) => sum + headSize(component), 0);
  return 32;
}

function parseElementary(source: string): AbiType {
  switch (source) {
    case "address":
    case "bool":
    case "string":
    case "bytes":
    case "function":
      return { kind: source };
    case "int":
    case "uint":
      return { kind: source, bits: 256 };
  }
  const integer = /^(u?int)(\d+)$/.exec(source);
  if (integer !== null) {
    const bits = Number(integer[2]);
    if (bits > 0 && bits <= 256 && bits % 8 === 0) return { kind: integer[1] === "int" ? "int" : "uint", bits };
  }
  const fixed = /^bytes(\d+)$/.exec(source);
  if (fixed !== null) {
    const size = Number(fixed[1]);
    if (size > 0 && size <= 32) return { kind: "fixedBytes", size };
  }
  throw new Error(`\`${source}\` is not a Solidity ABI type`);
}
