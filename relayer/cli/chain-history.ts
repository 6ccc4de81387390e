import { type Abi, BaseError, type Hex } from "viem";
import type { Session } from "./chain-session.ts";
import { type ABIS, contractOf } from "./contracts.ts";

/** Endpoints that refuse a long range of blocks are asked for shorter ones, down to this. */
const MIN_RANGE = 2_000n;

/** Which events to find. */
interface EventQuery {
  contract: Exclude<keyof typeof ABIS, "PQAccount">;
  /** Default: every event of the contract. */
  eventName?: string;
  /** Values that indexed arguments must have. */
  args?: Record<string, unknown>;
  /** Last block; default: the newest. */
  until?: bigint;
}

/** An event of a contract: its arguments, and where it is. */
export type PastEvent<T> = T & { blockNumber: bigint; transactionHash: Hex };

/** The same with its name, and its data as they are written. */
export interface PastLog<T> {
  eventName: string;
  args: T;
  data: Hex;
  blockNumber: bigint;
  transactionHash: Hex;
}

/** Every event of a kind that the chain has, oldest first. `T` is what its arguments are. */
export async function findEvents<T extends object>(session: Session, query: EventQuery): Promise<PastEvent<T>[]> {
  const logs = await findLogs<T>(session, query);
  return logs.map(({ args, blockNumber, transactionHash }) => ({ ...args, blockNumber, transactionHash }));
}

/** The same as {@link findEvents}, with the data of each. */
export async function findLogs<T extends object>(session: Session, query: EventQuery): Promise<PastLog<T>[]> {
  const until = query.until ?? (await session.client.getBlockNumber());
  return logsWithin<T>(session, query, [BigInt(session.network.startBlock), until]);
}

async function logsWithin<T extends object>(
  session: Session,
  query: EventQuery,
  [from, until]: [bigint, bigint],
): Promise<PastLog<T>[]> {
  try {
    return await readLogs(session, query, [from, until]);
  } catch (error) {
    if (!(error instanceof BaseError) || until - from < MIN_RANGE) throw error;
    const middle = (from + until) / 2n;
    const first = await logsWithin<T>(session, query, [from, middle]);
    return [...first, ...(await logsWithin<T>(session, query, [middle + 1n, until]))];
  }
}

async function readLogs<T extends object>(
  session: Session,
  { contract, eventName, args }: EventQuery,
  [fromBlock, toBlock]: [bigint, bigint],
): Promise<PastLog<T>[]> {
  const { address, abi } = contractOf(session, contract);
  const request = { address, abi: abi as Abi, fromBlock, toBlock, strict: true };
  const narrower = { ...(eventName !== undefined && { eventName }), ...(args && { args }) };
  const logs = await session.client.getContractEvents({ ...request, ...narrower });
  return logs.map(({ eventName: name, args: found, data, blockNumber, transactionHash }) => {
    return { eventName: name, args: found as unknown as T, data, blockNumber, transactionHash };
  });
}
