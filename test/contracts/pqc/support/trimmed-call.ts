import { type BaseContract, dataSlice, getBytes, hexlify, toBeHex, toNumber } from "ethers";

const WORD = 32;
const SELECTOR = 4;

/**
 * Calls a function that returns a bool with one of its byte arguments declared a byte shorter than the bytes that follow:
 * whoever reads by the expected length instead of the declared one does not notice.
 */
export async function callTrimmed(
  contract: BaseContract,
  signature: string,
  args: readonly unknown[],
  position: number,
): Promise<boolean> {
  const data = contract.interface.encodeFunctionData(signature, args);
  const head = SELECTOR + position * WORD;
  const at = SELECTOR + toNumber(dataSlice(data, head, head + WORD));
  const length = toNumber(dataSlice(data, at, at + WORD));
  const bytes = getBytes(data);
  bytes.set(getBytes(toBeHex(length - 1, WORD)), at);
  const to = await contract.getAddress();
  const answer = await contract.runner?.provider?.call({ to, data: hexlify(bytes) });
  return contract.interface.decodeFunctionResult(signature, answer ?? "0x")[0] as boolean;
}
