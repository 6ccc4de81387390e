import { usageError } from "./output.ts";

const SECONDS: Readonly<Record<string, bigint>> = { s: 1n, min: 60n, h: 3_600n, d: 86_400n };

/** Reads a length of time in seconds from "7 d", "1 h 30 min" or "90 s". @throws CliError naming the field. */
export function durationArgument(name: string, text: string): bigint {
  const parts = [...text.trim().matchAll(/([0-9]{1,10}) *(d|h|min|s)(?![a-z])/g)];
  const isWhole = text.replace(/([0-9]{1,10}) *(d|h|min|s)(?![a-z])/g, "").trim() === "";
  if (parts.length > 0 && isWhole) {
    return parts.reduce((sum, [, count = "0", unit = "s"]) => sum + BigInt(count) * (SECONDS[unit] ?? 0n), 0n);
  }
  const found = text.trim() === "" ? "is empty" : `is "${text.length > 40 ? "…" : text}"`;
  throw usageError(`${name} ${found}, it must be a length of time, for example "7 d" or "1 h 30 min"`);
}
