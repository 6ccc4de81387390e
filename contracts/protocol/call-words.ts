import {
  type Address,
  getAddress,
  type Hex,
  hexToBytes,
  keccak256,
  maxUint256,
  stringToHex,
  zeroAddress,
  zeroHash,
} from "viem";
import { parameterNotes } from "../generated/parameter-notes.ts";
import type { NamedContract } from "./contract-abis.ts";
import {
  coinWords,
  countWords,
  durationWords,
  meshWords,
  momentWords,
  percentWords,
  unitsWords,
  votingUnitsWords,
} from "./exact-words.ts";
import { parameterKind } from "./parameter-kind.ts";
import { PARAMETER_TITLES } from "./parameter-titles.ts";
import { quotedText } from "./visible-text.ts";

/** A governed number as the chain has it now. */
export interface ParameterFact {
  value: bigint;
  min: bigint;
  max: bigint;
  /** Seconds between a change and its effect. */
  notice: bigint;
}

/** What a reader of calls knows of the network; the more, the more the sentences say. */
export interface CallFacts {
  /** Addresses of network.json. */
  contracts: Readonly<Partial<Record<NamedContract, Address>>>;
  /** Governed numbers by name. */
  parameters?: ReadonlyMap<string, ParameterFact>;
  /** Tokens by address in lower case; a symbol is shown as it is, so it must have been checked. */
  tokens?: ReadonlyMap<string, { symbol: string; decimals: number }>;
  /** When the calls can be executed at the earliest, Unix seconds. */
  executableAt?: bigint;
}

/** Turns values of a call into words. */
export interface CallWords {
  /** Who makes the call, within a sentence: "the treasury", unless another account makes it. */
  readonly caller: string;
  /** An account: the name of a contract of the network, else its whole address. */
  account(address: Address): string;
  accounts(addresses: readonly Address[]): string;
  /** An amount of MESH wei; the largest number is "any amount of MESH". */
  mesh(wei: bigint): string;
  /** An amount of a token in smallest units. */
  tokens(token: Address, units: bigint): string;
  /** A token by its symbol and address. */
  token(address: Address): string;
  /** What a change of a governed number does, as the end of a sentence that begins with "Sets". */
  parameter(id: Hex, value: bigint): string;
  /** A role of an access-controlled contract. */
  role(id: Hex): string;
  /** An amount of the chain's coin in wei. */
  coin(wei: bigint): string;
  duration(seconds: bigint): string;
  percent(basisPoints: bigint | number): string;
  moment(unixSeconds: bigint): string;
  count(value: bigint): string;
  /** A text of the proposer, in quotation marks and with nothing invisible. */
  quoted(text: string): string;
}

/** Most accounts and numbers that one sentence names; the arguments have all. */
const MAX_NAMED = 12;

const ROLES = new Map<Hex, string>([
  [zeroHash, "DEFAULT_ADMIN_ROLE: gives and takes every role"],
  ...[
    ["PROPOSER_ROLE", "schedules operations"],
    ["EXECUTOR_ROLE", "executes operations whose delay is over"],
    ["CANCELLER_ROLE", "cancels scheduled operations"],
    ["APPROVER_ROLE", "approves critical operations"],
  ].map(([name = "", does]) => [keccak256(stringToHex(name)), `${name}: ${does}`] as const),
]);

/** Words for calls that `caller` makes. */
export function callWords(facts: CallFacts, caller = "the treasury"): CallWords {
  const names = new Map(Object.entries(facts.contracts).map(([name, address]) => [address?.toLowerCase(), name]));
  const account = (address: Address): string => {
    if (address.toLowerCase() === zeroAddress) return "the zero address";
    const name = names.get(address.toLowerCase());
    if (name === "MeshTimelock") return "the treasury (MeshTimelock)";
    return name ?? getAddress(address.toLowerCase());
  };
  const tokens = (token: Address, units: bigint): string => {
    if (token.toLowerCase() === facts.contracts.MeshToken?.toLowerCase()) return meshAmount(units);
    const known = facts.tokens?.get(token.toLowerCase());
    if (units === maxUint256) return `any amount of ${known?.symbol ?? `the token ${account(token)}`}`;
    return known ? unitsWords(units, known) : `${countWords(units)} smallest units of the token ${account(token)}`;
  };
  return {
    ...{ caller, account, tokens, mesh: meshAmount, coin: coinWords, duration: durationWords, percent: percentWords },
    ...{ moment: momentWords, count: countWords, quoted: quotedText },
    accounts: (addresses) => listWords(addresses.map(account)),
    token(address) {
      const symbol = facts.tokens?.get(address.toLowerCase())?.symbol;
      return symbol ? `${symbol} (${getAddress(address)})` : account(address);
    },
    parameter: (id, value) => parameterWords(facts, nameOfId(id), value),
    role: (id) => ROLES.get(id) ?? `with the unknown number ${id}`,
  };
}

/** The text in a bytes32 string, as governed numbers are named; hex when it is none. */
export function nameOfId(id: Hex): string {
  const bytes = hexToBytes(id);
  const end = bytes.indexOf(0);
  const used = end < 0 ? bytes : bytes.subarray(0, end);
  const isText = used.length > 0 && used.every((byte) => byte > 0x20 && byte < 0x7f);
  const isPadded = end < 0 || bytes.subarray(end).every((byte) => byte === 0);
  return isText && isPadded ? new TextDecoder().decode(used) : id;
}

/** A value of a governed number with its unit, exact. */
export function parameterValueWords(name: string, value: bigint): string {
  const unit = parameterNotes[name]?.unit ?? "";
  switch (parameterKind(unit)) {
    case "mesh":
      return meshWords(value);
    case "units":
      return votingUnitsWords(value);
    case "seconds":
      return durationWords(value);
    case "basisPoints":
      return percentWords(value);
    case "count":
      return unit === "" ? countWords(value) : `${countWords(value)} (${unit})`;
  }
}

function parameterWords({ parameters, executableAt }: CallFacts, name: string, value: bigint): string {
  const title = PARAMETER_TITLES[name];
  const isUnknown = !title && !parameterNotes[name];
  if (isUnknown) return `${quotedText(name)}, which is no governed number of this network, to ${countWords(value)}`;
  const fact = parameters?.get(name);
  const to = parameterValueWords(name, value);
  const named = title ? `${title} (${name})` : name;
  if (!fact) return `${named} to ${to}, after the notice of this number`;
  const [from, min, max] = [fact.value, fact.min, fact.max].map((known) => parameterValueWords(name, known));
  const change = fact.value === value ? `${named} to ${to}, as it is now` : `${named} from ${from} to ${to}`;
  if (value < fact.min || value > fact.max) return `${change}, which is refused: it must be from ${min} to ${max}`;
  return `${change}, ${effectWords(fact.notice, executableAt)}`;
}

function effectWords(notice: bigint, executableAt: bigint | undefined): string {
  if (executableAt !== undefined) return `from ${momentWords(executableAt + notice)} on at the earliest`;
  return notice === 0n ? "at once when it is executed" : `${durationWords(notice)} after it is executed`;
}

function meshAmount(wei: bigint): string {
  return wei === maxUint256 ? "any amount of MESH" : meshWords(wei);
}

/** A list within a sentence, cut where it is too long to be read. */
export function listWords(items: readonly string[]): string {
  if (items.length === 0) return "nobody";
  if (items.length <= MAX_NAMED) return items.join(", ");
  return `${items.slice(0, MAX_NAMED).join(", ")} and ${items.length - MAX_NAMED} more`;
}
