import {
  type Abi,
  type AbiEvent,
  type Address,
  decodeEventLog,
  erc20Abi,
  getAddress,
  type Hex,
  toEventSelector,
} from "viem";
import { argumentWords, type DecodedArgument } from "./argument-words.ts";
import { type CallFacts, callWords } from "./call-words.ts";
import { CONTRACT_ABIS, type NamedContract } from "./contract-abis.ts";

/** An event as chain nodes give it. */
export interface RawLog {
  address: Address;
  topics: Hex[];
  data: Hex;
}

/** An event in words. */
export interface DecodedEvent {
  address: Address;
  /** Contract of the network, or "token" and its name; null when it is neither. */
  contract: string | null;
  /** Null when the contract or the event is unknown. */
  name: string | null;
  args: DecodedArgument[];
  /** The whole in one line. */
  text: string;
}

/** Puts an event into words; never throws. */
export function decodeEvent(log: RawLog, facts: CallFacts): DecodedEvent {
  const words = callWords(facts);
  const address = getAddress(log.address.toLowerCase());
  const found = Object.entries(facts.contracts).find(([, one]) => one?.toLowerCase() === address.toLowerCase());
  const symbol = facts.tokens?.get(address.toLowerCase())?.symbol;
  const contract = found?.[0] ?? (symbol ? `token ${symbol}` : null);
  const abi: Abi = found ? CONTRACT_ABIS[found[0] as NamedContract] : erc20Abi;
  const bare = { address, contract, name: null, args: [] };
  const item = contract === null ? undefined : eventOf(abi, log);
  if (!item) return { ...bare, text: `${contract ?? address} emits an unknown event ${log.topics[0] ?? ""}`.trim() };
  const args = argumentWords(words, contract, { inputs: item.event.inputs, args: item.values });
  const shown = args.map(({ name, text }) => `${name} ${text}`).join(", ");
  return { ...bare, name: item.event.name, args, text: `${contract} ${item.event.name}(${shown})` };
}

function eventOf(abi: Abi, { topics, data }: RawLog): { event: AbiEvent; values: readonly unknown[] } | undefined {
  const event = abi.find((item): item is AbiEvent => item.type === "event" && toEventSelector(item) === topics[0]);
  if (!event) return undefined;
  try {
    const { args } = decodeEventLog({ abi: [event], topics: topics as [Hex, ...Hex[]], data });
    const named = (args ?? {}) as Readonly<Record<string, unknown>>;
    return { event, values: event.inputs.map(({ name }, i) => named[name || i]) };
  } catch {
    return undefined;
  }
}
