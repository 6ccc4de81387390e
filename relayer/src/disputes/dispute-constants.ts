import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import type { Address, Hex } from "viem";
import { decodeFunctionResult, encodeFunctionData } from "viem/utils";
import type { ChainFollower } from "../chain/follow-chain.ts";

/** What a deployment fixed about disputes. */
export interface DisputeConstants {
  /** Seconds in which an open challenge must be answered, and in which an answer can be disproven. */
  answerSeconds: bigint;
  /** Epochs after an epoch's end in which its leaves can be challenged. */
  challengeEpochs: bigint;
}

/** Reads what never changes about disputes. */
export async function readDisputeConstants(chain: ChainFollower, disputes: Address): Promise<DisputeConstants> {
  const read = async (functionName: "answerPeriod" | "challengeDeadline", args: readonly [] | readonly [bigint]) => {
    const data = encodeFunctionData({ abi: attestationDisputesAbi, functionName, args });
    const answer = (await chain.request("eth_call", [{ to: disputes, data }, "latest"])) as Hex;
    return decodeFunctionResult({ abi: attestationDisputesAbi, functionName, data: answer });
  };
  const [answerSeconds, deadline] = await Promise.all([read("answerPeriod", []), read("challengeDeadline", [0n])]);
  return { answerSeconds, challengeEpochs: chain.epochAt(deadline) - 1n };
}
