import type { BigDecimal } from "../values/big-decimal.ts";
import { boundedInteger, MAX_EXPONENT, MIN_EXPONENT, normalizeDecimal } from "../values/big-decimal.ts";
import { BlockDataNeeded, MappingError } from "./mapping-error.ts";
import type { TypeIndex } from "./type-ids.ts";
import { TYPE } from "./type-ids.ts";

/**
 * Stands for block and transaction fields that were not fetched. It lies at the very end of the address space, where no
 * module has memory, so the mapping traps and the host refuses as soon as either follows it.
 */
export const ABSENT = 0xffff_f000;

/** Bytes before every object: mmInfo, gcInfo, gcInfo2, rtId, rtSize. */
const HEADER_SIZE = 20;
/** `__alloc` returns a block whose first payload byte is 4 past a 16-byte line; objects start 32 past one. */
const ARENA_OFFSET = 12;
const ARENA_SIZE = 32_768;
/** Bytes of an integer that need no look at its size in bits. */
const SHORT_INTEGER = 1_024;
const LONE_SURROGATE = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** What a module must export for the host to use its memory. */
export interface HeapExports {
  readonly memory: WebAssembly.Memory;
  allocate(size: number): number;
  id_of_type(index: number): number;
}

/** Reads and writes objects of AssemblyScript 0.19 (stub runtime) in the memory of one instance. */
export class Heap {
  readonly #exports: HeapExports;
  readonly #typeIds = new Map<number, number>();
  /** Strings below this address are constants of the module, so each is decoded once. */
  #constantsEnd = 0;
  readonly #constants = new Map<number, string>();
  #view: DataView;
  #bytes: Buffer;
  #next = 0;
  #end = 0;

  constructor(exports: HeapExports) {
    this.#exports = exports;
    this.#view = new DataView(exports.memory.buffer);
    this.#bytes = Buffer.from(exports.memory.buffer);
  }

  /** Treats everything below `address` as constant from now on. */
  sealConstants(address: number): void {
    this.#constantsEnd = address;
  }

  /** Forgets the arena, because the module's memory was reset. */
  resetArena(): void {
    this.#next = 0;
    this.#end = 0;
    this.refresh();
  }

  /** Takes up the memory's new buffer after it grew; the host does so on every entry. */
  refresh(): void {
    if (this.#bytes.length !== 0) return;
    this.#view = new DataView(this.#exports.memory.buffer);
    this.#bytes = Buffer.from(this.#exports.memory.buffer);
  }

  // Writing

  /** Allocates an object with `size` zeroed bytes of content. */
  allocate(type: TypeIndex, size: number): number {
    const full = (HEADER_SIZE + size + 15) & ~15;
    if (this.#next + full > this.#end) this.#newArena(full);
    const start = this.#next;
    this.#next += full;
    const view = this.#view;
    view.setUint32(start, full - 4, true);
    view.setUint32(start + 12, this.#typeId(type), true);
    view.setUint32(start + 16, size, true);
    return start + HEADER_SIZE;
  }

  /** Writes an object that consists of 32-bit fields (pointers). */
  writeFields(type: TypeIndex, fields: readonly number[]): number {
    const pointer = this.allocate(type, fields.length * 4);
    for (let i = 0; i < fields.length; i++) this.#view.setUint32(pointer + 4 * i, fields[i] ?? 0, true);
    return pointer;
  }

  /** Writes a `{kind, payload}` object (store, JSON and ABI values). */
  writeTagged(type: TypeIndex, kind: number, payload: number | bigint): number {
    const pointer = this.allocate(type, 16);
    this.#view.setUint32(pointer, kind, true);
    if (typeof payload === "number") this.#view.setUint32(pointer + 8, payload, true);
    else this.#view.setBigInt64(pointer + 8, payload, true);
    return pointer;
  }

  writeByte(pointer: number, value: number): void {
    this.#bytes[pointer] = value;
  }

  writeString(text: string): number {
    const pointer = this.allocate(TYPE.string, text.length * 2);
    this.#bytes.write(text, pointer, "utf16le");
    return pointer;
  }

  /** Writes a `Uint8Array` (`Bytes`, `Address`). */
  writeBytes(bytes: Uint8Array): number {
    const buffer = this.allocate(TYPE.arrayBuffer, bytes.length);
    this.#bytes.set(bytes, buffer);
    return this.writeFields(TYPE.uint8Array, [buffer, buffer, bytes.length]);
  }

  /** Writes a `BigInt`: the shortest little-endian two's complement, at least one byte. */
  writeBigInt(value: bigint): number {
    if (value >= -0x8000_0000n && value <= 0x7fff_ffffn) return this.#writeSmallInteger(Number(value));
    return this.writeBytes(toSignedBytes(value));
  }

  writeBigDecimal(value: BigDecimal): number {
    const digits = this.writeBigInt(value.digits);
    return this.writeFields(TYPE.bigDecimal, [digits, this.writeBigInt(BigInt(value.exponent))]);
  }

  /** Writes an `Array` of pointers. */
  writePointers(type: TypeIndex, pointers: readonly number[]): number {
    const size = pointers.length * 4;
    const buffer = this.allocate(TYPE.arrayBuffer, size);
    for (let i = 0; i < pointers.length; i++) this.#view.setUint32(buffer + 4 * i, pointers[i] ?? 0, true);
    return this.writeFields(type, [buffer, buffer, size, pointers.length]);
  }

  // Reading

  readField(pointer: number, index: number): number {
    return this.#view.getUint32(check(pointer) + 4 * index, true);
  }

  readInt32(pointer: number): number {
    return this.#view.getInt32(check(pointer), true);
  }

  readInt64(pointer: number): bigint {
    return this.#view.getBigInt64(check(pointer), true);
  }

  /** @throws MappingError when the string is not valid UTF-16; NUL characters are dropped as graph-node does. */
  readString(pointer: number): string {
    const constant = this.#constants.get(pointer);
    if (constant !== undefined) return constant;
    const length = this.#view.getUint32(check(pointer) - 4, true);
    this.#checkRange(pointer, length);
    let text = this.#bytes.toString("utf16le", pointer, pointer + length);
    if (LONE_SURROGATE.test(text)) throw new MappingError("invalid utf-16: lone surrogate found");
    if (text.includes("\0")) text = text.replaceAll("\0", "");
    if (pointer < this.#constantsEnd) this.#constants.set(pointer, text);
    return text;
  }

  /** Copies the content of a `Uint8Array`. */
  readBytes(pointer: number): Uint8Array {
    const start = this.readField(pointer, 1);
    const length = this.readField(pointer, 2);
    this.#checkRange(start, length);
    return Uint8Array.prototype.slice.call(this.#bytes, start, start + length);
  }

  readBigInt(pointer: number): bigint {
    const start = this.readField(pointer, 1);
    const length = this.readField(pointer, 2);
    if (length > 0 && length <= 6) {
      this.#checkRange(start, length);
      return BigInt(this.#bytes.readIntLE(start, length));
    }
    return fromSignedBytes(this.readBytes(pointer));
  }

  readBigDecimal(pointer: number): BigDecimal {
    const digits = this.readBigInt(this.readField(pointer, 0));
    const value = normalizeDecimal(digits, Number(this.readBigInt(this.readField(pointer, 1))));
    if (value.exponent < MIN_EXPONENT || value.exponent > MAX_EXPONENT) {
      throw new MappingError(
        `big decimal exponent \`${value.exponent}\` is outside the \`${MIN_EXPONENT}\` to \`${MAX_EXPONENT}\` range`,
      );
    }
    return value;
  }

  /** Pointers of an `Array` of objects. */
  readPointers(pointer: number): number[] {
    const start = this.readField(pointer, 1);
    const length = this.readField(pointer, 3);
    this.#checkRange(start, length * 4);
    const pointers: number[] = [];
    for (let i = 0; i < length; i++) pointers.push(this.#view.getUint32(start + 4 * i, true));
    return pointers;
  }

  #writeSmallInteger(value: number): number {
    const size =
      value >= -0x80 && value <= 0x7f
        ? 1
        : value >= -0x8000 && value <= 0x7fff
          ? 2
          : value >= -0x80_0000 && value <= 0x7f_ffff
            ? 3
            : 4;
    const buffer = this.allocate(TYPE.arrayBuffer, size);
    this.#bytes.writeIntLE(value, buffer, size);
    return this.writeFields(TYPE.uint8Array, [buffer, buffer, size]);
  }

  #newArena(needed: number): void {
    const size = Math.max(needed + ARENA_OFFSET, ARENA_SIZE);
    const start = this.#exports.allocate(size) >>> 0;
    this.refresh();
    this.#next = start + ARENA_OFFSET;
    this.#end = start + size;
  }

  #typeId(type: TypeIndex): number {
    let id = this.#typeIds.get(type);
    if (id === undefined) {
      id = this.#exports.id_of_type(type);
      this.#typeIds.set(type, id);
    }
    return id;
  }

  #checkRange(start: number, length: number): void {
    if (start + length > this.#bytes.length) {
      throw new MappingError(`Heap access out of bounds. Offset: ${start} Size: ${length}`);
    }
  }
}

function check(pointer: number): number {
  if (pointer === 0) throw new MappingError("the mapping passed null where an object is needed");
  if (pointer === ABSENT) throw new BlockDataNeeded();
  return pointer;
}

function toSignedBytes(value: bigint): Uint8Array {
  const negative = value < 0n;
  const hex = (negative ? -value - 1n : value).toString(16);
  const bytes = Buffer.from(hex.length % 2 === 0 ? hex : "0" + hex, "hex").reverse();
  const top = bytes[bytes.length - 1] ?? 0;
  const sized = top > 0x7f ? Buffer.concat([bytes, Buffer.of(0)]) : bytes;
  if (negative) for (let i = 0; i < sized.length; i++) sized[i] = ~(sized[i] ?? 0);
  return sized;
}

function fromSignedBytes(bytes: Uint8Array): bigint {
  if (bytes.length === 0) return 0n;
  const reversed = Buffer.from(bytes).reverse();
  const unsigned = BigInt("0x" + reversed.toString("hex"));
  const value = (reversed[0] ?? 0) > 0x7f ? unsigned - (1n << BigInt(8 * bytes.length)) : unsigned;
  return bytes.length <= SHORT_INTEGER ? value : bounded(value);
}

function bounded(value: bigint): bigint {
  try {
    return boundedInteger(value);
  } catch (error) {
    throw new MappingError((error as Error).message, { cause: error });
  }
}
