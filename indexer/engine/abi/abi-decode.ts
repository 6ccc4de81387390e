import type { AbiType, EthValue } from "./abi-type.ts";
import { ETH_KIND, headSize, isDynamic } from "./abi-type.ts";

const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });
const SIGN_BIT = 1n << 255n;
const WORD_RANGE = 1n << 256n;
/** Nesting that a value may have; deeper data is refused instead of exhausting the stack. */
const MAX_DEPTH = 64;

/** Data of one encoding; offsets inside it count from its start. */
interface Frame {
  readonly data: Buffer;
  readonly depth: number;
}

/**
 * Decodes a sequence of values (event data, the inside of a tuple).
 * @throws RangeError when an offset or length points outside the data.
 */
export function decodeSequence(types: readonly AbiType[], data: Uint8Array): EthValue[] {
  return sequenceAt(types, { data: Buffer.from(data.buffer, data.byteOffset, data.byteLength), depth: 0 });
}

/**
 * Decodes one value as `abi.decode(data, (type))` does; for a tuple this is the encoding of a struct argument.
 * @throws RangeError when the data is too short for the type.
 */
export function decodeValue(type: AbiType, data: Uint8Array): EthValue {
  const [value] = decodeSequence([type], data);
  if (value === undefined) throw new RangeError("ABI data holds no value");
  return value;
}

/** Decodes an indexed event parameter; types without a fixed word are their 32-byte hash. */
export function decodeTopic(type: AbiType, topic: Uint8Array): EthValue {
  if (isWordType(type)) return wordValue(type, Buffer.from(topic));
  return { kind: ETH_KIND.fixedBytes, value: topic };
}

function isWordType(type: AbiType): boolean {
  return !["string", "bytes", "array", "fixedArray", "tuple"].includes(type.kind);
}

function sequenceAt(types: readonly AbiType[], frame: Frame): EthValue[] {
  if (frame.depth > MAX_DEPTH) throw new RangeError(`ABI data is nested deeper than ${MAX_DEPTH}`);
  const values: EthValue[] = [];
  let head = 0;
  for (const type of types) {
    const start = isDynamic(type) ? readLength(frame.data, head) : head;
    values.push(valueAt(type, { data: frame.data.subarray(checked(frame.data, start)), depth: frame.depth + 1 }));
    head += headSize(type);
  }
  return values;
}

function valueAt(type: AbiType, frame: Frame): EthValue {
  switch (type.kind) {
    case "tuple":
      return { kind: ETH_KIND.tuple, value: sequenceAt(type.components, frame) };
    case "fixedArray":
      return { kind: ETH_KIND.fixedArray, value: elementsAt(type.element, type.length, frame) };
    case "array": {
      const length = readLength(frame.data, 0);
      const body = { data: frame.data.subarray(32), depth: frame.depth };
      return { kind: ETH_KIND.array, value: elementsAt(type.element, length, body) };
    }
    case "bytes":
    case "string": {
      const length = readLength(frame.data, 0);
      const bytes = slice(frame.data, 32, length);
      if (type.kind === "bytes") return { kind: ETH_KIND.bytes, value: bytes };
      return { kind: ETH_KIND.string, value: UTF8.decode(bytes) };
    }
    default:
      return wordValue(type, slice(frame.data, 0, 32));
  }
}

function elementsAt(element: AbiType, length: number, frame: Frame): EthValue[] {
  const size = Math.max(1, headSize(element));
  if (length * size > frame.data.length)
    throw new RangeError(`ABI array of ${length} elements is longer than its data`);
  return sequenceAt(new Array<AbiType>(length).fill(element), frame);
}

function wordValue(type: AbiType, word: Buffer): EthValue {
  switch (type.kind) {
    case "address":
      return { kind: ETH_KIND.address, value: word.subarray(12, 32) };
    case "bool":
      return { kind: ETH_KIND.bool, value: word.some((byte) => byte !== 0) };
    case "fixedBytes":
      return { kind: ETH_KIND.fixedBytes, value: word.subarray(0, type.size) };
    case "function":
      return { kind: ETH_KIND.function, value: word.subarray(0, 24) };
    case "int": {
      const unsigned = readWord(word);
      return { kind: ETH_KIND.int, value: unsigned >= SIGN_BIT ? unsigned - WORD_RANGE : unsigned };
    }
    default:
      return { kind: ETH_KIND.uint, value: readWord(word) };
  }
}

/** Big-endian 256-bit word; the short path serves the usual small numbers. */
function readWord(word: Buffer): bigint {
  const low = word.readBigUInt64BE(24);
  const high = word.readBigUInt64BE(16);
  const top = word.readBigUInt64BE(0) | word.readBigUInt64BE(8);
  if (top !== 0n) return BigInt("0x" + word.toString("hex"));
  return high === 0n ? low : (high << 64n) | low;
}

function readLength(data: Buffer, offset: number): number {
  const word = slice(data, offset, 32);
  const value = word.readUIntBE(26, 6);
  if (word.readUIntBE(0, 6) !== 0 || word.subarray(6, 26).some((byte) => byte !== 0) || value > data.length) {
    throw new RangeError("ABI data has an offset or length beyond its end");
  }
  return value;
}

function slice(data: Buffer, offset: number, length: number): Buffer {
  if (offset + length > data.length)
    throw new RangeError(`ABI data ends at byte ${data.length}, before ${offset + length}`);
  return data.subarray(offset, offset + length);
}

function checked(data: Buffer, offset: number): number {
  if (offset > data.length) throw new RangeError(`ABI data ends at byte ${data.length}, before ${offset}`);
  return offset;
}
