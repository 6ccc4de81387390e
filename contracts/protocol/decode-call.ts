import {
  type Abi,
  type AbiFunction,
  type Address,
  decodeFunctionData,
  encodeFunctionData,
  erc20Abi,
  getAddress,
  type Hex,
  size,
  slice,
  toFunctionSelector,
  toFunctionSignature,
} from "viem";
import { type DecodedArgument, argumentWords } from "./argument-words.ts";
import { CALL_SENTENCES, tokenSentences } from "./call-sentences.ts";
import { type CallFacts, type CallWords, callWords } from "./call-words.ts";
import { CONTRACT_ABIS, type NamedContract } from "./contract-abis.ts";
import { coinWords, countedWords } from "./exact-words.ts";
import { type CarriedCalls, carriedCalls, type GovernanceCall } from "./inner-calls.ts";
import { isReadable } from "./readable-arguments.ts";

/** A call in words. Nothing in it is text that a proposer could make mislead: see `visibleText`. */
export interface DecodedCall extends GovernanceCall {
  /** Name of the contract in network.json, or of a known token; null when the target is neither. */
  contract: string | null;
  /** First four bytes of the data; null when there are fewer. */
  selector: Hex | null;
  /** Null when the contract or the function is unknown, or the data does not fit it. */
  functionName: string | null;
  /** Name and types of the arguments, as in `set(bytes32,uint256)`. */
  signature: string | null;
  args: DecodedArgument[];
  /** What the call does, in one plain sentence. */
  sentence: string;
  /** What else must be known: data that does not fit, value that is refused, what is unknown. */
  warnings: string[];
  /** Calls that this one carries, in their order. */
  calls: DecodedCall[];
}

/** Longest data that is decoded: far above what a proposal needs, and quick to read. */
const MAX_DATA_BYTES = 131_072;
/** Calls within calls beyond this depth are named as not decoded. */
const MAX_DEPTH = 6;
/** Calls that are decoded in all; of further ones the number is named. */
const MAX_CALLS = 512;

const UNKNOWN_TARGET =
  "The address is neither a contract of this network nor a token that leases may be in: find out what it does before you vote.";
const UNKNOWN_OF_TOKEN =
  "A token can have more functions than ERC-20 has, also such that give away what the treasury holds: find out what it does before you vote.";
const UNREAD_DATA = "The contract may read them all the same: find out what it does before you vote.";
const REFUSED = "The contract refuses this, unless it forwards what it does not know.";

/**
 * Puts calls into words; takes any calldata and never throws.
 *
 * @param facts What is known of the network.
 * @param caller Who makes them, if that is not the treasury.
 */
export function decodeCalls(calls: readonly GovernanceCall[], facts: CallFacts, caller?: string): DecodedCall[] {
  const reader: Reader = { facts, words: callWords(facts, caller), depth: 0, left: { calls: MAX_CALLS } };
  return calls.map((call) => decodeCall(reader, call));
}

interface Reader {
  facts: CallFacts;
  words: CallWords;
  depth: number;
  left: { calls: number };
}

interface KnownContract {
  name: string;
  abi: Abi;
  sentences: Readonly<Record<string, ((words: CallWords, ...args: never[]) => string) | undefined>>;
  /** True for a token of which only the functions of ERC-20 are known. */
  isToken?: boolean;
}

function decodeCall(reader: Reader, call: GovernanceCall): DecodedCall {
  reader.left.calls -= 1;
  const length = size(call.data);
  const contract = knownContract(reader, call.target);
  const bare: DecodedCall = {
    ...{ target: call.target, value: call.value, data: call.data, contract: contract?.name ?? null },
    ...{ selector: length >= 4 ? slice(call.data, 0, 4) : null, functionName: null, signature: null, args: [] },
    ...{ sentence: "", warnings: [], calls: [] },
  };
  if (length === 0) return { ...bare, ...payment(reader, call) };
  const sent = call.value > 0n ? ` and sends ${coinWords(call.value)} along` : "";
  if (length < 4) {
    return withWarning(
      bare,
      `Calls ${targetWords(bare)} with ${countedWords(length, "byte")} of data, which name no function${sent}`,
    );
  }
  if (length > MAX_DATA_BYTES) {
    const sentence = `Calls ${targetWords(bare)}, selector ${bare.selector}, with ${countedWords(length, "byte")} of data, too many to be read here${sent}`;
    return withWarning(bare, sentence);
  }
  if (contract) return decodeKnown(reader, bare, contract);
  const sentence = `Calls ${targetWords(bare)}, selector ${bare.selector}, with ${countedWords(length, "byte")} of data${sent}: what it does is not known here`;
  return withInner(reader, withWarning(bare, sentence), carriedCalls(call));
}

function knownContract({ facts, words }: Reader, target: Address): KnownContract | undefined {
  const key = target.toLowerCase();
  const found = Object.entries(facts.contracts).find(([, address]) => address?.toLowerCase() === key);
  const token = found?.[0] === "MeshToken" ? undefined : facts.tokens?.get(key);
  if (token && (!found || found[0] === "TestStablecoin")) {
    const sentences = tokenSentences(target) as KnownContract["sentences"];
    if (!found) return { name: `token ${words.token(target)}`, abi: erc20Abi, sentences, isToken: true };
    return {
      name: found[0],
      abi: CONTRACT_ABIS.TestStablecoin,
      sentences: { ...CALL_SENTENCES.TestStablecoin, ...sentences },
    };
  }
  if (!found) return undefined;
  const name = found[0] as NamedContract;
  return { name, abi: CONTRACT_ABIS[name], sentences: CALL_SENTENCES[name] ?? {} };
}

function decodeKnown(reader: Reader, bare: DecodedCall, contract: KnownContract): DecodedCall {
  const { name, abi, sentences } = contract;
  const item = functionOf(abi, bare.selector!);
  if (!item) return unknownFunction(bare, contract);
  const signature = toFunctionSignature(item);
  const fit = decodeArguments(item, bare.data);
  if (!fit) {
    const sentence = `Calls ${name}.${item.name} with data that do not fit its arguments`;
    return withWarning({ ...bare, signature }, sentence, UNREAD_DATA);
  }
  const { args } = fit;
  const named = argumentWords(reader.words, name, { inputs: item.inputs, args });
  const written = sentences[item.name] as ((words: CallWords, ...args: readonly unknown[]) => string) | undefined;
  const shown = named.map(({ name: argument, text }) => `${argument} ${text}`).join(", ");
  const decoded: DecodedCall = {
    ...{ ...bare, functionName: item.name, signature, args: named },
    sentence: written ? written(reader.words, ...args) : `Calls ${name}.${item.name}(${shown})`,
    warnings: callWarnings(bare, item, fit.encoded),
  };
  return withInner(reader, decoded, carriedCalls(bare));
}

function unknownFunction(bare: DecodedCall, { name, isToken }: KnownContract): DecodedCall {
  const { selector } = bare;
  if (!isToken) return withWarning(bare, `Calls ${name} with the selector ${selector}, of which it has no function`);
  const sentence = `Calls the ${name} with the selector ${selector}, which is none of ERC-20: what it does is not known here`;
  return withWarning(bare, sentence, UNKNOWN_OF_TOKEN);
}

/** Functions of each ABI by selector: hashing the signatures anew for each call would take most of the time. */
const functionsOf = new WeakMap<Abi, ReadonlyMap<string, AbiFunction>>();

function functionOf(abi: Abi, selector: Hex): AbiFunction | undefined {
  const known = functionsOf.get(abi);
  if (known) return known.get(selector.toLowerCase());
  const items = abi.filter((item) => item.type === "function");
  functionsOf.set(abi, new Map(items.map((item) => [toFunctionSelector(item), item])));
  return functionOf(abi, selector);
}

/** The arguments, and how the data would be if they were encoded as usual; nothing when no such arguments exist. */
function decodeArguments(item: AbiFunction, data: Hex): { args: readonly unknown[]; encoded: Hex } | undefined {
  if (!isReadable(item.inputs, data)) return undefined;
  try {
    const args = decodeFunctionData({ abi: [item], data }).args ?? [];
    return { args, encoded: encodeFunctionData({ abi: [item], functionName: item.name, args }) };
  } catch {
    return undefined;
  }
}

function callWarnings({ value, data }: GovernanceCall, { stateMutability }: AbiFunction, encoded: Hex): string[] {
  const isView = stateMutability === "view" || stateMutability === "pure";
  const warnings = isView ? ["This function changes nothing."] : [];
  if (value > 0n) {
    const refused = stateMutability === "payable" ? "" : ", which this function refuses";
    warnings.push(`It sends ${coinWords(value)} along${refused}.`);
  }
  if (encoded === data.toLowerCase()) return warnings;
  const surplus = size(data) - size(encoded);
  const how = surplus > 0 ? `${countedWords(surplus, "byte")} too many` : "they are written in an unusual way";
  return [...warnings, `The data are not as these arguments are encoded: ${how}. The contract may read other values.`];
}

function payment({ words }: Reader, { target, value }: GovernanceCall): Pick<DecodedCall, "sentence" | "warnings"> {
  const to = words.account(target);
  if (value > 0n) return { sentence: `Pays ${coinWords(value)} from ${words.caller} to ${to}`, warnings: [] };
  return {
    sentence: `Calls ${to} without data and without value`,
    warnings: ["Called like this, a wallet does nothing."],
  };
}

function withWarning(
  call: DecodedCall,
  sentence: string,
  warning = call.contract ? REFUSED : UNKNOWN_TARGET,
): DecodedCall {
  return { ...call, sentence, warnings: [warning] };
}

/** Adds the calls that a call carries; who makes them is the contract that carries them. */
function withInner(reader: Reader, call: DecodedCall, carried: CarriedCalls | undefined): DecodedCall {
  if (!carried) return call;
  const { calls, verb, isUneven } = carried;
  const warnings = [...call.warnings];
  if (isUneven) warnings.push("Its lists of targets, values and calldata differ in length: the contract refuses this.");
  const depth = reader.depth + 1;
  const shown = depth > MAX_DEPTH ? [] : calls.slice(0, Math.max(0, reader.left.calls));
  const rest = calls.length - shown.length;
  if (rest > 0)
    warnings.push(`${countedWords(rest, "further call")} within it ${rest === 1 ? "is" : "are"} not decoded here.`);
  const caller = verb === null ? reader.words.caller : callerWords(reader, call);
  const inner = { ...reader, depth, words: callWords(reader.facts, caller) };
  const sentence =
    call.contract === null
      ? `${call.sentence}. If that contract is what the selector says, it carries ${countedWords(calls.length, "call")}`
      : verb === null
        ? call.sentence
        : `${verb} ${call.contract} ${calls.length === 1 ? "one call" : `${calls.length} calls`}`;
  return { ...call, sentence, warnings, calls: shown.map((one) => decodeCall(inner, one)) };
}

/** Who makes the calls that a call carries: for the governor that is the timelock, but where it relays one. */
function callerWords({ words }: Reader, { contract, functionName, target }: DecodedCall): string {
  const isByTimelock = contract === "MeshTimelock" || (contract === "MeshGovernor" && functionName !== "relay");
  return isByTimelock ? "the treasury" : words.account(target);
}

function targetWords({ contract, target }: DecodedCall): string {
  return contract ?? `an unknown contract ${getAddress(target.toLowerCase())}`;
}
