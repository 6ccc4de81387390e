import { ratioBp, trustScore, TrustWeights } from "@pqmesh/contracts/protocol/trust-score";
import { type NetworkParameterTable, parameterValue } from "./network-parameters.ts";
import type { TrustInputs } from "./network-view.ts";

/** One input of a Trust Score with its weight and what it adds, all in basis points. */
export interface TrustPart {
  name: string;
  meaning: string;
  inputBp: number;
  weightBp: number;
}

/** A Trust Score taken apart and computed again in this browser. */
export interface TrustBreakdown {
  parts: TrustPart[];
  scoreBp: number;
  halfLifeEpochs: number;
}

/** Recomputes a score from its inputs with the weights in force, by the same module that the indexer runs. */
export function breakDownTrust(inputs: TrustInputs, table: NetworkParameterTable): TrustBreakdown {
  const weight = (name: string): number => Number(parameterValue(table, name));
  const attestedBp = ratioBp(inputs.attestedRatio);
  const behaviourBp = ratioBp(inputs.behaviourRatio);
  const weights = new TrustWeights(
    weight("trustWeightAttestedBp"),
    weight("trustWeightBehaviourBp"),
    weight("trustWeightAuditBp"),
  );
  const part = (name: string, meaning: string, inputBp: number, weightBp: number): TrustPart => {
    return { name, meaning, inputBp, weightBp };
  };
  return {
    parts: [
      part("Attested", "share of epochs with a valid attestation, old ones fading", attestedBp, weights.attestedBp),
      part(
        "Behaviour",
        "heartbeats and jitter as the committee reported them, fading",
        behaviourBp,
        weights.behaviourBp,
      ),
      part("Audit", "full marks less slashes and breached leases", inputs.auditBp, weights.auditBp),
    ],
    scoreBp: trustScore(attestedBp, behaviourBp, inputs.auditBp, weights),
    halfLifeEpochs: weight("trustHalfLifeEpochs"),
  };
}
