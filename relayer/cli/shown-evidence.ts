import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import type { Abi, Address, Hex } from "viem";
import { claimOf } from "../src/disputes/evidence-intents.ts";
import { sendCall, type WalletSession } from "./transaction.ts";

/** Blocks between claim and proof. */
const CLAIM_BLOCKS = 2n;
/** Milliseconds between two looks at the chain's head. */
const LOOK_MS = 500;

/** Announces evidence, waits two blocks, then shows it by a call to its judge. @returns Hashes of both transactions. */
export async function claimAndShow(
  session: WalletSession,
  { evidence, salt }: { evidence: Hex; salt: Hex },
  shown: { address: Address; abi: Abi; functionName: string; args: readonly unknown[] },
): Promise<Hex[]> {
  const { client, account } = session;
  const claim = claimOf({ judge: shown.address, claimant: account.address, evidence, salt });
  const announced = { address: shown.address, abi: attestationDisputesAbi as Abi, functionName: "claimEvidence" };
  const claimed = await sendCall(session, { ...announced, args: [claim] });
  while ((await client.getBlockNumber({ cacheTime: 0 })) < claimed.blockNumber + CLAIM_BLOCKS) {
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
  const proven = await sendCall(session, shown);
  return [claimed.transactionHash, proven.transactionHash];
}
