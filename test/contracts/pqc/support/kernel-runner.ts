import type { NetworkConnection } from "hardhat/types/network";

import type { KernelCode } from "../../../../scripts/generate/pqc/kernel.ts";

/** What a kernel works on: words of memory from address 0 on, words it takes from the stack, bytes of calldata. */
export interface KernelInput {
  readonly memory: readonly bigint[];
  /** Input 0 comes first. */
  readonly inputs?: readonly number[];
  readonly calldata?: Uint8Array;
}

/** What a kernel leaves: the words of memory, and the word on the stack if there is one. */
export interface KernelOutput {
  readonly memory: bigint[];
  readonly result: bigint;
}

const ADDRESS = "0x000000000000000000000000000000000000c0de";
const WORD = 32;

/** Runs kernels as bare code on a simulated chain. */
export function createKernelRunner({ ethers, provider }: NetworkConnection) {
  /** Runs `code` once; `results` is how many words it leaves on the stack, none or one. */
  return async (code: KernelCode, input: KernelInput, results: 0 | 1 = 0): Promise<KernelOutput> => {
    const { memory, inputs = [], calldata = new Uint8Array() } = input;
    const size = memory.length * WORD;
    const program = [
      push(size) + push(calldata.length) + push(0) + "37",
      [...inputs].reverse().map(push).join(""),
      code.hex,
      results === 1 ? `${push(size)}52` : "",
      push(size + WORD * results) + push(0) + "f3",
    ].join("");
    await provider.request({ method: "hardhat_setCode", params: [ADDRESS, `0x${program}`] });
    const image = memory.map((w) => w.toString(16).padStart(2 * WORD, "0")).join("");
    const data = `0x${Buffer.from(calldata).toString("hex")}${image}`;
    const output = await ethers.provider.call({ to: ADDRESS, data });
    const words = (output.slice(2).match(/.{64}/g) ?? []).map((w) => BigInt(`0x${w}`));
    return { memory: words.slice(0, memory.length), result: words[memory.length] ?? 0n };
  };
}

function push(value: number): string {
  return `62${value.toString(16).padStart(6, "0")}`;
}

/** A word with `lanes[i]` at `stride` i. */
export function toLanes(stride: number, lanes: readonly bigint[]): bigint {
  return lanes.reduce((word, lane, i) => word | (lane << BigInt(stride * i)), 0n);
}

/** The three lanes of a word, the last one with everything above it. */
export function fromLanes(stride: number, word: bigint): [bigint, bigint, bigint] {
  const mask = (1n << BigInt(stride)) - 1n;
  return [word & mask, (word >> BigInt(stride)) & mask, word >> BigInt(2 * stride)];
}
