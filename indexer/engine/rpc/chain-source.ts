import { z } from "zod";

import type { ChainHeader, ChainLog, FullBlock, LogFilter, RpcObject } from "./chain-types.ts";
import { bloomMatches } from "./logs-bloom.ts";
import type { RpcCall, RpcClient } from "./rpc-client.ts";
import { RpcResponseError } from "./rpc-client.ts";

const quantity = z
  .string()
  .regex(/^0x[0-9a-f]+$/i)
  .transform(Number);
const hash = z
  .string()
  .regex(/^0x[0-9a-fA-F]{64}$/)
  .transform((text) => text.toLowerCase());
const headerSchema = z.looseObject({
  number: quantity,
  hash,
  parentHash: hash,
  timestamp: quantity,
  logsBloom: z.string().optional(),
});

/** The chain as the engine asks for it. Every answer is checked before it is used. */
export class ChainSource {
  readonly #client: RpcClient;
  #knowsFinalized = true;

  constructor(client: RpcClient) {
    this.#client = client;
  }

  /** The newest block. @throws Error when the node knows none. */
  async head(): Promise<ChainHeader> {
    return toHeader(await this.#client.call("eth_getBlockByNumber", ["latest", false]), "the newest block");
  }

  /** Number of the newest block that the chain calls final; undefined when the endpoint does not know the tag. */
  async finalized(): Promise<number | undefined> {
    if (!this.#knowsFinalized) return undefined;
    try {
      const answer = await this.#client.call("eth_getBlockByNumber", ["finalized", false]);
      return answer === null ? undefined : toHeader(answer, "the newest final block").number;
    } catch (error) {
      if (!(error instanceof RpcResponseError)) throw error;
      this.#knowsFinalized = false;
      return undefined;
    }
  }

  /** Headers of the given blocks; undefined for blocks that the node does not have. */
  async headers(numbers: readonly number[]): Promise<(ChainHeader | undefined)[]> {
    const calls = numbers.map((number) => ({ method: "eth_getBlockByNumber", params: [toQuantity(number), false] }));
    const answers = await this.#client.batch(calls);
    return answers.map((answer, i) => {
      if (answer === null || answer === undefined) return undefined;
      const header = toHeader(answer, `block ${numbers[i]}`);
      if (header.number !== numbers[i])
        throw new Error(`the RPC endpoint sent block ${header.number} instead of ${numbers[i]}`);
      return header;
    });
  }

  /**
   * Logs of a range of blocks, each once and in chain order however the endpoint sends them. An endpoint that lags behind
   * sends the logs of the blocks that it has without a word; so it must show the last block along with them.
   * @throws RpcResponseError when the endpoint finds the range too large
   * @throws Error when the endpoint does not have the last block
   */
  async logs(from: number, to: number, filter: LogFilter): Promise<ChainLog[]> {
    return this.#logs({ fromBlock: toQuantity(from), toBlock: toQuantity(to) }, { from, to, filter });
  }

  /**
   * Logs of one block in chain order. Unlike for a range, an endpoint that does not have the block yet refuses.
   * @throws RpcResponseError when the endpoint does not know the block
   */
  async blockLogs({ number, hash: id }: { number: number; hash: string }, filter: LogFilter): Promise<ChainLog[]> {
    return this.#logs({ blockHash: id }, { from: number, to: number, filter });
  }

  /**
   * Asks another endpoint, or the only one once more, about the blocks that `logs` has nothing of although their bloom
   * filters match; empty when nobody knows more of them.
   */
  async withheldLogs(
    headers: readonly ChainHeader[],
    logs: readonly ChainLog[],
    filter: LogFilter,
  ): Promise<ChainLog[]> {
    const known = new Set(logs.map((log) => log.blockNumber));
    const suspects = headers.filter(({ number, logsBloom }) => !known.has(number) && bloomMatches(logsBloom, filter));
    if (suspects.length === 0) return [];
    const calls = suspects.map(({ hash: id }) => logsCall({ blockHash: id }, filter));
    const answers = (await this.#client.askAnother(calls)) ?? [];
    const hashes = new Set(suspects.map(({ hash: id }) => id));
    try {
      return answers.flatMap(toLogs).filter((log) => hashes.has(log.blockHash));
    } catch {
      return [];
    }
  }

  async #logs(
    blocks: Readonly<Record<string, string>>,
    { from, to, filter }: { readonly from: number; readonly to: number; readonly filter: LogFilter },
  ): Promise<ChainLog[]> {
    if (filter.topics.length === 0 || filter.addresses?.length === 0) return [];
    const [answer, last] = await this.#client.batch([
      logsCall(blocks, filter),
      { method: "eth_getBlockByNumber", params: [toQuantity(to), false] },
    ]);
    if (last === null || last === undefined) throw new Error(`the endpoint lacks block ${to}`);
    const logs = toLogs(answer);
    const stray = logs.find((log) => log.blockNumber < from || log.blockNumber > to);
    if (stray !== undefined)
      throw new Error(`eth_getLogs for blocks ${from} to ${to} sent a log of block ${stray.blockNumber}`);
    return logs;
  }

  /** Whole blocks with their transactions, in the order of `pointers`; undefined when a block is no longer the chain's. */
  async fullBlocks(pointers: readonly { number: number; hash: string }[]): Promise<(FullBlock | undefined)[]> {
    const calls = pointers.map(({ hash: id }) => ({ method: "eth_getBlockByHash", params: [id, true] }));
    const answers = await this.#client.batch(calls);
    return answers.map((answer, i) => {
      if (answer === null || answer === undefined) return undefined;
      const header = toHeader(answer, `block ${pointers[i]?.number}`);
      const fields = answer as RpcObject;
      const list = Array.isArray(fields["transactions"]) ? (fields["transactions"] as RpcObject[]) : [];
      return { header, fields, transactions: new Map(list.map((item) => [String(item["hash"]).toLowerCase(), item])) };
    });
  }

  /** A transaction's receipt, or undefined when the node does not have it. */
  async receipt(transactionHash: string): Promise<RpcObject | undefined> {
    const answer = await this.#client.call("eth_getTransactionReceipt", [transactionHash]);
    return answer === null || answer === undefined ? undefined : (answer as RpcObject);
  }
}

function logsCall(blocks: Readonly<Record<string, string>>, { addresses, topics }: LogFilter): RpcCall {
  const from = addresses === undefined ? {} : { address: addresses };
  return { method: "eth_getLogs", params: [{ ...blocks, topics: [topics], ...from }] };
}

function toHeader(answer: unknown, what: string): ChainHeader {
  const result = headerSchema.safeParse(answer);
  if (!result.success) {
    const field = result.error.issues[0]?.path.join(".") ?? "";
    throw new Error(`the RPC endpoint sent ${what} without a usable \`${field}\``);
  }
  const { number, hash: id, parentHash, timestamp, logsBloom } = result.data;
  return { number, hash: id, parentHash, timestamp, logsBloom };
}

/** Logs in chain order, each once. */
function toLogs(answer: unknown): ChainLog[] {
  if (!Array.isArray(answer)) throw new Error("eth_getLogs did not answer with a list");
  const all = (answer as RpcObject[]).filter((log) => log["removed"] !== true).map(toLog);
  all.sort((a, b) => a.blockNumber - b.blockNumber || a.logIndex - b.logIndex);
  return all.filter((log, i) => !isSameLog(log, all[i - 1]));
}

function toLog(answer: RpcObject): ChainLog {
  const { address, topics, data, blockHash, transactionHash } = answer;
  if (typeof address !== "string" || typeof data !== "string" || !Array.isArray(topics))
    throw malformed("address, data or topics");
  if (typeof blockHash !== "string" || typeof transactionHash !== "string")
    throw malformed("blockHash or transactionHash");
  const timestamp = answer["blockTimestamp"];
  return {
    address: address.toLowerCase(),
    topics: (topics as string[]).map((topic) => topic.toLowerCase()),
    data,
    blockNumber: toNumber(answer, "blockNumber"),
    blockHash: blockHash.toLowerCase(),
    blockTimestamp: typeof timestamp === "string" ? Number(timestamp) : undefined,
    transactionHash: transactionHash.toLowerCase(),
    transactionIndex: toNumber(answer, "transactionIndex"),
    logIndex: toNumber(answer, "logIndex"),
  };
}

function isSameLog(log: ChainLog, other: ChainLog | undefined): boolean {
  return log.blockHash === other?.blockHash && log.logIndex === other.logIndex;
}

function toNumber(answer: RpcObject, name: string): number {
  const value = Number(answer[name] ?? Number.NaN);
  if (!Number.isSafeInteger(value)) throw malformed(name);
  return value;
}

function malformed(field: string): Error {
  return new Error(`eth_getLogs sent a log without a usable ${field}`);
}

function toQuantity(number: number): string {
  return `0x${number.toString(16)}`;
}
