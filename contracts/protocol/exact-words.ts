import { formatUnits } from "viem";
import { FOR_EVER } from "./for-ever.ts";

/** Last second of the year 9999, after which a date is no text that people read. */
const LAST_DATE = 253_402_300_799n;
const ONE_UNIT = 10n ** 9n;
const DURATIONS = [
  [86_400n, "d"],
  [3_600n, "h"],
  [60n, "min"],
  [1n, "s"],
] as const;

/** A number with thousands apart: 12,000. */
export function countWords(value: bigint): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ",");
}

/** A number with what it counts, in the singular as the noun comes: "1 byte", "12,000 bytes". */
export function countedWords(count: bigint | number, noun: string, plural = `${noun}s`): string {
  return `${countWords(BigInt(count))} ${BigInt(count) === 1n ? noun : plural}`;
}

/** An amount with every decimal that it has: what is voted on is never rounded. */
export function unitsWords(units: bigint, { symbol, decimals }: { symbol: string; decimals: number }): string {
  const [whole = "0", fraction] = formatUnits(units, decimals).split(".");
  return `${countWords(BigInt(whole))}${fraction ? `.${fraction}` : ""} ${symbol}`;
}

/** MESH wei with every decimal. */
export function meshWords(wei: bigint): string {
  return unitsWords(wei, { symbol: "MESH", decimals: 18 });
}

/** Units of the identity house with every decimal: the root of 1 MESH is 1 unit. */
export function votingUnitsWords(units: bigint): string {
  return unitsWords(units, { symbol: units === ONE_UNIT ? "unit" : "units", decimals: 9 });
}

/** The chain's coin with every decimal. */
export function coinWords(wei: bigint): string {
  return unitsWords(wei, { symbol: "ETH", decimals: 18 });
}

/** A length of time to the second. */
export function durationWords(seconds: bigint): string {
  const parts: string[] = [];
  let rest = seconds;
  for (const [size, unit] of DURATIONS) {
    if (rest >= size) parts.push(`${countWords(rest / size)} ${unit}`);
    rest %= size;
  }
  return parts.join(" ") || "0 s";
}

/** Basis points as a percentage, exact. */
export function percentWords(basisPoints: bigint | number): string {
  return `${formatUnits(BigInt(basisPoints), 2)} %`;
}

/** A moment in UTC to the second. */
export function momentWords(unixSeconds: bigint): string {
  if (unixSeconds >= FOR_EVER) return "never";
  if (unixSeconds > LAST_DATE) return `second ${countWords(unixSeconds)} after 1970`;
  return `${new Date(Number(unixSeconds) * 1_000).toISOString().slice(0, 19).replace("T", " ")} UTC`;
}
