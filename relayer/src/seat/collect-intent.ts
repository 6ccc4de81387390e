import { committeeFeesAbi } from "@pqmesh/contracts/generated/committee-fees-abi";
import type { Address } from "viem";
import { encodeFunctionData } from "viem/utils";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { summaryOf } from "../disputes/evidence-intents.ts";
import type { Intent, IntentKind } from "../submit/intent.ts";

const KIND = "collect-fees";
/** Epochs in which a call should be mined; one that pays nothing, since the reserve went to others, is given up then. */
const PATIENCE_EPOCHS = 16n;

/** The intent to have final reports paid. @param epoch Running epoch. */
export function collectIntent(
  fees: Address,
  reports: readonly [AcceptedReport, ...AcceptedReport[]],
  epoch: bigint,
): Intent {
  const args = [reports.map(summaryOf)] as const;
  const data = encodeFunctionData({ abi: committeeFeesAbi, functionName: "collect", args });
  const [first] = reports;
  return { kind: KIND, key: `${first.shard}:${first.epoch}:${epoch}`, to: fees, data };
}

/** Judges such intents: achieved once the first of the reports is paid, by anyone. */
export function collectKind(chain: ChainFollower): IntentKind {
  return {
    name: KIND,
    judge(key) {
      const [shard, epoch, madeIn] = key.split(":") as [string, string, string];
      const paid = chain.fees.paidReport(Number(shard), BigInt(epoch));
      if (paid) return { state: "achieved", blockNumber: paid.blockNumber, transactionHash: paid.transactionHash };
      if (chain.epochAt(chain.head().timestamp) <= BigInt(madeIn) + PATIENCE_EPOCHS) return { state: "wanted" };
      return { state: "void", reason: `the report of epoch ${epoch} was not paid in ${PATIENCE_EPOCHS} epochs` };
    },
  };
}
