import { SHARD_SIZE } from "@pqmesh/contracts/protocol/merkle";
import { decodeIndexList, shardOf } from "@pqmesh/contracts/protocol/report";
import type { ChainFollower } from "../chain/follow-chain.ts";

/**
 * How an epoch of a node stands on the chain. Missing: absent or unreported, and its own proof can still change that. Pending:
 * it can still be reported.
 */
export type EpochStanding = "pending" | "attested" | "missing" | "final";

/** What of a chain view says how epochs stand. */
export type StandingView = Pick<
  ChainFollower,
  | "acceptedReport"
  | "epochAt"
  | "head"
  | "horizonEpochs"
  | "newestReportedEpoch"
  | "ownEpochs"
  | "reportWindowEpochs"
  | "isActive"
>;

/** Says how an epoch in which the node was active stands. */
export function standingOf(chain: StandingView, nodeIndex: number, epoch: bigint): EpochStanding {
  const current = chain.epochAt(chain.head().timestamp);
  if (current > epoch + chain.horizonEpochs) return "final";
  if (chain.ownEpochs.admitted(nodeIndex, epoch)) return "attested";
  const shard = shardOf(nodeIndex);
  const report = chain.acceptedReport(shard, epoch);
  if (report) {
    const isLeftOut = decodeIndexList(report.absent).includes(nodeIndex % SHARD_SIZE);
    return isLeftOut || chain.ownEpochs.voided(nodeIndex, epoch) ? "missing" : "attested";
  }
  const isPassedOver = (chain.newestReportedEpoch(shard) ?? -1n) > epoch;
  return isPassedOver || current > epoch + chain.reportWindowEpochs ? "missing" : "pending";
}
