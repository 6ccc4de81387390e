import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import type { Hex } from "viem";
import { encodeFunctionData } from "viem/utils";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { Intent, IntentKind } from "../submit/intent.ts";

const KIND = "commit-attestation";

/** The intent to put the hash of a node's attestation on chain before the report deadline. */
export function commitIntent(bridge: Hex, attested: { nodeIndex: number; epoch: bigint; digest: Hex }): Intent {
  const { nodeIndex, epoch, digest } = attested;
  const args = [nodeIndex, epoch, digest] as const;
  const data = encodeFunctionData({ abi: attestationBridgeAbi, functionName: "commitAttestation", args });
  return { kind: KIND, key: `${nodeIndex}:${epoch}`, to: bridge, data };
}

/** Judges such intents: achieved by any hash of the node and epoch, since it cannot be replaced; void after the deadline. */
export function commitKind(chain: ChainFollower): IntentKind {
  return {
    name: KIND,
    isUrgent: true,
    judge(key) {
      const [nodeIndex, epoch] = key.split(":") as [string, string];
      const committed = chain.ownEpochs.committed(Number(nodeIndex), BigInt(epoch));
      if (committed) {
        return { state: "achieved", blockNumber: committed.blockNumber, transactionHash: committed.transactionHash };
      }
      const last = BigInt(epoch) + chain.reportWindowEpochs;
      if (chain.epochAt(chain.head().timestamp) <= last) return { state: "wanted" };
      return { state: "void", reason: `the report deadline of epoch ${epoch} passed with epoch ${last}` };
    },
  };
}
