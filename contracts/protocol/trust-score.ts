// Trust Score: a pure integer function of public events (PROTOCOL: section "Attestations").
// Written in the portable subset of AssemblyScript, so that the subgraph's mappings and every TypeScript program compile this
// same file. `i32` is a 32-bit integer; every division is followed by `| 0`, which truncates in both languages.
// All intermediate values stay below 2^31: the largest product is 10,000 × 10,000 × 3 or 1,000,000 × 694.

/** Parts of the decayed ratios per basis point: ratios are kept in millionths. */
const MILLIONTHS_PER_BP: i32 = 100;

/** What a slash costs of the audit input in basis points. */
const SLASH_COST_BP: i32 = 1000;

/** What a word with breaches costs of the audit input in basis points. */
const BREACH_COST_BP: i32 = 200;

/** Largest score and largest ratio in basis points. */
export const FULL_BP: i32 = 10000;

/**
 * One step of an exponentially decayed ratio.
 *
 * @param previous Ratio so far in millionths, 0 to 1,000,000; a node starts at 0.
 * @param sampleBp What this epoch showed in basis points, 0 to 10,000; larger values count as 10,000.
 * @param halfLifeEpochs Epochs after which an old sample counts half; at least 1.
 * @returns New ratio in millionths. Moves by at least 1 until it reaches the sample, never past it, and is monotone in
 * both `previous` and `sampleBp`.
 */
export function decayedRatio(previous: i32, sampleBp: i32, halfLifeEpochs: i32): i32 {
  const capped: i32 = sampleBp > FULL_BP ? FULL_BP : sampleBp < 0 ? 0 : sampleBp;
  const target: i32 = capped * MILLIONTHS_PER_BP;
  const divisor: i32 = (halfLifeEpochs < 1 ? 1 : halfLifeEpochs > 1000000 ? 1000000 : halfLifeEpochs) * 1000;
  const distance: i32 = target > previous ? target - previous : previous - target;
  const product: i32 = distance * 694;
  let step: i32 = (product / divisor) | 0;
  if (step * divisor < product) step += 1;
  return target > previous ? previous + step : previous - step;
}

/** Millionths as basis points, rounded down. */
export function ratioBp(millionths: i32): i32 {
  return (millionths / MILLIONTHS_PER_BP) | 0;
}

/** Quality byte of a report (0 to 255) as basis points, rounded down. */
export function qualityBp(quality: i32): i32 {
  return ((quality * FULL_BP) / 255) | 0;
}

/**
 * Audit input in basis points: full marks less 1,000 for each slash and 200 for each word of 256 epochs in which leases were
 * breached, nothing for a node that is barred for ever.
 *
 * @param slashes Slashes of the node that were not pardoned, at least 0.
 * @param breachedWords Words in which the terms of a lease of the node were broken, however many leases, at least 0.
 * @param isBarred True while the node is jailed for ever.
 */
export function auditAfter(slashes: i32, breachedWords: i32, isBarred: boolean): i32 {
  const cost: i32 = slashes * SLASH_COST_BP + breachedWords * BREACH_COST_BP;
  return isBarred || cost >= FULL_BP ? 0 : FULL_BP - cost;
}

/**
 * Trust Score in basis points, 0 to 10,000, rounded down.
 *
 * @param attestedBp Decayed share of epochs attested.
 * @param behaviourBp Decayed quality (heartbeat ratio, jitter).
 * @param auditBp What {@link auditAfter} says.
 * @param weights Weights of the three inputs in basis points; their sum is 10,000.
 */
export function trustScore(attestedBp: i32, behaviourBp: i32, auditBp: i32, weights: TrustWeights): i32 {
  const sum: i32 = attestedBp * weights.attestedBp + behaviourBp * weights.behaviourBp + auditBp * weights.auditBp;
  const score: i32 = (sum / FULL_BP) | 0;
  return score > FULL_BP ? FULL_BP : score;
}

/** Weights of the three inputs of the Trust Score in basis points: DAO parameters. */
export class TrustWeights {
  attestedBp: i32;
  behaviourBp: i32;
  auditBp: i32;

  constructor(attestedBp: i32, behaviourBp: i32, auditBp: i32) {
    this.attestedBp = attestedBp;
    this.behaviourBp = behaviourBp;
    this.auditBp = auditBp;
  }
}
