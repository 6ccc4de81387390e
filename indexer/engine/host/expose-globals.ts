/** Prefix of the exports that {@link exposeGlobals} adds. */
export const GLOBAL_PREFIX = "\0global:";

const IMPORT_SECTION = 2;
const GLOBAL_SECTION = 6;
const EXPORT_SECTION = 7;
const IMPORT_KIND_GLOBAL = 3;

/** A section of a WASM binary: its id, where it begins and where its content lies. */
interface Section {
  readonly id: number;
  readonly header: number;
  readonly start: number;
  readonly end: number;
}

/**
 * Adds an export for every mutable global of a WASM module, so that the host can put an instance back into the state it
 * had when it was fresh. Nothing else of the module changes.
 * @throws Error when the binary is not a module that this reader understands.
 */
export function exposeGlobals(binary: Uint8Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  const sections = readSections(binary);
  const mutable = mutableGlobals(binary, sections);
  const exports = sections.find((section) => section.id === EXPORT_SECTION);
  if (mutable.length === 0 || exports === undefined) return binary;
  const cursor = { bytes: binary, position: exports.start };
  const count = readUnsigned(cursor);
  const entries = mutable.flatMap((index) => exportEntry(index));
  const body = Buffer.concat([
    Buffer.from(unsigned(count + mutable.length)),
    binary.subarray(cursor.position, exports.end),
    Buffer.from(entries),
  ]);
  return new Uint8Array(
    Buffer.concat([
      binary.subarray(0, exports.header),
      Buffer.from([EXPORT_SECTION, ...unsigned(body.length)]),
      body,
      binary.subarray(exports.end),
    ]),
  );
}

interface Cursor {
  readonly bytes: Uint8Array;
  position: number;
}

function readSections(binary: Uint8Array): Section[] {
  if (Buffer.from(binary.subarray(0, 8)).toString("hex") !== "0061736d01000000")
    throw new Error("it is not a WASM module");
  const cursor = { bytes: binary, position: 8 };
  const sections: Section[] = [];
  while (cursor.position < binary.length) {
    const header = cursor.position;
    const id = readByte(cursor);
    const size = readUnsigned(cursor);
    sections.push({ id, header, start: cursor.position, end: cursor.position + size });
    cursor.position += size;
  }
  return sections;
}

function mutableGlobals(binary: Uint8Array, sections: readonly Section[]): number[] {
  const section = sections.find((candidate) => candidate.id === GLOBAL_SECTION);
  if (section === undefined) return [];
  const first = importedGlobals(binary, sections);
  const cursor = { bytes: binary, position: section.start };
  const count = readUnsigned(cursor);
  const found: number[] = [];
  for (let i = 0; i < count; i++) {
    readByte(cursor);
    if (readByte(cursor) === 1) found.push(first + i);
    skipConstantExpression(cursor);
  }
  return found;
}

function importedGlobals(binary: Uint8Array, sections: readonly Section[]): number {
  const section = sections.find((candidate) => candidate.id === IMPORT_SECTION);
  if (section === undefined) return 0;
  const cursor = { bytes: binary, position: section.start };
  const count = readUnsigned(cursor);
  let globals = 0;
  for (let i = 0; i < count; i++) {
    for (let name = 0; name < 2; name++) {
      const length = readUnsigned(cursor);
      cursor.position += length;
    }
    const kind = readByte(cursor);
    if (kind === 0) readUnsigned(cursor);
    else if (kind === IMPORT_KIND_GLOBAL) {
      cursor.position += 2;
      globals++;
    } else throw new Error("it imports a table or memory");
  }
  return globals;
}

/** Initial values are `<type>.const literal end` or `global.get index end`. */
function skipConstantExpression(cursor: Cursor): void {
  const opcode = readByte(cursor);
  if (opcode === 0x43) cursor.position += 4;
  else if (opcode === 0x44) cursor.position += 8;
  else if (opcode === 0x41 || opcode === 0x42 || opcode === 0x23) {
    while ((readByte(cursor) & 0x80) !== 0);
  } else throw new Error(`it initialises a global with the opcode 0x${opcode.toString(16)}`);
  if (readByte(cursor) !== 0x0b) throw new Error("a global has an initial value that is not a constant");
}

function exportEntry(index: number): number[] {
  const name = Buffer.from(GLOBAL_PREFIX + index, "utf8");
  return [...unsigned(name.length), ...name, 3, ...unsigned(index)];
}

function readByte(cursor: Cursor): number {
  const byte = cursor.bytes[cursor.position++];
  if (byte === undefined) throw new Error("it ends in the middle of a section");
  return byte;
}

function readUnsigned(cursor: Cursor): number {
  let value = 0;
  let factor = 1;
  for (;;) {
    const byte = readByte(cursor);
    value += (byte & 0x7f) * factor;
    if ((byte & 0x80) === 0) return value;
    factor *= 128;
  }
}

function unsigned(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  do {
    const byte = rest & 0x7f;
    rest = Math.floor(rest / 128);
    bytes.push(rest === 0 ? byte : byte | 0x80);
  } while (rest !== 0);
  return bytes;
}
