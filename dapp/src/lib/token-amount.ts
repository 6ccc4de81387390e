import { erc20Abi, formatUnits, parseUnits, type Address } from "viem";
import type { ChainAccess } from "./chain-source.ts";
import type { ChainClient } from "./network-chain.ts";

/** What amounts of a token are written with. */
export interface TokenUnit {
  address: Address;
  symbol: string;
  decimals: number;
}

/** An amount that was read, in smallest units, or the sentence that says why not. */
export type TokenReading = { amount: bigint } | { problem: string };

const known = new WeakMap<ChainClient, Map<string, Promise<TokenUnit>>>();

/** Symbol and decimals of a token, read once. */
export function readToken({ client }: Pick<ChainAccess, "client">, address: Address): Promise<TokenUnit> {
  const units = known.get(client) ?? new Map<string, Promise<TokenUnit>>();
  known.set(client, units);
  const key = address.toLowerCase();
  const read = units.get(key) ?? askToken(client, address);
  units.set(key, read);
  read.catch(() => units.delete(key));
  return read;
}

async function askToken(client: ChainClient, address: Address): Promise<TokenUnit> {
  const token = { address, abi: erc20Abi } as const;
  const [symbol, decimals] = await Promise.all([
    client.readContract({ ...token, functionName: "symbol" }),
    client.readContract({ ...token, functionName: "decimals" }),
  ]);
  return { address, symbol: symbol.slice(0, 12), decimals };
}

/** An amount with grouping, at most `digits` decimals, never rounded up, and its symbol. */
export function formatToken(amount: bigint, { decimals, symbol }: TokenUnit, digits = 4): string {
  const [whole = "0", fraction = ""] = formatUnits(amount < 0n ? -amount : amount, decimals).split(".");
  const cut = fraction.slice(0, digits).replace(/0+$/, "");
  const grouped = BigInt(whole).toLocaleString("en-US");
  const text = cut ? `${grouped}.${cut}` : grouped;
  const small = amount > 0n && text === "0" ? `< 0.${"0".repeat(Math.max(0, digits - 1))}1` : text;
  return `${amount < 0n ? "-" : ""}${small} ${symbol}`;
}

/** An amount with grouping, every decimal it has, and its symbol: for previews of what is signed. */
export function formatTokenExact(amount: bigint, unit: TokenUnit): string {
  return `${plainAmount(amount, unit)} ${unit.symbol}`;
}

/** An amount with grouping and every decimal it has. */
export function plainAmount(amount: bigint, { decimals }: TokenUnit): string {
  const [whole = "0", fraction] = formatUnits(amount, decimals).split(".");
  const grouped = BigInt(whole).toLocaleString("en-US");
  return fraction ? `${grouped}.${fraction}` : grouped;
}

/** Reads an amount as people type it: digits, thin separators, one decimal point, no more decimals than the token has. */
export function readTokenAmount(text: string, { decimals, symbol }: TokenUnit): TokenReading {
  const plain = text.trim().replace(/[\s_,'’]/g, "");
  if (plain === "") return { problem: "Enter an amount." };
  if (!/^\d*\.?\d*$/.test(plain) || plain === ".") return { problem: "Enter a number, for example 250 or 0.5." };
  if ((plain.split(".")[1]?.length ?? 0) > decimals) {
    return { problem: `${symbol} has ${decimals} decimals; this has more.` };
  }
  return { amount: parseUnits(plain, decimals) };
}
