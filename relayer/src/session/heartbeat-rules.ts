/** Bounds of the interval between heartbeats that a node may announce, milliseconds. */
export const SHORTEST_HEARTBEAT_MS = 500;
export const LONGEST_HEARTBEAT_MS = 5_000;

/** A node may send this many times what it announced; the rest is not counted. */
export const RATE_TOLERANCE = 2;

/** Heartbeats of a node that a relayer counts in one epoch at most. */
export function mostHeartbeats(epochLengthSeconds: number, intervalMs: number): number {
  return RATE_TOLERANCE * (Math.ceil((epochLengthSeconds * 1_000) / intervalMs) + 1);
}
