import { expect } from "chai";
import { reportOf } from "../../../relayer/cli/disputed-leaf.ts";
import type { AcceptedReport } from "../../../relayer/src/chain/chain-view.ts";
import type { ChainFollower } from "../../../relayer/src/chain/follow-chain.ts";

/** A view that keeps reports of these epochs and shards, in the order of the chain. */
function viewOf(...kept: readonly (readonly [epoch: bigint, shard: number])[]): ChainFollower {
  const reports = kept.map(([epoch, shard]) => ({ epoch, shard }) as AcceptedReport);
  return {
    acceptedReport: (shard: number, epoch: bigint) => reports.find((one) => one.shard === shard && one.epoch === epoch),
    recentReports: () => reports,
    shards: () => [0, 1],
  } as unknown as ChainFollower;
}

describe("reportOf", () => {
  it("finds a report", () => {
    expect(reportOf(viewOf([5n, 1]), 1, 5n)).to.deep.equal({ epoch: 5n, shard: 1 });
  });

  it("counts the reports that are known, and hides no gap", () => {
    const view = viewOf([3n, 0], [9n, 0], [8n, 0], [5n, 1]);
    expect(() => reportOf(view, 0, 5n)).to.throw(
      /^no report of epoch 5 and shard 0 is known; of the last 2,048 epochs 3 have one, the first 3, the last 9$/,
    );
    expect(() => reportOf(view, 1, 9n)).to.throw(/ and shard 1 is known; of the last 2,048 epochs only 5 has one$/);
  });
});
