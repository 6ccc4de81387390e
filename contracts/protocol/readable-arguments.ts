import type { AbiParameter, Hex } from "viem";

/** Reads words of calldata, and counts the bytes that may still be read. */
interface Walk {
  data: Hex;
  left: number;
}

/**
 * Whether the arguments in calldata are no longer, all together, than the calldata. Offsets may name the same bytes again
 * and again, so that a few kilobytes would be decoded to gigabytes; usual encodings never do.
 */
export function isReadable(inputs: readonly AbiParameter[], data: Hex): boolean {
  const walk = { data, left: data.length / 2 };
  visitAll(walk, inputs, 0);
  return walk.left >= 0;
}

/** Visits values whose heads follow each other. @param first Position of the first head, to which offsets are added. */
function visitAll(walk: Walk, parameters: Iterable<AbiParameter>, first: number): void {
  let at = first;
  for (const parameter of parameters) {
    if (walk.left < 0) return;
    visit(walk, parameter, isDynamic(parameter) ? first + wordAt(walk, at) : at);
    at += headSize(parameter);
  }
}

function visit(walk: Walk, parameter: AbiParameter, at: number): void {
  const list = listOf(parameter);
  if (list) {
    const { element, length } = list;
    const count = length ?? wordAt(walk, at);
    return visitAll(walk, repeated(element, count), length === undefined ? at + 32 : at);
  }
  if ("components" in parameter) return visitAll(walk, parameter.components, at);
  walk.left -= isDynamic(parameter) ? wordAt(walk, at) : 32;
}

function* repeated(parameter: AbiParameter, count: number): Iterable<AbiParameter> {
  for (let i = 0; i < count; i++) yield parameter;
}

/** The element of a list, and its length where the type fixes it. */
function listOf(parameter: AbiParameter): { element: AbiParameter; length: number | undefined } | undefined {
  const [, type, length] = /^(.*)\[(\d*)\]$/.exec(parameter.type) ?? [];
  if (type === undefined) return undefined;
  return { element: { ...parameter, type }, length: length ? Number(length) : undefined };
}

function isDynamic(parameter: AbiParameter): boolean {
  const list = listOf(parameter);
  if (list) return list.length === undefined || isDynamic(list.element);
  if ("components" in parameter) return parameter.components.some(isDynamic);
  return parameter.type === "bytes" || parameter.type === "string";
}

/** Bytes that a value takes among others; those of what is dynamic are elsewhere. */
function headSize(parameter: AbiParameter): number {
  if (isDynamic(parameter)) return 32;
  const list = listOf(parameter);
  if (list) return (list.length ?? 0) * headSize(list.element);
  if ("components" in parameter) return parameter.components.reduce((sum, one) => sum + headSize(one), 0);
  return 32;
}

/** A word behind the selector; behind the end of the data nothing is left to read. */
function wordAt(walk: Walk, at: number): number {
  const start = 10 + 2 * at;
  walk.left -= 32;
  if (!(start + 64 <= walk.data.length)) {
    walk.left = -1;
    return 0;
  }
  return Number(`0x${walk.data.slice(start, start + 64)}`);
}
