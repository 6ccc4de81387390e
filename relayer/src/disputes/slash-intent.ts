import { relayerCommitteeAbi } from "@pqmesh/contracts/generated/relayer-committee-abi";
import type { Address } from "viem";
import { encodeFunctionData } from "viem/utils";
import type { ChainFollower } from "../chain/follow-chain.ts";
import type { Intent, IntentKind } from "../submit/intent.ts";

const KIND = "pay-slash";

/** The intent to pay out slashed funds whose delay is over. */
export function paySlashIntent(committee: Address, slashId: bigint): Intent {
  const data = encodeFunctionData({ abi: relayerCommitteeAbi, functionName: "paySlash", args: [slashId] });
  return { kind: KIND, key: `${slashId}`, to: committee, data };
}

/** Judges such intents: achieved once the funds are paid out or given back, by anyone. */
export function paySlashKind(chain: ChainFollower): IntentKind {
  return {
    name: KIND,
    judge(key) {
      const slash = chain.disputes.slash(BigInt(key));
      if (!slash) return { state: "void", reason: "the slash is not on the chain any more" };
      return slash.settledAt ? { state: "achieved", ...slash.settledAt } : { state: "wanted" };
    },
  };
}
