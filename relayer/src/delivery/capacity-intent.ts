import { nodeListingsAbi } from "@pqmesh/contracts/generated/node-listings-abi";
import type { SignedAttestation } from "@pqmesh/contracts/protocol/attestation";
import type { Address, Hex } from "viem";
import { encodeFunctionData, keccak256 } from "viem/utils";
import type { AcceptedReport } from "../chain/chain-view.ts";
import { summaryOf } from "../disputes/evidence-intents.ts";
import type { Intent, IntentKind } from "../submit/intent.ts";

const KIND = "show-capacity";

/** An attestation with its place in an accepted report. */
export interface ShownAttestation {
  signed: SignedAttestation;
  report: AcceptedReport;
  /** Siblings of its leaf. */
  proof: readonly Hex[];
}

/** The intent to show which shares of its resources a node attests. */
export function capacityIntent(listings: Address, { signed, report, proof }: ShownAttestation): Intent {
  const { attestation, signature } = signed;
  const data = encodeFunctionData({
    abi: nodeListingsAbi,
    functionName: "showCapacity",
    args: [summaryOf(report), attestation, keccak256(signature), proof as unknown as NineHashes],
  });
  return { kind: KIND, key: `${attestation.epoch}`, to: listings, data };
}

/** Judges such intents. @param shownUntil Epoch of the newest attestation that the chain was shown, as far as it is known. */
export function capacityKind(shownUntil: () => bigint | undefined): IntentKind {
  return {
    name: KIND,
    judge(epoch) {
      const shown = shownUntil();
      if (shown === undefined || shown < BigInt(epoch)) return { state: "wanted" };
      return { state: "over", reason: `an attestation of epoch ${shown} is shown` };
    },
  };
}

type NineHashes = readonly [Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex, Hex];
