import type { ChainClient } from "./network-chain.ts";

/** Blocks asked for at once; public endpoints often refuse more. */
const CHUNK = 2_000n;
/** Requests after which a search for old logs ends. */
const MAX_CHUNKS = 20;

/** What is searched for. */
export interface BackwardSearch<T> {
  /** Logs after which the search ends. */
  count: number;
  /** Reads the logs of a range of blocks, oldest first. */
  read: (range: { fromBlock: bigint; toBlock: bigint }) => Promise<T[]>;
}

/** Reads the newest logs, newest first, going back chunk by chunk until there are enough of them. */
export async function searchBack<T>(
  client: Pick<ChainClient, "getBlockNumber">,
  startBlock: number,
  { count, read }: BackwardSearch<T>,
): Promise<T[]> {
  const found: T[] = [];
  const start = BigInt(startBlock);
  let toBlock = await client.getBlockNumber();
  for (let i = 0; i < MAX_CHUNKS && toBlock >= start && found.length < count; i++) {
    const fromBlock = toBlock - CHUNK + 1n > start ? toBlock - CHUNK + 1n : start;
    found.push(...(await read({ fromBlock, toBlock })).reverse());
    toBlock = fromBlock - 1n;
  }
  return found.slice(0, count);
}
