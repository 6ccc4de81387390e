import { type Address, erc20Abi, formatUnits, maxUint256, parseUnits } from "viem";
import { addressArgument } from "./arguments.ts";
import type { Session } from "./chain-session.ts";
import { CliError, usageError } from "./output.ts";

/** An ERC-20 token as people name it. */
export interface Token {
  address: Address;
  symbol: string;
  decimals: number;
}

/** An amount of a token for programs and for people. */
export interface TokenFigure {
  token: Address;
  /** Smallest units. */
  units: bigint;
  /** With decimals and symbol. */
  text: string;
}

/** A symbol is whatever its token says: what does not look like one is not shown. */
const SYMBOL = /^[A-Za-z0-9.$_-]{1,16}$/;
const MAX_DECIMALS = 36;

/** The token in which bonds of MESH are. */
export function meshToken({ network }: Pick<Session, "network">): Token {
  return { address: network.contracts.MeshToken, symbol: "MESH", decimals: 18 };
}

/** Reads what a token calls itself. @throws CliError when there is no ERC-20 token at the address. */
export async function readToken({ client }: Session, address: Address): Promise<Token> {
  const token = { address, abi: erc20Abi } as const;
  try {
    const [symbol, decimals] = await Promise.all([
      client.readContract({ ...token, functionName: "symbol" }),
      client.readContract({ ...token, functionName: "decimals" }),
    ]);
    if (decimals > MAX_DECIMALS) throw new Error(`${decimals} decimals`);
    return { address, symbol: SYMBOL.test(symbol) ? symbol : address, decimals };
  } catch (cause) {
    throw new CliError(`${address} does not answer as an ERC-20 token with symbol and decimals`, undefined, { cause });
  }
}

/** The token that `--token` names, or the stablecoin of a devnet. @throws CliError when neither is there. */
export async function tokenOption(session: Session, named: string | undefined): Promise<Token> {
  const address = named === undefined ? session.network.contracts.TestStablecoin : addressArgument("--token", named);
  if (address === undefined) throw usageError("say which token with --token 0xADDRESS: the network names none");
  return readToken(session, address);
}

/** Reads an amount of a token in smallest units, as "1.5" or "1.5 TUSD". @throws CliError naming the field. */
export function tokenArgument(name: string, text: string, token: Token, most = maxUint256): bigint {
  const { symbol, decimals } = token;
  const number = text.trim().endsWith(symbol) ? text.trim().slice(0, -symbol.length).trim() : text.trim();
  const found = /^[0-9]{1,24}(?:\.([0-9]+))?$/.exec(number);
  if (!found) {
    const shown = text.trim() === "" ? "is empty" : `is "${text.length > 40 ? "…" : text}"`;
    throw usageError(`${name} ${shown}, it must be a number of ${symbol} with at most ${decimals} decimals`);
  }
  const given = found[1]?.length ?? 0;
  if (given > decimals) throw usageError(`${name} has ${given} decimals, ${symbol} has ${decimals}`);
  const units = parseUnits(number, decimals);
  if (units > most)
    throw usageError(`${name} is ${tokenText(units, token)}, it must be at most ${tokenText(most, token)}`);
  return units;
}

/** An amount as people read it. */
export function tokenText(units: bigint, { symbol, decimals }: Token): string {
  return `${formatUnits(units, decimals)} ${symbol}`;
}

/** An amount for `--json`. */
export function tokenFigure(units: bigint, token: Token): TokenFigure {
  return { token: token.address, units, text: tokenText(units, token) };
}
