import { attestationBridgeAbi } from "@pqmesh/contracts/generated/attestation-bridge-abi";
import type { Hex } from "viem";
import { decodeFunctionResult, encodeFunctionData } from "viem/utils";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { Intent, IntentKind } from "./intent.ts";

const KIND = "gap";
/** Epochs that a report passes over by itself: about 90 gas each, beside its own. */
const MOST_PASSED_OVER = 20_000n;
/** Epochs marked by one transaction: about 9 million gas, a little more than half of what a transaction may use. */
const PIECE = 100_000n;

/**
 * The intents that mark epochs as unreported, in order, until few enough are left for a report to pass over.
 *
 * @param next First epoch of the shard that the bridge has not settled.
 * @param epoch Epoch to be reported.
 */
export function gapIntents(bridge: Hex, shard: number, { next, epoch }: { next: bigint; epoch: bigint }): Intent[] {
  const intents: Intent[] = [];
  for (let from = next; epoch - from > MOST_PASSED_OVER; from += PIECE) {
    const count = epoch - from < PIECE ? epoch - from : PIECE;
    const args = [shard, count] as const;
    const data = encodeFunctionData({ abi: attestationBridgeAbi, functionName: "markUnreported", args });
    intents.push({ kind: KIND, key: `${shard}:${from + count}`, to: bridge, data });
  }
  return intents;
}

/** First epoch of a shard that the bridge has not settled. */
export async function nextEpochOf(
  { bridge, request }: Pick<ChainFollower, "bridge" | "request">,
  shard: number,
): Promise<bigint> {
  const call = { abi: attestationBridgeAbi, functionName: "nextEpoch" } as const;
  const data = (await request("eth_call", [
    { to: bridge, data: encodeFunctionData({ ...call, args: [shard] }) },
    "latest",
  ])) as Hex;
  return decodeFunctionResult({ ...call, data });
}

/** Judges gap intents: they have served once a report of a later epoch is accepted. */
export function gapKind(chain: ChainFollower): IntentKind {
  return {
    name: KIND,
    judge(key) {
      const [shard, until] = key.split(":") as [string, string];
      const newest = chain.newestReportedEpoch(Number(shard));
      const accepted = newest !== undefined && newest >= BigInt(until) && chain.acceptedReport(Number(shard), newest);
      if (!accepted) return { state: "wanted" };
      const { blockNumber, transactionHash } = accepted;
      return { state: "achieved", blockNumber, transactionHash };
    },
  };
}
