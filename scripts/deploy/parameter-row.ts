/** One governed number: what it means, its value at deployment and the limits that hold for ever. */
export interface ParameterRow {
  id: string;
  unit: string;
  value: bigint;
  min: bigint;
  max: bigint;
  /** Seconds between a change and its effect. */
  notice: number;
  reason: string;
}

/** Kind of network a table is for. */
export type NetworkKind = "production" | "devnet";

/** What the devnet's short delays and the horizon are computed from. */
export interface RowSchedule {
  epochSeconds: number;
  horizonSeconds: number;
}

/** A row for both kinds of network. */
export interface RowSpec {
  id: string;
  unit: string;
  production: { value: bigint; min: bigint; max: bigint; notice: number };
  /** Value on a devnet, where every lower bound is the smallest that makes sense. */
  devnet: { value: bigint; min: bigint };
  reason: string;
}

/** Seconds of an hour. */
export const HOUR = 3_600;
/** Seconds of a day. */
export const DAY = 24 * HOUR;
/** One MESH in wei. */
export const MESH = 10n ** 18n;

/** Seconds as a parameter has them. */
export const seconds = (value: number): bigint => BigInt(value);

/** A delay whose devnet value is a number of epochs. */
export function delay(
  id: string,
  [value, min, max]: [number, number, number],
  devnetSeconds: number,
  reason: string,
): RowSpec {
  return {
    id,
    unit: "seconds",
    production: { value: seconds(value), min: seconds(min), max: seconds(max), notice: 7 * DAY },
    devnet: { value: seconds(devnetSeconds), min: 1n },
    reason,
  };
}

/** A delay that may be nothing on every network. */
export function grace(id: string, [value, min, max]: [number, number, number], reason: string): RowSpec {
  const production = { value: seconds(value), min: seconds(min), max: seconds(max), notice: DAY };
  return { id, unit: "seconds", production, devnet: { value: 0n, min: 0n }, reason };
}

/** A number that cannot be changed, listed because orderings refer to it. */
export function fixed(id: string, unit: string, value: bigint, reason: string): RowSpec {
  return { id, unit, production: { value, min: value, max: value, notice: 0 }, devnet: { value, min: value }, reason };
}

/** A number that is the same on every network. */
export function number(
  id: string,
  unit: string,
  production: { value: bigint; min: bigint; max: bigint },
  reason: string,
): RowSpec {
  const { value, min } = production;
  return { id, unit, production: { ...production, notice: DAY }, devnet: { value, min }, reason };
}
