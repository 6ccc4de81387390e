/** Works on any byte array, which spares the view that `Buffer.from` would make. */
const { hexSlice } = Buffer.prototype as unknown as { hexSlice(this: Uint8Array, start: number, end: number): string };
const HEX_PATTERN = /^[0-9a-fA-F]*$/;

/** Lower-case `0x` hex of a byte array. */
export function toHex(bytes: Uint8Array): string {
  return "0x" + hexSlice.call(bytes, 0, bytes.length);
}

/** Bytes of trusted hex (an RPC answer, a stored value), with or without `0x`; no validation. */
export function bytesOfHex(hex: string): Uint8Array {
  return Buffer.from(hex.charCodeAt(1) === 120 ? hex.slice(2) : hex, "hex");
}

/**
 * Bytes of hex that came from outside, with or without `0x`.
 * @throws RangeError when it is not an even number of hex digits.
 */
export function parseHex(text: string): Uint8Array {
  const digits = text.startsWith("0x") ? text.slice(2) : text;
  if (digits.length % 2 !== 0) throw new RangeError(`hex string '${shorten(text)}' has an odd number of digits`);
  if (!HEX_PATTERN.test(digits)) throw new RangeError(`'${shorten(text)}' is not a hex string`);
  return Buffer.from(digits, "hex");
}

function shorten(text: string): string {
  return text.length <= 80 ? text : `${text.slice(0, 80)}…`;
}
