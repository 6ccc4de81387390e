import type { BigDecimal } from "./big-decimal.ts";
import { ZERO_DECIMAL } from "./big-decimal.ts";

/*
 * SQLite compares blobs byte by byte, so big numbers are stored as blobs whose byte order is their numeric order.
 *
 * Integer: two bytes 0x8000 + length (negative: 0x7fff - length), then the magnitude big-endian (negative: complemented).
 * Decimal: 0x01 alone is zero; otherwise 0x02 (negative 0x00), two bytes 0x8000 + decimal place of the first digit, then
 * the digits as ASCII; for negatives everything after the first byte is complemented and 0xff closes it, so that the
 * shorter of two numbers with a common prefix is the greater one.
 */

const LENGTH_BIAS = 0x8000;
const NEGATIVE = 0x00;
const ZERO = 0x01;
const POSITIVE = 0x02;
const WORD = 1n << 64n;

/** Blob of an integer that sorts like the integer; up to 32,767 bytes of magnitude. */
export function encodeSortableInteger(value: bigint): Uint8Array {
  const negative = value < 0n;
  const magnitude = negative ? -value : value;
  const body = magnitude < WORD ? smallMagnitude(magnitude) : largeMagnitude(magnitude);
  if (body.length >= LENGTH_BIAS)
    throw new RangeError(`BigInt of ${body.length} bytes exceeds the limit of ${LENGTH_BIAS - 1}`);
  const blob = new Uint8Array(body.length + 2);
  const head = negative ? LENGTH_BIAS - 1 - body.length : LENGTH_BIAS + body.length;
  blob[0] = head >> 8;
  blob[1] = head & 0xff;
  blob.set(body, 2);
  if (negative) complement(blob, 2);
  return blob;
}

/** Reads a blob made by {@link encodeSortableInteger}. */
export function decodeSortableInteger(blob: Uint8Array): bigint {
  const head = ((blob[0] ?? 0) << 8) | (blob[1] ?? 0);
  if (head === LENGTH_BIAS) return 0n;
  const body = blob.slice(2);
  if (head > LENGTH_BIAS) return BigInt("0x" + Buffer.from(body).toString("hex"));
  complement(body, 0);
  return -BigInt("0x" + Buffer.from(body).toString("hex"));
}

/**
 * Blob of a decimal in normal form that sorts like the decimal.
 * @throws RangeError when its first digit is farther from the point than two bytes tell
 */
export function encodeSortableDecimal(value: BigDecimal): Uint8Array {
  if (value.digits === 0n) return Uint8Array.of(ZERO);
  const negative = value.digits < 0n;
  const text = (negative ? -value.digits : value.digits).toString();
  const place = LENGTH_BIAS + value.exponent + text.length;
  if (place < 0 || place >= 2 * LENGTH_BIAS)
    throw new RangeError(`first digit of a BigDecimal at place ${place - LENGTH_BIAS} exceeds the limit of 32767`);
  const blob = new Uint8Array(text.length + (negative ? 4 : 3));
  blob[0] = POSITIVE;
  blob[1] = place >> 8;
  blob[2] = place & 0xff;
  blob.set(Buffer.from(text, "latin1"), 3);
  if (!negative) return blob;
  complement(blob, 1);
  blob[0] = NEGATIVE;
  blob[blob.length - 1] = 0xff;
  return blob;
}

/** Reads a blob made by {@link encodeSortableDecimal}. */
export function decodeSortableDecimal(blob: Uint8Array): BigDecimal {
  if (blob[0] === ZERO) return ZERO_DECIMAL;
  const negative = blob[0] === NEGATIVE;
  const body = blob.slice(1, negative ? blob.length - 1 : blob.length);
  if (negative) complement(body, 0);
  const place = ((body[0] ?? 0) << 8) | (body[1] ?? 0);
  const text = Buffer.from(body.subarray(2)).toString("latin1");
  const digits = BigInt(text);
  return { digits: negative ? -digits : digits, exponent: place - LENGTH_BIAS - text.length };
}

const scratch = new DataView(new ArrayBuffer(8));
const scratchBytes = new Uint8Array(scratch.buffer);

function smallMagnitude(magnitude: bigint): Uint8Array {
  scratch.setBigUint64(0, magnitude);
  let start = 0;
  while (start < 8 && scratchBytes[start] === 0) start++;
  return scratchBytes.subarray(start);
}

function largeMagnitude(magnitude: bigint): Uint8Array {
  const hex = magnitude.toString(16);
  return Buffer.from(hex.length % 2 === 0 ? hex : "0" + hex, "hex");
}

function complement(bytes: Uint8Array, from: number): void {
  for (let i = from; i < bytes.length; i++) bytes[i] = ~(bytes[i] ?? 0);
}
