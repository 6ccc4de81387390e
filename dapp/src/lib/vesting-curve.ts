import type { VestingView } from "./token-view.ts";

/** A point of a curve of vesting: Unix seconds and MESH wei. */
export interface VestingPoint {
  time: number;
  vested: bigint;
}

/** The corners of a vault's curve: nothing up to the cliff, what had gathered by then at once, a straight line to its end. */
export function vestingCurve({ start, cliff, end, total, atCliff }: VestingView): VestingPoint[] {
  const corners = [
    { time: start, vested: 0n },
    { time: cliff, vested: 0n },
    { time: cliff, vested: atCliff },
    { time: end, vested: total },
  ];
  return cliff > start ? corners : [corners[0]!, corners[3]!];
}

/** What has vested at a time (Unix seconds), MESH wei. */
export function vestedAt({ start, cliff, end, total }: VestingView, time: number): bigint {
  if (time < cliff) return 0n;
  if (time >= end) return total;
  return (total * BigInt(Math.floor(time) - start)) / BigInt(end - start);
}
