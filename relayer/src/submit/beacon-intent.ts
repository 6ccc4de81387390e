import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import type { Hex } from "viem";
import { encodeFunctionData } from "viem/utils";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { Intent, IntentKind } from "./intent.ts";

const KIND = "beacon";

/** Name and key of the intent that records a beacon in an epoch. */
export function beaconIntentId(epoch: bigint): Pick<Intent, "kind" | "key"> {
  return { kind: KIND, key: `${epoch}` };
}

/** The intent to record the hash of a block as the beacon of the running epoch. */
export function beaconIntent(bridge: Hex, epoch: bigint, blockNumber: bigint): Intent {
  const data = encodeFunctionData({ abi: attestationBridgeAbi, functionName: "recordBeacon", args: [blockNumber] });
  return { ...beaconIntentId(epoch), to: bridge, data };
}

/** Judges beacon intents: achieved by any beacon of the epoch, void once the epoch is over. */
export function beaconKind(chain: ChainFollower): IntentKind {
  return {
    name: KIND,
    judge(key) {
      const recorded = chain.recordedBeacon(BigInt(key));
      if (recorded) {
        const { blockNumber, transactionHash } = recorded;
        return { state: "achieved", blockNumber, transactionHash };
      }
      if (chain.epochAt(chain.head().timestamp) <= BigInt(key)) return { state: "wanted" };
      return { state: "void", reason: `epoch ${key} is over` };
    },
  };
}
