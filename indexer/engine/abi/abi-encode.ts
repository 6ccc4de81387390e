import type { EthValue } from "./abi-type.ts";
import { ETH_KIND } from "./abi-type.ts";

const WORD = 32;
const WORD_RANGE = 1n << 256n;

/**
 * Encodes one value as `abi.encode(value)` does; the type is read off the value itself.
 * @throws RangeError when an integer does not fit 256 bits or fixed bytes are longer than 32.
 */
export function encodeValue(value: EthValue): Uint8Array {
  return encodeSequence([value]);
}

function encodeSequence(values: readonly EthValue[]): Buffer {
  const heads: Buffer[] = [];
  const tails: Buffer[] = [];
  let offset = values.reduce((sum, value) => sum + headLength(value), 0);
  for (const value of values) {
    const encoded = encodeBody(value);
    if (!isDynamicValue(value)) {
      heads.push(encoded);
      continue;
    }
    heads.push(integerWord(BigInt(offset)));
    tails.push(encoded);
    offset += encoded.length;
  }
  return Buffer.concat([...heads, ...tails]);
}

function encodeBody({ kind, value }: EthValue): Buffer {
  if (Array.isArray(value)) {
    const body = encodeSequence(value as readonly EthValue[]);
    return kind === ETH_KIND.array ? Buffer.concat([integerWord(BigInt(value.length)), body]) : body;
  }
  if (typeof value === "bigint") return integerWord(value, kind === ETH_KIND.int);
  if (typeof value === "boolean") return integerWord(value ? 1n : 0n);
  const bytes = typeof value === "string" ? Buffer.from(value, "utf8") : Buffer.from(value as Uint8Array);
  if (kind === ETH_KIND.bytes || kind === ETH_KIND.string) {
    return Buffer.concat([integerWord(BigInt(bytes.length)), padRight(bytes)]);
  }
  if (bytes.length > WORD) throw new RangeError(`fixed bytes of length ${bytes.length} exceed the limit of ${WORD}`);
  return kind === ETH_KIND.address ? Buffer.concat([Buffer.alloc(WORD - bytes.length), bytes]) : padRight(bytes);
}

function isDynamicValue({ kind, value }: EthValue): boolean {
  if (kind === ETH_KIND.bytes || kind === ETH_KIND.string || kind === ETH_KIND.array) return true;
  return Array.isArray(value) && (value as readonly EthValue[]).some(isDynamicValue);
}

function headLength(value: EthValue): number {
  if (isDynamicValue(value) || !Array.isArray(value.value)) return WORD;
  return (value.value as readonly EthValue[]).reduce((sum, item) => sum + headLength(item), 0);
}

function integerWord(value: bigint, signed = false): Buffer {
  const limit = signed ? WORD_RANGE / 2n : WORD_RANGE;
  if (value >= limit || value < (signed ? -limit : 0n)) {
    throw new RangeError(`BigInt value \`${value}\` does not fit into ${signed ? "int256" : "uint256"}`);
  }
  const hex = (value < 0n ? value + WORD_RANGE : value).toString(16);
  return Buffer.from(hex.padStart(2 * WORD, "0"), "hex");
}

function padRight(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc((WORD - (bytes.length % WORD)) % WORD)]);
}
