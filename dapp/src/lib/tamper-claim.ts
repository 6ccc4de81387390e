import type { Hex } from "viem";
import type { ServedClaim } from "@pqmesh/contracts/protocol/attestation-claim";

/** Parts of a claim in which a bit can be changed to watch the checks fail. */
export const TAMPERED_PARTS = ["statement", "signature", "proof", "report"] as const;

/** A part of a claim. */
export type TamperedPart = (typeof TAMPERED_PARTS)[number];

/** The claim with one bit changed: what a lying relayer could serve. */
export function tamperClaim(claim: ServedClaim, part: TamperedPart): ServedClaim {
  switch (part) {
    case "statement":
      return { ...claim, attestation: { ...claim.attestation, cpuLoadBp: claim.attestation.cpuLoadBp ^ 1 } };
    case "signature":
      return { ...claim, signature: flipLastBit(claim.signature) };
    case "proof":
      return { ...claim, proof: claim.proof.map((sibling, i) => (i === 0 ? flipLastBit(sibling) : sibling)) };
    case "report":
      return { ...claim, report: { ...claim.report, beacon: flipLastBit(claim.report.beacon) } };
  }
}

function flipLastBit(hex: Hex): Hex {
  const last = (Number.parseInt(hex.slice(-1), 16) ^ 1).toString(16);
  return `${hex.slice(0, -1)}${last}` as Hex;
}
