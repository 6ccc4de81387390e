import type { Address } from "viem";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";

/** Gas that a call pays reports with at most: more than half of what a transaction may use stays free. */
const CALL_GAS = 7_000_000n;
/** Gas of a report, and of each of its signers, at most, beside what the first one of a call costs. */
const REPORT_GAS = 40_000n;
const SIGNER_GAS = 2_000n;

/**
 * Final reports that nobody was paid for, that were not proven forged and about which no challenge is unresolved, oldest
 * first, as far as the view keeps them. The chain refuses a forged one and passes over a challenged one.
 */
export function unpaidReports(
  chain: Pick<ChainFollower, "recentReports" | "fees" | "disputes" | "epochAt" | "head" | "horizonEpochs">,
): AcceptedReport[] {
  const finalBefore = chain.epochAt(chain.head().timestamp) - chain.horizonEpochs;
  const unsound = chain.disputes.forgedReports();
  for (const { reportDigest } of chain.disputes.unresolved()) unsound.add(reportDigest);
  return chain
    .recentReports()
    .filter(({ epoch, shard, digest }) => {
      return epoch < finalBefore && !unsound.has(digest) && chain.fees.paidReport(shard, epoch) === undefined;
    })
    .sort((a, b) => Number(a.epoch - b.epoch));
}

/** What a relayer is credited for a report, as `CommitteeFees` divides its fee: MESH wei. */
export function feeShare(
  chain: Pick<ChainFollower, "committeeAt">,
  { epoch, shard, round, signers }: AcceptedReport,
  { fee, member }: { fee: bigint; member: Address },
): bigint {
  const members = chain.committeeAt(epoch)?.members ?? [];
  const seat = members.find(({ address }) => address === member)?.seat;
  if (seat === undefined || ((signers >> BigInt(seat)) & 1n) === 0n) return 0n;
  const isLeader = (epoch + BigInt(shard) + BigInt(round)) % BigInt(members.length) === BigInt(seat);
  return fee / 2n / countOf(signers) + (isLeader ? fee / 2n : 0n);
}

/** The first reports that fit into one call. */
export function collectedAtOnce(reports: readonly AcceptedReport[]): AcceptedReport[] {
  let gas = 0n;
  const first = reports.findIndex(({ signers }) => {
    gas += REPORT_GAS + SIGNER_GAS * countOf(signers);
    return gas > CALL_GAS;
  });
  return reports.slice(0, first < 0 ? reports.length : first);
}

function countOf(bits: bigint): bigint {
  let count = 0n;
  for (let rest = bits; rest > 0n; rest &= rest - 1n) count++;
  return count;
}
