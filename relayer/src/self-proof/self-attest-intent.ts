import type { Address, Hex } from "viem";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { Intent, IntentKind } from "../submit/intent.ts";
import { standingOf } from "./epoch-standing.ts";

const KIND = "self-attest";

/** The intent to prove a run of epochs; `data` is the whole call. */
export function selfAttestIntent(
  selfAttestation: Address,
  run: { nodeIndex: number; epochs: readonly bigint[]; data: Hex },
): Intent {
  return { kind: KIND, key: `${run.nodeIndex}:${run.epochs.join(",")}`, to: selfAttestation, data: run.data };
}

/** Judges such intents: achieved when an epoch of the run was admitted, void when none of them is missing any more. */
export function selfAttestKind(chain: ChainFollower): IntentKind {
  return {
    name: KIND,
    judge(key) {
      const [node, list] = key.split(":") as [string, string];
      const [nodeIndex, epochs] = [Number(node), list.split(",").map(BigInt)];
      const place = epochs.map((epoch) => chain.ownEpochs.admitted(nodeIndex, epoch)).find(Boolean);
      if (place) {
        return { state: "achieved", blockNumber: place.blockNumber, transactionHash: place.transactionHash };
      }
      const isMissing = epochs.some((epoch) => standingOf(chain, nodeIndex, epoch) === "missing");
      return isMissing ? { state: "wanted" } : { state: "void", reason: "none of its epochs is missing any more" };
    },
  };
}
