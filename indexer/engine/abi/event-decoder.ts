import { keccak256, stringToBytes } from "viem/utils";

import type { AbiType, EthValue } from "./abi-type.ts";
import { parseAbiType, splitTopLevel } from "./abi-type.ts";
import { decodeSequence, decodeTopic } from "./abi-decode.ts";

/** Input of an event in an ABI JSON file. */
interface AbiInput {
  readonly name: string;
  readonly type: string;
  readonly indexed?: boolean | undefined;
  readonly components?: readonly AbiInput[] | undefined;
}

/** Event entry of an ABI JSON file. */
export interface AbiEvent {
  readonly type: "event";
  readonly name: string;
  readonly anonymous?: boolean | undefined;
  readonly inputs: readonly AbiInput[];
}

/** Turns logs of one event into named values. */
export interface EventDecoder {
  /** keccak256 of the signature, lower-case hex. */
  readonly topic0: string;
  readonly parameterNames: readonly string[];
  /** Values in declaration order, or undefined when the log does not have this event's layout. */
  decode(topics: readonly Uint8Array[], data: Uint8Array): EthValue[] | undefined;
}

/**
 * Finds the event that a manifest names (`Transfer(indexed address,indexed address,uint256)`) and prepares its decoder.
 * @throws Error when the ABI has no such event, or several that differ in `indexed` only and none matches.
 */
export function createEventDecoder(signature: string, abi: readonly AbiEvent[]): EventDecoder {
  const wanted = normalizeSignature(signature);
  const candidates = abi.filter((event) => canonicalSignature(event, false) === wanted.replaceAll("indexed ", ""));
  const event =
    candidates.find((candidate) => canonicalSignature(candidate, true) === wanted) ??
    (candidates.length === 1 ? candidates[0] : undefined);
  if (event === undefined) throw new Error(`no event with the signature \`${signature}\``);
  return decoderOf(event);
}

function decoderOf(event: AbiEvent): EventDecoder {
  const types = event.inputs.map((input) => parseAbiType(canonicalType(input)));
  const indexed = event.inputs.map((input) => input.indexed === true);
  const bodyTypes = types.filter((_, i) => indexed[i] !== true);
  const topicCount = 1 + types.length - bodyTypes.length;
  return {
    topic0: keccak256(stringToBytes(canonicalSignature(event, false))),
    parameterNames: event.inputs.map((input) => input.name),
    decode: (topics, data) => {
      if (topics.length !== topicCount) return undefined;
      const body = tryDecode(bodyTypes, data);
      if (body === undefined) return undefined;
      let topic = 1;
      let position = 0;
      return types.map((type, i) =>
        indexed[i] === true ? decodeTopic(type, topics[topic++] as Uint8Array) : (body[position++] as EthValue),
      );
    },
  };
}

function tryDecode(types: readonly AbiType[], data: Uint8Array): EthValue[] | undefined {
  try {
    return decodeSequence(types, data);
  } catch (error) {
    if (error instanceof RangeError) return undefined;
    throw error;
  }
}

/** Signature with `indexed` kept in front of types, all other blanks and parameter names gone. */
function normalizeSignature(signature: string): string {
  const open = signature.indexOf("(");
  if (open === -1 || !signature.trimEnd().endsWith(")")) throw new Error(`\`${signature}\` is not an event signature`);
  const inside = signature.trim().slice(signature.trim().indexOf("(") + 1, -1);
  const parts = splitTopLevel(inside).map((part) => {
    const words = part.trim().replace(/\s*([(),])\s*/g, "$1");
    return words.startsWith("indexed ") ? `indexed ${words.slice(8).trim()}` : words;
  });
  return `${signature.slice(0, open).trim()}(${parts.join(",")})`;
}

function canonicalSignature(event: AbiEvent, markIndexed: boolean): string {
  const inputs = event.inputs.map(
    (input) => (markIndexed && input.indexed === true ? "indexed " : "") + canonicalType(input),
  );
  return `${event.name}(${inputs.join(",")})`;
}

function canonicalType(input: AbiInput): string {
  if (!input.type.startsWith("tuple")) return input.type;
  return `(${(input.components ?? []).map(canonicalType).join(",")})${input.type.slice("tuple".length)}`;
}
