import { type Attestation, hasSoundLink } from "@pqmesh/contracts/protocol/attestation";
import { shardOf } from "@pqmesh/contracts/protocol/report";
import type { ChainView } from "./chain-view.ts";

/** What can be wrong with a leaf, numbered as `IAttestationDisputes.Flaw` counts. */
export const FLAWS = [
  "position",
  "node",
  "epoch",
  "domain",
  "inactive",
  "absent",
  "beacon",
  "sequence",
  "measurement",
  "signature",
] as const;

/** What can be wrong with a leaf. */
export type FlawName = (typeof FLAWS)[number];

/** A flaw, and a sentence that says what was found. */
export interface LeafFlaw {
  flaw: FlawName;
  sentence: string;
}

/** What an attestation must stand for. */
interface LeafPlace {
  nodeIndex: number;
  epoch: bigint;
}

/** The part of a chain view that decides about leaves. */
type LeafRulebook = Pick<ChainView, "isActive" | "isBeaconValid" | "isMeasurementApproved" | "keyAt">;

/** What of an attestation decides; the rest is the node's own word. */
type LeafClaim = Pick<Attestation, "nodeIndex" | "epoch" | "sequence" | "previous" | "beacon" | "measurement">;

type Rule = (chain: LeafRulebook, place: LeafPlace, attestation: LeafClaim) => string | undefined;

/** The rules that need neither tree nor signature, cheapest first. */
const RULES: readonly [FlawName, Rule][] = [
  [
    "node",
    (_, { nodeIndex }, attestation) => {
      return attestation.nodeIndex === nodeIndex ? undefined : `it names node ${attestation.nodeIndex}`;
    },
  ],
  [
    "epoch",
    (_, { epoch }, attestation) => (attestation.epoch === epoch ? undefined : `it is for epoch ${attestation.epoch}`),
  ],
  [
    "inactive",
    (chain, { nodeIndex, epoch }) => {
      const isActive = chain.isActive(nodeIndex, epoch) && chain.keyAt(nodeIndex, epoch) !== undefined;
      return isActive ? undefined : `the node is not active in epoch ${epoch}`;
    },
  ],
  [
    "beacon",
    (chain, { nodeIndex, epoch }, { beacon }) => {
      const isValid = chain.isBeaconValid(shardOf(nodeIndex), epoch, beacon);
      return isValid ? undefined : `beacon ${beacon} is none of the eight epochs before epoch ${epoch}`;
    },
  ],
  [
    "sequence",
    (_chain, _place, attestation) => {
      const { sequence, previous } = attestation;
      return hasSoundLink(attestation) ? undefined : `sequence ${sequence} has previous ${previous}`;
    },
  ],
  [
    "measurement",
    (chain, { epoch }, { measurement }) => {
      const isApproved = chain.isMeasurementApproved(measurement, epoch);
      return isApproved ? undefined : `build ${measurement} is not approved in epoch ${epoch}`;
    },
  ],
];

/**
 * Why an attestation is no valid leaf of its place, as far as the chain decides it without a signature check; undefined
 * when nothing is wrong. Ingest, committee and watchtower all ask here, so that no member signs what others could disprove.
 */
export function flawOf(chain: LeafRulebook, place: LeafPlace, attestation: LeafClaim): LeafFlaw | undefined {
  for (const [flaw, rule] of RULES) {
    const sentence = rule(chain, place, attestation);
    if (sentence) return { flaw, sentence };
  }
  return undefined;
}
