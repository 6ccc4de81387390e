// Lets a test call the Trust Score as the subgraph's mappings compile it.
import { TrustWeights, decayedRatio, qualityBp, ratioBp, trustScore } from "./trust-score";

export function step(previous: i32, sampleBp: i32, halfLifeEpochs: i32): i32 {
  return decayedRatio(previous, sampleBp, halfLifeEpochs);
}

export function quality(byte: i32): i32 {
  return qualityBp(byte);
}

export function ratio(millionths: i32): i32 {
  return ratioBp(millionths);
}

export function score(attested: i32, behaviour: i32, audit: i32, weightA: i32, weightB: i32, weightC: i32): i32 {
  return trustScore(attested, behaviour, audit, new TrustWeights(weightA, weightB, weightC));
}
