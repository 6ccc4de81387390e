import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import type { Hex } from "viem";
import { decodeFunctionData, hexToBytes, toFunctionSelector } from "viem/utils";
import type { ChallengeRecord } from "../chain/dispute-records.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { ServedLeaf } from "./leaf-source.ts";

const RESPOND = toFunctionSelector(
  attestationDisputesAbi.find((item) => item.type === "function" && item.name === "respond")!,
);

/**
 * The leaf that an answer showed, with its Merkle proof from the transaction's data: also when the answer was sent through
 * another contract, as long as the call is in there as it is.
 *
 * @returns undefined when the data has no such call.
 */
export async function answeredLeaf(
  chain: Pick<ChainFollower, "request">,
  { answer, answeredAt, nodeIndex }: ChallengeRecord,
): Promise<(ServedLeaf & { proof: readonly Hex[] }) | undefined> {
  if (!answer || !answeredAt) return undefined;
  const sent = await chain.request("eth_getTransactionByHash", [answeredAt.transactionHash]);
  const input = (sent as { input?: Hex } | null)?.input ?? "0x";
  const signature = hexToBytes(answer.signature);
  for (let at = input.indexOf(RESPOND.slice(2)); at >= 0; at = input.indexOf(RESPOND.slice(2), at + 1)) {
    const proof = proofIn(`0x${input.slice(at)}`);
    if (proof) return { nodeIndex, attestation: answer.attestation, signature, proof };
  }
  return undefined;
}

function proofIn(data: Hex): readonly Hex[] | undefined {
  try {
    const call = decodeFunctionData({ abi: attestationDisputesAbi, data });
    return call.functionName === "respond" ? call.args[4] : undefined;
  } catch {
    return undefined;
  }
}
