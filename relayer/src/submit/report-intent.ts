import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import type { Report } from "@pqmesh/contracts/protocol/report";
import type { Hex } from "viem";
import { concatHex, encodeFunctionData } from "viem/utils";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { Intent, IntentKind } from "./intent.ts";

const KIND = "report";

/** Name and key of the intent that reports an epoch of a shard. */
export function reportIntentId(shard: number, epoch: bigint): Pick<Intent, "kind" | "key"> {
  return { kind: KIND, key: `${shard}:${epoch}` };
}

/**
 * The intent to get a signed report onto the chain.
 *
 * @param signatures ECDSA signature (65 bytes) by seat.
 */
export function reportIntent(bridge: Hex, report: Report, signatures: ReadonlyMap<number, Hex>): Intent {
  const seats = [...signatures.keys()].sort((a, b) => a - b);
  const signers = seats.reduce((bits, seat) => bits | (1n << BigInt(seat)), 0n);
  const joined = concatHex(seats.map((seat) => signatures.get(seat)!));
  const args = [report, signers, joined] as const;
  const data = encodeFunctionData({ abi: attestationBridgeAbi, functionName: "submitReport", args });
  return { ...reportIntentId(report.shard, report.epoch), to: bridge, data };
}

/** Judges report intents: achieved by any accepted report of the epoch, void after the report window. */
export function reportKind(chain: ChainFollower): IntentKind {
  return {
    name: KIND,
    judge(key) {
      const [shard, epoch] = key.split(":") as [string, string];
      const accepted = chain.acceptedReport(Number(shard), BigInt(epoch));
      if (accepted) {
        const { blockNumber, transactionHash } = accepted;
        return { state: "achieved", blockNumber, transactionHash };
      }
      const lastEpoch = BigInt(epoch) + chain.reportWindowEpochs;
      const headEpoch = chain.epochAt(chain.head().timestamp);
      if (headEpoch <= lastEpoch) return { state: "wanted" };
      return { state: "void", reason: `the report window of epoch ${epoch} closed with epoch ${lastEpoch}` };
    },
  };
}
