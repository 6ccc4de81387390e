import { type Address, decodeFunctionData, type Hex, parseAbi, slice, toFunctionSelector } from "viem";
import { isReadable } from "./readable-arguments.ts";

/** One call as proposals and the timelock hold it. */
export interface GovernanceCall {
  target: Address;
  /** Wei of the chain's coin that is sent along. */
  value: bigint;
  data: Hex;
}

/** Calls that carry other calls: of timelocks, governors, accounts, and of contracts that call themselves. */
const CARRIERS = parseAbi([
  "struct Call { address target; uint256 value; bytes data; }",
  "function execute(Call[] calls, uint256 deadline, bytes signature)",
  "function schedule(address target, uint256 value, bytes data, bytes32 predecessor, bytes32 salt, uint256 delay)",
  "function scheduleBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt, uint256 delay)",
  "function execute(address target, uint256 value, bytes payload, bytes32 predecessor, bytes32 salt)",
  "function executeBatch(address[] targets, uint256[] values, bytes[] payloads, bytes32 predecessor, bytes32 salt)",
  "function propose(address[] targets, uint256[] values, bytes[] calldatas, string description)",
  "function queue(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)",
  "function execute(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)",
  "function cancel(address[] targets, uint256[] values, bytes[] calldatas, bytes32 descriptionHash)",
  "function relay(address target, uint256 value, bytes data)",
  "function multicall(bytes[] data)",
  "struct RoundTerms { uint32 season; uint8 kind; uint8 winners; uint32 minVotes; address token; uint96 budget; }",
  "struct Option { address target; uint96 most; bytes data; }",
  "function openRound(RoundTerms terms, Option[] options, string description)",
]);

const CARRIER_BY_SELECTOR = new Map(CARRIERS.map((item) => [toFunctionSelector(item), item]));

/** What a call carries. */
export interface CarriedCalls {
  calls: GovernanceCall[];
  /** How the carrier's sentence begins; null where its own sentence stays. */
  verb: string | null;
  /** True when lists are of different lengths, which every such contract refuses. */
  isUneven: boolean;
}

const VERBS: Readonly<Record<string, string>> = {
  schedule: "Schedules with",
  scheduleBatch: "Schedules with",
  propose: "Proposes to",
  queue: "Queues with",
  cancel: "Cancels with",
};

/** The calls within a call, or nothing when it carries none; never throws. */
export function carriedCalls({ target, data }: GovernanceCall): CarriedCalls | undefined {
  const decoded = decodeCarrier(data);
  if (!decoded) return undefined;
  const { functionName } = decoded;
  if (functionName === "openRound") return optionCalls(decoded.args[1]);
  const carrier = { verb: VERBS[functionName] ?? "Executes through", isUneven: false };
  const [first, values, payloads] = decoded.args as readonly [unknown, unknown, unknown];
  if (functionName === "multicall") {
    return { ...carrier, calls: (first as Hex[]).map((inner) => ({ target, value: 0n, data: inner })) };
  }
  if (typeof first === "string") {
    return { ...carrier, calls: [{ target: first as Address, value: values as bigint, data: payloads as Hex }] };
  }
  if (!Array.isArray(values)) return { ...carrier, calls: [...(first as GovernanceCall[])] };
  const [targets, amounts, inner] = [first as Address[], values as bigint[], payloads as Hex[]];
  const calls = targets.map((to, i): GovernanceCall => ({
    target: to,
    value: amounts[i] ?? 0n,
    data: inner[i] ?? "0x",
  }));
  return { ...carrier, calls, isUneven: amounts.length !== targets.length || inner.length !== targets.length };
}

/** Calls that a round of priorities puts to the vote; grants have none. */
function optionCalls(options: readonly { target: Address; data: Hex }[]): CarriedCalls | undefined {
  const calls = options.filter(({ data }) => data !== "0x").map(({ target, data }) => ({ target, value: 0n, data }));
  return calls.length === 0 ? undefined : { calls, verb: null, isUneven: false };
}

function decodeCarrier(data: Hex) {
  try {
    const item = CARRIER_BY_SELECTOR.get(slice(data, 0, 4));
    if (!item || !isReadable(item.inputs, data)) return undefined;
    return decodeFunctionData({ abi: CARRIERS, data });
  } catch {
    return undefined;
  }
}
