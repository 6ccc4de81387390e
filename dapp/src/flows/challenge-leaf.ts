import { attestationDisputesAbi } from "@pqmesh/contracts/generated/attestation-disputes-abi";
import { summarise } from "@pqmesh/contracts/protocol/report-summary";
import { type Address, parseEventLogs } from "viem";
import type { ChallengeTerms } from "../lib/challenge-view.ts";
import { formatCount, formatDuration, formatEther } from "../lib/format.ts";
import type { ReportDetail } from "../lib/report-detail.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** What a challenge needs. */
export interface ChallengeInput {
  disputes: Address;
  detail: ReportDetail;
  nodeIndex: number;
  terms: ChallengeTerms;
}

/** Asks the signers of a report to show the leaf of a node, with a bond. */
export function challengePlan({ disputes, detail, nodeIndex, terms }: ChallengeInput): TransactionPlan {
  const { report, signers } = detail;
  const epoch = formatCount(report.epoch);
  const period = formatDuration(terms.answerPeriod);
  return {
    title: `Challenge node ${nodeIndex} in epoch ${epoch}`,
    summary: `You ask the signers of the report of epoch ${epoch}, shard ${report.shard}, to show the attestation of node ${nodeIndex}, and leave a bond of ${formatEther(terms.bond)} ETH.`,
    facts: [
      { label: "Bond", value: `${formatEther(terms.bond)} ETH` },
      { label: "Time to answer", value: terms.queued > 0n ? `${period} once its turn has come` : period },
      { label: "Report", value: detail.digest },
    ],
    warning: `If a valid leaf is shown, whoever showed it gets your bond. If nobody shows one within ${period}, or it is invalid, you get the bond back and a part of what the signers lose.`,
    steps: [
      {
        kind: "call",
        label: "Challenge",
        call: () => ({
          address: disputes,
          abi: attestationDisputesAbi,
          functionName: "challenge",
          args: [summarise(report, signers), report.absent, nodeIndex],
          value: terms.bond,
        }),
      },
    ],
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: attestationDisputesAbi, eventName: "ChallengeMade", logs: receipt.logs });
      return `Challenge ${log?.args.id ?? "?"} is made. Signers of the report have ${period} to show the leaf.`;
    },
  };
}
