import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { hashAttestation } from "@pqmesh/contracts/protocol/attestation";
import { attestationLeaf, verifyReportLeaf } from "@pqmesh/contracts/protocol/merkle";
import type { Hex } from "viem";
import { decodeFunctionData, hexToBytes, toFunctionSelector } from "viem/utils";
import type { ChallengeRecord } from "../chain/dispute-records.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { ServedLeaf } from "./leaf-source.ts";

const RESPOND = toFunctionSelector(
  attestationDisputesAbi.find((item) => item.type === "function" && item.name === "respond")!,
);

/** Hex digits of the longest call that is read: one with the signature of a leaf has 8,520. */
const CALL_DIGITS = 10_000;
/** Places in a transaction's data that are tried; whoever hides the call behind more pays for them and hides it. */
const MAX_PLACES = 64;

type View = Pick<ChainFollower, "request" | "chainId" | "bridge">;

/**
 * The leaf that an answer showed, with its Merkle proof from the transaction's data: also when the answer was sent through
 * another contract, as long as the call is in there as it is. What only looks like the call is passed over.
 *
 * @returns undefined when the data has no such call.
 * @throws Error when the chain node does not give the transaction.
 */
export async function answeredLeaf(
  chain: View,
  { answer, answeredAt, nodeIndex, root }: Pick<ChallengeRecord, "answer" | "answeredAt" | "nodeIndex" | "root">,
): Promise<(ServedLeaf & { proof: readonly Hex[] }) | undefined> {
  if (!answer || !answeredAt) return undefined;
  const sent = (await chain.request("eth_getTransactionByHash", [answeredAt.transactionHash])) as { input: Hex } | null;
  if (!sent) throw new Error(`the chain node does not know the transaction ${answeredAt.transactionHash} of an answer`);
  const { attestation } = answer;
  const signature = hexToBytes(answer.signature);
  const { chainId, bridge } = chain;
  const leaf = attestationLeaf(nodeIndex, hashAttestation({ chainId, bridge }, attestation), signature);
  const proof = proofsIn(sent.input).find((found) => verifyReportLeaf(root, nodeIndex, leaf, found));
  return proof && { nodeIndex, attestation, signature, proof };
}

function proofsIn(input: Hex): (readonly Hex[])[] {
  const selector = RESPOND.slice(2);
  const found: (readonly Hex[])[] = [];
  let at = input.indexOf(selector);
  for (let tried = 0; at >= 0 && tried < MAX_PLACES; tried++) {
    const proof = proofIn(`0x${input.slice(at, at + CALL_DIGITS)}`);
    if (proof) found.push(proof);
    at = input.indexOf(selector, at + 1);
  }
  return found;
}

function proofIn(data: Hex): readonly Hex[] | undefined {
  try {
    const call = decodeFunctionData({ abi: attestationDisputesAbi, data });
    return call.functionName === "respond" ? call.args[4] : undefined;
  } catch {
    return undefined;
  }
}
