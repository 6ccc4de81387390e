/** One element of a DER encoding: its tag, its content, and the bytes of the whole element. */
export interface DerElement {
  tag: number;
  content: Buffer;
  raw: Buffer;
}

/** Tags of X.690 that certificates, requests, revocation lists and TLS sessions use. */
export const DER = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  enumerated: 0x0a,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
} as const;

/** Encodes one element from the concatenation of `parts`. */
export function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
  let length = 0;
  for (const part of parts) length += part.length;
  const header = length < 0x80 ? Buffer.of(tag, length) : Buffer.of(tag, ...derLength(length));
  return Buffer.concat([header, ...parts], header.length + length);
}

/** Encodes a non-negative integer. */
export function derInteger(value: bigint): Buffer {
  const hex = value.toString(16);
  return derUnsigned(Buffer.from(hex.length % 2 ? `0${hex}` : hex, "hex"));
}

/** Encodes a non-negative integer of big-endian bytes without leading zero bytes. */
export function derUnsigned(bytes: Uint8Array): Buffer {
  return (bytes[0] ?? 0) > 0x7f ? der(DER.integer, Buffer.of(0), bytes) : der(DER.integer, bytes);
}

/** Encodes an object identifier in dotted form. */
export function derOid(dotted: string): Buffer {
  const [first = 0n, second = 0n, ...rest] = dotted.split(".").map(BigInt);
  return der(DER.oid, Buffer.from([first * 40n + second, ...rest].flatMap(base128)));
}

/** Encodes an instant to the second: UTCTime until 2049, GeneralizedTime from 2050 (RFC 5280 section 4.1.2.5). */
export function derTime(date: Date): Buffer {
  const isUtc = date.getUTCFullYear() >= 1950 && date.getUTCFullYear() < 2050;
  return isUtc ? der(DER.utcTime, Buffer.from(`${timeDigits(date).slice(2)}Z`, "latin1")) : derGeneralizedTime(date);
}

/** Encodes an instant to the second as GeneralizedTime, whatever its year. */
export function derGeneralizedTime(date: Date): Buffer {
  return der(DER.generalizedTime, Buffer.from(`${timeDigits(date)}Z`, "latin1"));
}

/**
 * Reads the element that starts at `offset`.
 *
 * @throws RangeError when it does not fit in the bytes or uses a long tag or an indefinite length.
 */
export function readDer(bytes: Uint8Array, offset = 0): DerElement {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const tag = buffer[offset];
  const first = buffer[offset + 1];
  if (tag === undefined || first === undefined) throw new RangeError("DER element is truncated");
  if ((tag & 0x1f) === 0x1f) throw new RangeError("DER element has a tag of more than one byte");
  const lengthBytes = first < 0x80 ? 0 : first & 0x7f;
  if (first === 0x80 || lengthBytes > 4) throw new RangeError("DER element has an unsupported length");
  const start = offset + 2 + lengthBytes;
  if (start > buffer.length) throw new RangeError("DER element is truncated");
  const length = lengthBytes === 0 ? first : buffer.readUIntBE(offset + 2, lengthBytes);
  if (start + length > buffer.length) throw new RangeError("DER element is truncated");
  return { tag, content: buffer.subarray(start, start + length), raw: buffer.subarray(offset, start + length) };
}

/** Reads every element inside a constructed element. */
export function derChildren(element: DerElement): DerElement[] {
  const children: DerElement[] = [];
  for (let offset = 0; offset < element.content.length;) {
    const child = readDer(element.content, offset);
    children.push(child);
    offset += child.raw.length;
  }
  return children;
}

/** Reads an instant written by RFC 5280 rules. */
export function readDerTime(element: DerElement): Date {
  const text = element.content.toString("latin1");
  const isUtc = element.tag === DER.utcTime;
  const year = isUtc ? `${Number(text.slice(0, 2)) < 50 ? "20" : "19"}${text.slice(0, 2)}` : text.slice(0, 4);
  const [month, day, hour, minute, second] = text.slice(isUtc ? 2 : 4).match(/\d\d/g) ?? [];
  const date = new Date(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`);
  if (Number.isNaN(date.getTime())) throw new RangeError(`DER time "${text}" is no instant`);
  return date;
}

/** Year to second, 14 digits. */
function timeDigits(date: Date): string {
  return date.toISOString().slice(0, 19).replace(/[-:T]/g, "");
}

function derLength(length: number): number[] {
  if (length < 0x80) return [length];
  const bytes: number[] = [];
  for (let rest = length; rest > 0; rest = Math.floor(rest / 256)) bytes.unshift(rest % 256);
  return [0x80 | bytes.length, ...bytes];
}

function base128(value: bigint): number[] {
  const bytes = [Number(value & 0x7fn)];
  for (let rest = value >> 7n; rest > 0n; rest >>= 7n) bytes.unshift(Number(rest & 0x7fn) | 0x80);
  return bytes;
}
