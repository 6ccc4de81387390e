import type { Address } from "viem";
import type { AcceptedReport } from "../chain/chain-view.ts";
import type { ChainFollower } from "../chain/follow-chain.ts";

/** The newest reports of a shard in a row that a member did not sign although it had a seat, oldest first. */
export function unsignedRow(
  chain: Pick<ChainFollower, "committeeAt">,
  reports: readonly AcceptedReport[],
  member: Address,
): AcceptedReport[] {
  const signed = reports.findLastIndex(({ epoch, signers }) => {
    const seat = chain.committeeAt(epoch)?.members.find(({ address }) => address === member)?.seat;
    return seat === undefined || ((signers >> BigInt(seat)) & 1n) === 1n;
  });
  return reports.slice(signed + 1);
}

/** Reports in a row without its signature after which a member can lose its seat: all seats had their turn twice. */
export function silentAfter(
  chain: Pick<ChainFollower, "committeeAt" | "parameter">,
  row: readonly AcceptedReport[],
): number {
  const seats = row.map(({ epoch }) => 2 * (chain.committeeAt(epoch)?.members.length ?? 0));
  return Math.max(Number(chain.parameter("committeeSilentReports")), ...seats);
}
