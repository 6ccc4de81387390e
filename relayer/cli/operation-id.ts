import { type Hex, isHex } from "viem";

/** Whether a text is the id of an operation of the timelock: 32 bytes in hex. */
export function isOperationId(text: string): text is Hex {
  return isHex(text) && text.length === 66;
}
