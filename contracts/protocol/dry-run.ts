import {
  type Address,
  type Client,
  decodeAbiParameters,
  decodeErrorResult,
  decodeFunctionResult,
  encodeFunctionData,
  erc20Abi,
  type Hex,
  numberToHex,
  pad,
} from "viem";
import { errorsAbi } from "../generated/errors-abi.ts";
import { networkParametersAbi } from "../generated/network-parameters-abi.ts";
import { type CallFacts, nameOfId } from "./call-words.ts";
import { type DecodedEvent, decodeEvent, type RawLog } from "./decode-event.ts";
import type { GovernanceCall } from "./inner-calls.ts";
import { visibleText } from "./visible-text.ts";

/** A call of a batch as it would go now. */
export interface DryCall {
  succeeds: boolean;
  gasUsed: bigint;
  /** Why it would revert; null when it would succeed. */
  revert: DryRevert | null;
  /** Events that would come, in their order. */
  events: DecodedEvent[];
}

/** With what a call reverts. */
export interface DryRevert {
  /** Name of the custom error, `Error` or `Panic`; null when nothing says why. */
  name: string | null;
  args: readonly unknown[];
  /** Name and arguments as text. */
  text: string;
}

/** A governed number that the batch changes. */
export interface ParameterChange {
  name: string;
  before: bigint;
  after: bigint;
  /** From when on, Unix seconds. */
  effectiveAt: bigint;
}

/** What the treasury has of a token; null stands for the chain's coin. */
export interface BalanceChange {
  token: Address | null;
  before: bigint;
  after: bigint;
}

/** What a batch of the timelock would do now. */
export interface DryRun {
  /** True when every call succeeds: a batch is executed whole or not at all. */
  succeeds: boolean;
  calls: DryCall[];
  parameters: ParameterChange[];
  balances: BalanceChange[];
  /** Block on which it was run, and the time that it had. */
  block: { number: bigint; timestamp: bigint };
}

/** Thrown when a chain node has no `eth_simulateV1`: another one must run the calls. */
export class NoSimulation extends Error {
  override readonly name = "NoSimulation";
}

/** The chain's coin is read by a contract that exists in the simulation only: it returns BALANCE of its argument. */
const BALANCE_READER: Address = "0x000000000000000000000000000000000000ba1a";
const BALANCE_READER_CODE: Hex = "0x5f35315f5260205ff3";
/** What JSON-RPC answers when a method is not there. */
const NO_METHOD = new Set([-32601, -32004]);

/** A chain node, asked in JSON-RPC. */
type Node = Pick<Client, "request">;

interface SimulatedCall {
  status: Hex;
  returnData: Hex;
  gasUsed: Hex;
  logs?: RawLog[];
  error?: { message?: string; data?: Hex };
}

interface SentCall {
  from?: Address;
  to: Address;
  data: Hex;
  value?: Hex;
}

/**
 * Runs a batch as the timelock would, each call on the state that the ones before it left, and reads what it changed.
 * Nothing is sent.
 *
 * @throws NoSimulation when the chain node has no `eth_simulateV1`.
 */
export async function dryRun(client: Node, calls: readonly GovernanceCall[], facts: CallFacts): Promise<DryRun> {
  const from = facts.contracts.MeshTimelock;
  if (!from) throw new Error("the network names no timelock, which would make the calls");
  const block = await newestBlock(client);
  const known = [facts.contracts.MeshToken, ...(facts.tokens?.keys() ?? [])].filter((token) => token !== undefined);
  const tokens = [...new Set(known.map((token) => token.toLowerCase() as Address))];
  const reads = readsOf(from, tokens, facts);
  const sent = calls.map(({ target, value, data }) => ({ from, to: target, data, value: numberToHex(value) }));
  const timestamp = maxOf(block.timestamp + 1n, facts.executableAt ?? 0n);
  const results = await simulate(client, [...reads, ...sent, ...reads], { number: block.number + 1n, timestamp });
  const made = results.slice(reads.length, reads.length + calls.length).map((result) => dryCall(result, facts));
  const [before, after] = [results.slice(0, reads.length), results.slice(reads.length + calls.length)];
  return {
    ...{ succeeds: made.every(({ succeeds }) => succeeds), calls: made },
    parameters: facts.contracts.NetworkParameters ? changedParameters(before[0], after[0], timestamp) : [],
    balances: changedBalances([null, ...tokens], before.slice(-tokens.length - 1), after.slice(-tokens.length - 1)),
    block: { number: block.number, timestamp },
  };
}

async function newestBlock(client: Node): Promise<{ number: bigint; timestamp: bigint }> {
  const block = await client.request({ method: "eth_getBlockByNumber", params: ["latest", false] });
  if (!block?.number) throw new Error("the chain node has no newest block");
  return { number: BigInt(block.number), timestamp: BigInt(block.timestamp) };
}

/** The table of governed numbers, what the treasury has of the chain's coin, and of each token. */
function readsOf(timelock: Address, tokens: Address[], { contracts }: CallFacts): SentCall[] {
  const all = encodeFunctionData({ abi: networkParametersAbi, functionName: "all" });
  const balanceOf = encodeFunctionData({ abi: erc20Abi, functionName: "balanceOf", args: [timelock] });
  return [
    ...(contracts.NetworkParameters ? [{ to: contracts.NetworkParameters, data: all }] : []),
    { to: BALANCE_READER, data: pad(timelock) },
    ...tokens.map((token) => ({ to: token, data: balanceOf })),
  ];
}

async function simulate(
  client: Node,
  calls: SentCall[],
  block: { number: bigint; timestamp: bigint },
): Promise<SimulatedCall[]> {
  const blockOverrides = { number: numberToHex(block.number), time: numberToHex(block.timestamp) };
  const stateOverrides = { [BALANCE_READER]: { code: BALANCE_READER_CODE } };
  const request = client.request as (call: { method: string; params: unknown[] }) => Promise<unknown>;
  const params = [{ blockStateCalls: [{ blockOverrides, stateOverrides, calls }], validation: false }, "latest"];
  try {
    const [simulated] = (await request({ method: "eth_simulateV1", params })) as [{ calls: SimulatedCall[] }];
    return simulated.calls;
  } catch (cause) {
    if (!isMissingMethod(cause)) throw cause;
    throw new NoSimulation("the chain node has no eth_simulateV1", { cause });
  }
}

function isMissingMethod(error: unknown): boolean {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if (NO_METHOD.has((cause as { code?: unknown }).code as number)) return true;
  }
  return false;
}

function dryCall({ status, gasUsed, logs = [], returnData, error }: SimulatedCall, facts: CallFacts): DryCall {
  const succeeds = BigInt(status) === 1n;
  const data = returnData === "0x" ? (error?.data ?? "0x") : returnData;
  return {
    ...{ succeeds, gasUsed: BigInt(gasUsed) },
    revert: succeeds ? null : dryRevert(data, error?.message),
    events: succeeds ? logs.map((log) => decodeEvent(log, facts)) : [],
  };
}

function dryRevert(data: Hex, message = "nothing says why"): DryRevert {
  try {
    const { errorName, args = [] } = decodeErrorResult({ abi: errorsAbi, data });
    return { name: errorName, args, text: visibleText(`${errorName}(${args.map(String).join(", ")})`) };
  } catch {
    return { name: null, args: [], text: data === "0x" ? visibleText(message) : `unknown error ${data}` };
  }
}

type Row = { id: Hex; value: bigint; pending: bigint; effectiveAt: bigint };

function changedParameters(before: SimulatedCall | undefined, after: SimulatedCall | undefined, now: bigint) {
  const [old, current] = [rowsOf(before), rowsOf(after)];
  return current.flatMap(({ id, pending, effectiveAt }, i): ParameterChange[] => {
    const row = old[i];
    if (!row || (row.pending === pending && row.effectiveAt === effectiveAt)) return [];
    const inForce = row.effectiveAt > now ? row.value : row.pending;
    return [{ name: nameOfId(id), before: inForce, after: pending, effectiveAt }];
  });
}

function rowsOf(call: SimulatedCall | undefined): readonly Row[] {
  if (!call || BigInt(call.status) !== 1n) return [];
  return decodeFunctionResult({ abi: networkParametersAbi, functionName: "all", data: call.returnData });
}

function changedBalances(tokens: (Address | null)[], before: SimulatedCall[], after: SimulatedCall[]): BalanceChange[] {
  return tokens.flatMap((token, i) => {
    const [old, current] = [balanceIn(before[i]), balanceIn(after[i])];
    return old === undefined || current === undefined ? [] : [{ token, before: old, after: current }];
  });
}

function balanceIn(call: SimulatedCall | undefined): bigint | undefined {
  if (!call || BigInt(call.status) !== 1n || call.returnData.length !== 66) return undefined;
  return decodeAbiParameters([{ type: "uint256" }], call.returnData)[0];
}

function maxOf(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
