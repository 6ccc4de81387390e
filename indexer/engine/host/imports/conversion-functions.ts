import { keccak256 } from "viem/utils";

import { bytesOfHex, toHex } from "../../values/hex.ts";
import type { HostContext, HostFunctions } from "../host-context.ts";
import { MappingError } from "../mapping-error.ts";

const BASE58 = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz";
const UTF8 = new TextDecoder("utf-8", { ignoreBOM: true });

/** `typeConversion.*` and `crypto.keccak256`. */
export function conversionFunctions(context: HostContext): HostFunctions {
  return {
    "typeConversion.bytesToString": (bytes = 0) => {
      const text = UTF8.decode(context.heap.readBytes(bytes)).replace(/\0+$/, "");
      return context.heap.writeString(text);
    },
    "typeConversion.bytesToHex": (bytes = 0) => context.heap.writeString(toHex(context.heap.readBytes(bytes))),
    "typeConversion.bigIntToString": (value = 0) => context.heap.writeString(context.heap.readBigInt(value).toString()),
    "typeConversion.bigIntToHex": (value = 0) => {
      const integer = context.heap.readBigInt(value);
      return context.heap.writeString("0x" + (integer < 0n ? -integer : integer).toString(16));
    },
    "typeConversion.stringToH160": (text = 0) => {
      const address = context.heap.readString(text);
      if (!/^(0x)?[0-9a-fA-F]{40}$/.test(address)) {
        throw new MappingError(`Failed to convert string to Address: '${address}'`);
      }
      return context.heap.writeBytes(bytesOfHex(address));
    },
    "typeConversion.bytesToBase58": (bytes = 0) => context.heap.writeString(toBase58(context.heap.readBytes(bytes))),
    "crypto.keccak256": (bytes = 0) => context.heap.writeBytes(keccak256(context.heap.readBytes(bytes), "bytes")),
  };
}

function toBase58(bytes: Uint8Array): string {
  let zeros = 0;
  while (zeros < bytes.length && bytes[zeros] === 0) zeros++;
  let value = zeros === bytes.length ? 0n : BigInt(toHex(bytes));
  let digits = "";
  while (value > 0n) {
    digits = BASE58.charAt(Number(value % 58n)) + digits;
    value /= 58n;
  }
  return "1".repeat(zeros) + digits;
}
