import { type AbiParameter, type Address, isAddress, type Hex } from "viem";
import { type CallWords, nameOfId, parameterValueWords } from "./call-words.ts";
import { countedWords, countWords, votingUnitsWords } from "./exact-words.ts";
import { quotedText, visibleText } from "./visible-text.ts";

/** An argument of a call, or a field of one that is a struct. */
export interface DecodedArgument {
  name: string;
  type: string;
  /** The value as people read it, with its unit. */
  text: string;
}

/** Longest bytes that are shown whole; the calldata has all. */
const MAX_BYTES = 96;
/** Most elements of a list that are shown. */
const MAX_ELEMENTS = 64;

/** Contracts whose amounts are in a token of the call, not in MESH. */
const TOKEN_CONTRACTS = new Set(["LeaseEscrow", "LeaseAgreements", "LeaseVouchers", "TestStablecoin"]);

/** Names every argument of a call. @param contract Contract of the network, null when it is none. */
export function argumentWords(
  words: CallWords,
  contract: string | null,
  { inputs, args }: { inputs: readonly AbiParameter[]; args: readonly unknown[] },
): DecodedArgument[] {
  return inputs.map((input, i) => {
    const name = visibleText(input.name || `argument ${i + 1}`);
    const id = idAmong(inputs, args);
    return { name, type: input.type, text: valueWords({ words, contract, id }, input, args[i]) };
  });
}

interface Reader {
  words: CallWords;
  contract: string | null;
  /** Name of the governed number that stands beside the value. */
  id: string | undefined;
}

function idAmong(inputs: readonly AbiParameter[], values: readonly unknown[]): string | undefined {
  const index = inputs.findIndex(({ name, type }) => name === "id" && type === "bytes32");
  return index < 0 ? undefined : nameOfId(values[index] as Hex);
}

function valueWords(reader: Reader, parameter: AbiParameter, value: unknown): string {
  const { type } = parameter;
  if (Array.isArray(value) && type.endsWith("]")) return arrayWords(reader, parameter, value);
  if (type === "tuple" && "components" in parameter) {
    const { components } = parameter;
    const values = components.map(({ name = "" }) => (value as Record<string, unknown>)[name]);
    const inside = { ...reader, id: idAmong(components, values) };
    const shown = components.map((field, i) => `${field.name}: ${valueWords(inside, field, values[i])}`);
    return `{${shown.join(", ")}}`;
  }
  if (type === "address") return accountWords(reader.words, value as Address);
  if (type === "string") return quotedText(value as string);
  if (type === "bool") return value === true ? "yes" : "no";
  if (type === "bytes32" && /^(id|parameter)$/.test(parameter.name ?? "")) return nameOfId(value as Hex);
  if (type.startsWith("bytes")) return bytesWords(value as Hex);
  return numberWords(reader, parameter.name ?? "", BigInt(value as bigint));
}

function arrayWords(reader: Reader, parameter: AbiParameter, value: readonly unknown[]): string {
  const element = { ...parameter, type: parameter.type.replace(/\[\d*\]$/, "") };
  const shown = value.slice(0, MAX_ELEMENTS).map((item) => valueWords(reader, element, item));
  if (value.length > MAX_ELEMENTS) shown.push(`and ${countWords(BigInt(value.length - MAX_ELEMENTS))} more`);
  return `[${shown.join(", ")}]`;
}

function accountWords(words: CallWords, address: Address): string {
  const name = words.account(address);
  return isAddress(name, { strict: false }) ? name : `${name} ${address}`;
}

function bytesWords(bytes: Hex): string {
  const length = (bytes.length - 2) / 2;
  return length <= MAX_BYTES ? bytes : `${bytes.slice(0, 34)}…${bytes.slice(-16)} (${countedWords(length, "byte")})`;
}

/** A number with the unit that its name says, as names of this project do. */
function numberWords({ words, contract, id }: Reader, name: string, value: bigint): string {
  if (contract === "NetworkParameters" && id !== undefined && /^(value|previousValue|newValue)$/.test(name)) {
    return parameterValueWords(id, value);
  }
  const isMesh = contract !== null && !TOKEN_CONTRACTS.has(contract) && /^(amounts?|wei|bond)$/.test(name);
  if (isMesh || (contract === "MeshToken" && name === "value")) return words.mesh(value);
  const isVotes = contract === "QuadraticVotes" || contract === "QuadraticRound";
  if (isVotes && /units$/i.test(name)) return votingUnitsWords(value);
  if (/Bp$/.test(name)) return words.percent(value);
  if (/(^delay|Delay|^duration|Period|Seconds)$/.test(name)) return words.duration(value);
  if (/(^until|^deadline|^start|At)$/.test(name) && value > 0n) return words.moment(value);
  return countWords(value);
}
