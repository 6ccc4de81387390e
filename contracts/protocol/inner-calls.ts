import { type Address, decodeFunctionData, type Hex, parseAbi } from "viem";

/** One call as proposals and the timelock hold it. */
export interface GovernanceCall {
  target: Address;
  /** Wei of the chain's coin that is sent along. */
  value: bigint;
  data: Hex;
}

/** Calls that carry other calls: of timelocks, governors, accounts, and of contracts that call themselves. */
const CARRIERS = parseAbi([
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
]);

/** What a call carries. */
export interface CarriedCalls {
  calls: GovernanceCall[];
  /** How the carrier's sentence begins. */
  verb: string;
  /** Whether the carrier's contract makes the calls, or only prepares, cancels or requests them. */
  isMade: boolean;
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
  const verb = VERBS[decoded.functionName] ?? "Executes through";
  const isMade = VERBS[decoded.functionName] === undefined;
  if (decoded.functionName === "multicall") {
    const calls = decoded.args[0].map((inner) => ({ target, value: 0n, data: inner }));
    return { calls, verb, isMade, isUneven: false };
  }
  const [targets, values, payloads] = decoded.args;
  if (typeof targets === "string") {
    const [, value, payload] = decoded.args as unknown as [Address, bigint, Hex];
    return { calls: [{ target: targets, value, data: payload }], verb, isMade, isUneven: false };
  }
  const [amounts, inner] = [values as readonly bigint[], payloads as readonly Hex[]];
  const calls = targets.map((to, i) => ({ target: to, value: amounts[i] ?? 0n, data: inner[i] ?? "0x" }) as const);
  const isUneven = amounts.length !== targets.length || inner.length !== targets.length;
  return { calls, verb, isMade, isUneven };
}

function decodeCarrier(data: Hex) {
  try {
    return decodeFunctionData({ abi: CARRIERS, data });
  } catch {
    return undefined;
  }
}
