import { FOR_EVER } from "@pqmesh/contracts/protocol/for-ever";
import { formatEther, formatUnits } from "viem";
import { isoTime } from "./iso-time.ts";

const DECIMALS_SHOWN = 6;
const MINUTE = 60n;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

/** An amount of MESH for programs and for people. */
export interface MeshFigure {
  wei: bigint;
  mesh: string;
}

/** A moment for programs and for people; `days` is how far ahead it lies, negative when it has passed. */
export interface TimeFigure {
  unixSeconds: bigint;
  iso: string;
  days: number;
}

/** An amount for `--json`. */
export function meshFigure(wei: bigint): MeshFigure {
  return { wei, mesh: formatEther(wei) };
}

/** A moment for `--json`. @param now Time of the newest block, Unix seconds. */
export function timeFigure(at: bigint, now: bigint): TimeFigure {
  const seconds = Number(at - now);
  return { unixSeconds: at, iso: isoTime(at), days: Math.round((seconds / Number(DAY)) * 1_000) / 1_000 };
}

/** An amount as people read it: exact up to six decimals, otherwise cut and marked with "about". */
export function meshText(wei: bigint): string {
  const text = formatEther(wei);
  const [whole = "0", decimals = ""] = text.split(".");
  if (decimals.length <= DECIMALS_SHOWN) return `${text} MESH`;
  const cut = decimals.slice(0, DECIMALS_SHOWN);
  if (whole === "0" && Number(cut) === 0) return "less than 0.000001 MESH";
  return `about ${whole}.${cut} MESH`;
}

/** A length of time in its two largest units, for example "21 d" or "1 h 30 min". */
export function durationText(seconds: bigint): string {
  const units: [bigint, string][] = [
    [seconds / DAY, "d"],
    [(seconds % DAY) / HOUR, "h"],
    [(seconds % HOUR) / MINUTE, "min"],
    [seconds % MINUTE, "s"],
  ];
  const first = units.findIndex(([count]) => count > 0n);
  if (first < 0) return "0 s";
  const shown = units.slice(first, first + 2).filter(([count]) => count > 0n);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(" ");
}

/** Units of the identity house as people read them: the root of one MESH is 1. */
export function unitsText(units: bigint): string {
  return `${formatUnits(units, 9)} ${units === 10n ** 9n ? "unit" : "units"}`;
}

/** Units for `--json`. */
export function unitsFigure(units: bigint): { units: bigint; text: string } {
  return { units, text: unitsText(units) };
}

/** A moment as people read it, with how far ahead or back it lies. @param now Time of the newest block, Unix seconds. */
export function momentText(at: bigint, now: bigint): string {
  if (at >= FOR_EVER) return "never";
  if (at === now) return `${isoTime(at)} (now)`;
  return `${isoTime(at)} (${at < now ? `${durationText(now - at)} ago` : `in ${durationText(at - now)}`})`;
}

/** Basis points as people read them. */
export function percentText(bp: bigint | number): string {
  return `${Number(bp) / 100} %`;
}
