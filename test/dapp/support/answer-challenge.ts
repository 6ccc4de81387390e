import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { bytesToHex, encodeFunctionData } from "viem";
import { testAccount } from "../../helpers/anvil.ts";
import type { DappNetwork } from "./dapp-network.ts";

/** Account that answers: the operator of every node. */
export const RESPONDER = testAccount(0);

/** Shows the leaf that a challenge asks for, as a responder does. */
export async function answerChallenge(
  { chain, driver, config }: DappNetwork,
  { id, nodeIndex, epoch }: { id: number; nodeIndex: number; epoch: number },
): Promise<void> {
  const { attestations, tree } = driver.epochs.get(epoch)!;
  const { attestation, signature } = attestations.get(nodeIndex)!;
  const data = encodeFunctionData({
    abi: attestationDisputesAbi,
    functionName: "respond",
    args: [BigInt(id), 0n, attestation, bytesToHex(signature), tree.proof(nodeIndex) as never],
  });
  await chain.send({ from: RESPONDER.address, to: config.contracts.AttestationDisputes, data });
}
