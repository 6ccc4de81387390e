import { committeeFeesAbi } from "@pqmesh/contracts/generated/committee-fees-abi";
import type { Address, Hex } from "viem";
import { encodeFunctionData, getAddress } from "viem/utils";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";
import { summaryOf } from "../disputes/evidence-intents.ts";
import type { Intent, IntentKind } from "../submit/intent.ts";
import type { SilentRow } from "./unsigned-row.ts";

/** Epochs that the newest report of a row may lie behind, as `CommitteeFees` asks for. */
const RECENT_EPOCHS = 8n;

/** The intent to show a signature that was left out of an accepted report. */
export function showSignatureIntent(fees: Address, report: AcceptedReport, signature: Hex): Intent {
  const args = [summaryOf(report), signature] as const;
  const data = encodeFunctionData({ abi: committeeFeesAbi, functionName: "showSignature", args });
  return { kind: "show-signature", key: `${report.shard}:${report.epoch}:${report.digest}`, to: fees, data };
}

/** The call that takes the seat of a silent member. */
export function removeSilentData(member: Address, row: SilentRow): Hex {
  const args = [member, row.map(summaryOf)] as const;
  return encodeFunctionData({ abi: committeeFeesAbi, functionName: "removeSilent", args });
}

/** The intent to take the seat of a silent member. */
export function removeSilentIntent(fees: Address, member: Address, row: SilentRow): Intent {
  const newest = row.at(-1) ?? row[0];
  return {
    ...{ kind: "remove-silent", key: `${member}:${newest.shard}:${newest.epoch}` },
    ...{ to: fees, data: removeSilentData(member, row) },
  };
}

/** Judges such intents. */
export function silenceKinds(chain: ChainFollower): IntentKind[] {
  return [
    {
      name: "show-signature",
      judge(key) {
        const [shard, epoch, digest] = key.split(":") as [string, string, Hex];
        const report = chain.acceptedReport(Number(shard), BigInt(epoch));
        if (report && report.digest !== digest)
          return { state: "void", reason: "its report is not on the chain any more" };
        const finalBefore = chain.epochAt(chain.head().timestamp) - chain.horizonEpochs;
        if (BigInt(epoch) >= finalBefore) return { state: "wanted" };
        return { state: "over", reason: `the report of epoch ${epoch} is final: no signature of it can be shown` };
      },
    },
    {
      name: "remove-silent",
      judge(key) {
        const [member, , epoch] = key.split(":") as [Address, string, string];
        const removal = chain.fees.removalOf(member);
        if (removal && removal.lastEpoch >= BigInt(epoch)) {
          const { blockNumber, transactionHash } = removal;
          return { state: "achieved", blockNumber, transactionHash };
        }
        const isSeated = chain.newestCommittee()?.members.some(({ address }) => address === getAddress(member));
        if (!isSeated) return { state: "void", reason: `${member} has no seat any more` };
        if (chain.epochAt(chain.head().timestamp) <= BigInt(epoch) + RECENT_EPOCHS) return { state: "wanted" };
        return { state: "void", reason: `the report of epoch ${epoch} is too old to tell whether ${member} is silent` };
      },
    },
  ];
}
