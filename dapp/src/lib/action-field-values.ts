import { parameterKind } from "@pqmesh/contracts/protocol/parameter-kind";
import { type Address, getAddress, isAddress, maxUint256, parseUnits, zeroAddress } from "viem";
import { type ActionDraft, type DraftContext, DraftProblem } from "./action-draft.ts";
import { readBp } from "./proposal-draft.ts";
import { readTokenAmount, type TokenUnit } from "./token-amount.ts";

type Fields = ActionDraft["fields"];

const DURATION = /(\d{1,10})\s*(d|h|min|s)(?![a-z])/g;
const SECONDS: Readonly<Record<string, number>> = { s: 1, min: 60, h: 3_600, d: 86_400 };

/** The text of a field without space around it; empty when nothing was typed. */
export function textOf(fields: Fields, name: string): string {
  return (fields[name] ?? "").trim();
}

/** An address that is not zero. @throws DraftProblem */
export function addressOf(fields: Fields, name: string): Address {
  const text = textOf(fields, name);
  if (text === "") throw new DraftProblem(name, "Enter an address.");
  const hasChecksum = text.slice(2) !== text.slice(2).toLowerCase();
  if (!isAddress(text, { strict: hasChecksum })) {
    throw new DraftProblem(name, "This is not an address, or its checksum is wrong.");
  }
  if (text === zeroAddress) throw new DraftProblem(name, "This is the zero address, which nobody owns.");
  return getAddress(text);
}

/** An address, or the zero address for "nobody". @throws DraftProblem */
export function addressOrNobody(fields: Fields, name: string): Address {
  return textOf(fields, name).toLowerCase() === "nobody" ? zeroAddress : addressOf(fields, name);
}

/** A whole number within limits. @throws DraftProblem naming the limit. */
export function naturalOf(fields: Fields, name: string, { min, max }: { min: bigint; max: bigint }): bigint {
  const text = textOf(fields, name).replace(/[,_' ]/g, "");
  if (text === "") throw new DraftProblem(name, "Enter a whole number.");
  if (!/^(\d{1,78}|0x[0-9a-fA-F]{1,64})$/.test(text)) throw new DraftProblem(name, "This is not a whole number.");
  const value = BigInt(text);
  if (value < min) throw new DraftProblem(name, `It must be at least ${min.toLocaleString("en-US")}.`);
  if (value > max) throw new DraftProblem(name, `It must be at most ${max.toLocaleString("en-US")}.`);
  return value;
}

/** A length of time in seconds, from "7 d" or "1 h 30 min". @throws DraftProblem */
export function durationOf(fields: Fields, name: string): number {
  const text = textOf(fields, name);
  const parts = [...text.matchAll(DURATION)];
  if (parts.length === 0 || text.replace(DURATION, "").trim() !== "") {
    throw new DraftProblem(name, "Enter a length of time, for example 7 d or 1 h 30 min.");
  }
  return parts.reduce((sum, [, count = "0", unit = "s"]) => sum + Number(count) * (SECONDS[unit] ?? 0), 0);
}

/** Units of the identity house, with 9 decimals. @throws DraftProblem */
export function unitsOf(fields: Fields, name: string): bigint {
  const text = textOf(fields, name)
    .replace(/\s*units?$/, "")
    .replace(/,/g, "");
  if (/^\d{1,12}(\.\d{1,9})?$/.test(text)) return parseUnits(text, 9);
  throw new DraftProblem(name, "Enter a number of units with at most 9 decimals.");
}

/** A value of a governed number in its unit. @throws DraftProblem */
export function parameterValueOf(fields: Fields, name: string, unit: string): bigint {
  const text = textOf(fields, name);
  switch (parameterKind(unit)) {
    case "mesh":
      return amountOf({ ...fields, [name]: text.replace(/\s*MESH$/i, "") }, name, { unit: MESH, canBeZero: true });
    case "units":
      return unitsOf(fields, name);
    case "seconds":
      return BigInt(durationOf(fields, name));
    case "basisPoints": {
      const bp = readBp(text);
      if (bp === undefined) throw new DraftProblem(name, "Enter a percentage with at most two decimals, up to 100.");
      return BigInt(bp);
    }
    case "count":
      return naturalOf(fields, name, { min: 0n, max: maxUint256 });
  }
}

/** How amounts of MESH are written where only the unit counts. */
const MESH: TokenUnit = { address: zeroAddress, symbol: "MESH", decimals: 18 };

/** An amount in smallest units. @throws DraftProblem */
export function amountOf(
  fields: Fields,
  name: string,
  { unit, canBeZero = false, bits = 256n }: { unit: TokenUnit; canBeZero?: boolean; bits?: bigint },
): bigint {
  const reading = readTokenAmount(textOf(fields, name), unit);
  if ("problem" in reading) throw new DraftProblem(name, reading.problem);
  if (reading.amount === 0n && !canBeZero) throw new DraftProblem(name, "Enter more than zero.");
  if (reading.amount >= 2n ** bits) throw new DraftProblem(name, `It must be below 2^${bits} smallest units.`);
  return reading.amount;
}

/** A token that is named by its address. @throws DraftProblem */
export function tokenOf(fields: Fields, name: string, context: DraftContext): TokenUnit {
  const address = addressOf(fields, name).toLowerCase();
  const known = context.tokens.find((token) => token.address.toLowerCase() === address);
  if (known) return known;
  const typed = context.typedTokens.get(address);
  if (typed) return typed;
  const isAsked = context.typedTokens.has(address);
  throw new DraftProblem(name, isAsked ? "There is no token at this address." : "The token is being read …");
}

/** One of the choices of a field. @throws DraftProblem */
export function choiceOf(fields: Fields, name: string, choices: readonly (readonly [string, string])[]): string {
  const text = textOf(fields, name);
  if (choices.some(([value]) => value === text)) return text;
  throw new DraftProblem(name, "Choose one.");
}
