import type { Address, Hex } from "viem";
import { numberToHex } from "viem/utils";
import { type RpcRequest, RpcResponseError } from "../chain/json-rpc.ts";
import type { RawLog } from "../chain/chain-events.ts";

/** Logs to look for: one contract, and topics as `eth_getLogs` takes them. */
export interface LogFilter {
  address: Address;
  topics: readonly (Hex | readonly Hex[] | null)[];
}

/** Blocks, both ends inclusive. */
export interface BlockRange {
  from: bigint;
  to: bigint;
}

const MAX_SPAN = 10_000n;

/** Logs of a range of blocks in the order of the chain; the range is halved as often as an endpoint refuses it. */
export async function readLogs(request: RpcRequest, filter: LogFilter, { from, to }: BlockRange): Promise<RawLog[]> {
  const found: RawLog[] = [];
  let span = MAX_SPAN;
  while (from <= to) {
    const last = from + span - 1n < to ? from + span - 1n : to;
    try {
      found.push(...(await page(request, filter, { from, to: last })));
      from = last + 1n;
    } catch (error) {
      if (!(error instanceof RpcResponseError) || span <= 1n) throw error;
      span /= 2n;
    }
  }
  return found;
}

/** The newest log of a range that fits, looked for from its end. */
export async function newestLog(
  request: RpcRequest,
  filter: LogFilter,
  { from, to }: BlockRange,
): Promise<RawLog | undefined> {
  for (let last = to; last >= from; last -= MAX_SPAN) {
    const first = last - MAX_SPAN + 1n > from ? last - MAX_SPAN + 1n : from;
    const newest = (await readLogs(request, filter, { from: first, to: last })).at(-1);
    if (newest) return newest;
  }
  return undefined;
}

async function page(request: RpcRequest, { address, topics }: LogFilter, range: BlockRange): Promise<RawLog[]> {
  const blocks = { fromBlock: numberToHex(range.from), toBlock: numberToHex(range.to) };
  const logs = (await request("eth_getLogs", [{ address, topics, ...blocks }])) as RawLog[];
  return logs.filter(({ removed }) => !removed);
}
