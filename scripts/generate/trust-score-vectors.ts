import {
  decayedRatio,
  FULL_BP,
  qualityBp,
  ratioBp,
  trustScore,
  TrustWeights,
} from "@pqmesh/contracts/protocol/trust-score";

/** Histories of a node: for each epoch a quality byte, or null when it was absent. */
const histories: Record<string, (number | null)[]> = {
  "no epoch": [],
  "one perfect epoch": [255],
  "one absent epoch": [null],
  "100 perfect epochs": Array.from({ length: 100 }, () => 255),
  "perfect, then away": [...Array.from({ length: 300 }, () => 255), ...Array.from({ length: 60 }, () => null)],
  "every third epoch absent": Array.from({ length: 240 }, (_, i) => (i % 3 === 0 ? null : 200)),
  "quality that wanders": Array.from({ length: 500 }, (_, i) => (i * 7919) % 256),
  "attested without a heartbeat": Array.from({ length: 50 }, () => 0),
};

const policies = [
  { halfLifeEpochs: 1, attestedBp: 6_000, behaviourBp: 3_000, auditBp: 1_000 },
  { halfLifeEpochs: 1_440, attestedBp: 5_000, behaviourBp: 3_000, auditBp: 2_000 },
  { halfLifeEpochs: 10_080, attestedBp: 6_000, behaviourBp: 3_000, auditBp: 1_000 },
  { halfLifeEpochs: 1_000_000, attestedBp: 0, behaviourBp: 10_000, auditBp: 0 },
];

const audits = [0, 1, 9_999, FULL_BP];

/** Trust Scores of whole histories, and single steps at the ends of their ranges. */
export function trustScoreVectors(): object {
  const scores = Object.entries(histories).flatMap(([name, epochs], at) =>
    policies.map((policy) => {
      const auditBp = audits[at % audits.length] ?? 0;
      return {
        name,
        epochs: epochs.map((quality) => quality ?? -1),
        policy,
        auditBp,
        ...scoreOf(epochs, policy, auditBp),
      };
    }),
  );
  const ends = [0, 1, 499_999, 500_000, 999_999, 1_000_000];
  const steps = ends.flatMap((previous) =>
    [-1, 0, 5_000, FULL_BP, FULL_BP + 1].flatMap((sampleBp) =>
      [0, 1, 1_440, 1_000_000, 1_000_001].map((halfLifeEpochs) => {
        return { previous, sampleBp, halfLifeEpochs, next: decayedRatio(previous, sampleBp, halfLifeEpochs) };
      }),
    ),
  );
  return { scores, steps };
}

function scoreOf(
  epochs: (number | null)[],
  policy: (typeof policies)[number],
  auditBp: number,
): { attestedRatio: number; behaviourRatio: number; score: number } {
  let attestedRatio = 0;
  let behaviourRatio = 0;
  for (const quality of epochs) {
    attestedRatio = decayedRatio(attestedRatio, quality === null ? 0 : FULL_BP, policy.halfLifeEpochs);
    behaviourRatio = decayedRatio(behaviourRatio, quality === null ? 0 : qualityBp(quality), policy.halfLifeEpochs);
  }
  const weights = new TrustWeights(policy.attestedBp, policy.behaviourBp, policy.auditBp);
  const score = trustScore(ratioBp(attestedRatio), ratioBp(behaviourRatio), auditBp, weights);
  return { attestedRatio, behaviourRatio, score };
}
