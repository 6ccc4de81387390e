import type { Address } from "viem";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";

/** Reports of one shard in a row that a member did not sign. */
export type SilentRow = readonly [AcceptedReport, ...AcceptedReport[]];

/** Accepted reports of each shard, oldest first, as far as the view keeps them. */
export function reportsByShard(chain: Pick<ChainFollower, "recentReports">): AcceptedReport[][] {
  const byShard = Map.groupBy(chain.recentReports(), ({ shard }) => shard);
  return [...byShard.values()].map((reports) => reports.sort((a, b) => Number(a.epoch - b.epoch)));
}

/** Whether a member signed a report; undefined when it had no seat. */
export function hasSigned(
  chain: Pick<ChainFollower, "committeeAt">,
  { epoch, signers }: AcceptedReport,
  member: Address,
): boolean | undefined {
  const seat = chain.committeeAt(epoch)?.members.find(({ address }) => address === member)?.seat;
  return seat === undefined ? undefined : ((signers >> BigInt(seat)) & 1n) === 1n;
}

/** The newest reports of a shard in a row that a member did not sign although it had a seat, oldest first. */
export function unsignedRow(
  chain: Pick<ChainFollower, "committeeAt">,
  reports: readonly AcceptedReport[],
  member: Address,
): AcceptedReport[] {
  const before = reports.findLastIndex((report) => hasSigned(chain, report, member) !== false);
  return reports.slice(before + 1);
}

/** Reports in a row without its signature after which a member can lose its seat: all seats had their turn twice. */
export function silentAfter(
  chain: Pick<ChainFollower, "committeeAt" | "parameter">,
  row: readonly AcceptedReport[],
): number {
  const seats = row.map(({ epoch }) => 2 * (chain.committeeAt(epoch)?.members.length ?? 0));
  return Math.max(Number(chain.parameter("committeeSilentReports")), ...seats);
}

/** The newest reports of a row, as many as make a member silent; undefined when they are too few. */
export function silentRow(
  chain: Pick<ChainFollower, "committeeAt" | "parameter">,
  row: readonly AcceptedReport[],
): SilentRow | undefined {
  const count = silentAfter(chain, row);
  const [first, ...rest] = row.slice(-count);
  return first && row.length >= count ? [first, ...rest] : undefined;
}
