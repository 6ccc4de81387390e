/** What a relayer measured of a node's heartbeats in one epoch. */
export interface HeartbeatStats {
  /** Heartbeats received. */
  received: number;
  /** Heartbeats expected from the announced interval; at least 1. */
  expected: number;
  /** Mean absolute deviation of the gaps between heartbeats from the announced interval, microseconds. */
  jitterMicros: number;
  /** Announced interval between heartbeats, microseconds. */
  intervalMicros: number;
}

/**
 * Behaviour of a node in an epoch as one byte: 255 × heartbeat ratio × (1 − jitter penalty), rounded down.
 * The penalty is jitter ÷ interval, at most one half. More heartbeats or less jitter never lowers it.
 */
export function qualityByte({ received, expected, jitterMicros, intervalMicros }: HeartbeatStats): number {
  const ratioBp = Math.min(10_000, Math.floor((received * 10_000) / Math.max(1, expected)));
  const penaltyBp = Math.min(5_000, Math.floor((jitterMicros * 10_000) / Math.max(1, intervalMicros)));
  return Math.floor((255 * ratioBp * (10_000 - penaltyBp)) / 100_000_000);
}
