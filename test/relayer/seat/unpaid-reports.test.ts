import { expect } from "chai";
import type { Hex } from "viem";
import { unpaidReports } from "../../../relayer/src/seat/unpaid-reports.ts";

const HORIZON = 8n;
const NOW = 100n;

describe("reports to be paid", () => {
  const digestOf = (epoch: bigint): Hex => `0x${epoch.toString(16).padStart(64, "0")}`;

  /** Epochs of the reports to be paid, of those of the epochs `[88, 98)`. */
  function epochsToPay(parts: { forged?: bigint[]; challenged?: bigint[]; paid?: bigint[] }): bigint[] {
    const { forged = [], challenged = [], paid = [] } = parts;
    const reports = Array.from({ length: 10 }, (_, i) => 97n - BigInt(i));
    const chain = {
      recentReports: () => reports.map((epoch) => ({ epoch, shard: 0, digest: digestOf(epoch) })),
      fees: { paidReport: (_shard: number, epoch: bigint) => (paid.includes(epoch) ? {} : undefined) },
      disputes: {
        forgedReports: () => new Set(forged.map(digestOf)),
        unresolved: () => challenged.map((epoch) => ({ reportDigest: digestOf(epoch) })),
      },
      epochAt: () => NOW,
      head: () => ({ timestamp: 0n }),
      horizonEpochs: HORIZON,
    } as unknown as Parameters<typeof unpaidReports>[0];
    return unpaidReports(chain).map(({ epoch }) => epoch);
  }

  it("are final and not paid, oldest first", () => {
    expect(epochsToPay({})).to.deep.equal([88n, 89n, 90n, 91n]);
    expect(epochsToPay({ paid: [89n] })).to.deep.equal([88n, 90n, 91n]);
  });

  it("were not proven forged", () => {
    expect(epochsToPay({ forged: [88n, 91n] })).to.deep.equal([89n, 90n]);
  });

  it("are not challenged: a leaf may yet turn out to be withheld", () => {
    expect(epochsToPay({ challenged: [90n, 90n] })).to.deep.equal([88n, 89n, 91n]);
  });
});
