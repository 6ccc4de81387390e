import { expect } from "chai";
import { delegableNodes, sortDelegable } from "../../../dapp/src/lib/delegable-nodes.ts";
import { commissionAt, type PoolView } from "../../../dapp/src/lib/pool-view.ts";
import { delegatorPerDay, earnedShare, type RewardPace } from "../../../dapp/src/lib/reward-pace.ts";

const PACE: RewardPace = { perDay: 0.02, words: 2, seconds: 30_720, untilEpoch: 512 };
const STANDING = { standing: "live", sentence: "" } as const;

function poolOf(nodeIndex: number, changes: Partial<PoolView> = {}): PoolView {
  const earned = { toOperator: 30n, toPool: 60n, returned: 10n };
  return { nodeIndex, assets: 5n, shares: 5_000n, commission: { bp: 1_000 }, earned, ...changes };
}

function nodeOf(nodeIndex: number, changes: { exited?: boolean; trustScore?: number } = {}) {
  return { nodeIndex, standing: STANDING, stake: BigInt(nodeIndex), exited: false, ...changes };
}

describe("delegableNodes", () => {
  it("rates a node by what the chain paid, its attested share and its commission", () => {
    const [node] = delegableNodes([nodeOf(1)], [poolOf(1)], PACE);
    expect(node?.perDay).to.be.closeTo(0.02 * 0.9 * 0.9, 1e-12);
  });

  it("invents no rate before anything was paid", () => {
    const nothing = { toOperator: 0n, toPool: 0n, returned: 0n };
    expect(delegableNodes([nodeOf(1)], [poolOf(1, { earned: nothing })], PACE)[0]?.perDay).to.equal(undefined);
    expect(delegableNodes([nodeOf(1)], [poolOf(1)], undefined)[0]?.perDay).to.equal(undefined);
  });

  it("leaves out nodes that have exited", () => {
    const found = delegableNodes([nodeOf(1), nodeOf(2, { exited: true })], [poolOf(1), poolOf(2)], PACE);
    expect(found.map(({ nodeIndex }) => nodeIndex)).to.deep.equal([1]);
  });

  it("orders by a column, with unknown values last either way", () => {
    const nodes = [nodeOf(1, { trustScore: 50 }), nodeOf(2), nodeOf(3, { trustScore: 70 })];
    const found = delegableNodes(nodes, [poolOf(1), poolOf(2), poolOf(3)], PACE);
    const order = (descending: boolean) => sortDelegable(found, "trust", descending).map(({ nodeIndex }) => nodeIndex);
    expect(order(true)).to.deep.equal([3, 1, 2]);
    expect(order(false)).to.deep.equal([1, 3, 2]);
  });
});

describe("commissionAt", () => {
  it("keeps the old commission until the raise comes into force", () => {
    const raise = { bp: 500, nextBp: 900, nextFrom: 1_000 };
    expect(commissionAt(999, raise)).to.deep.equal({ bp: 500, raise: { bp: 900, at: 1_000 } });
    expect(commissionAt(1_000, raise)).to.deep.equal({ bp: 900 });
    expect(commissionAt(999, { bp: 500, nextBp: 0, nextFrom: 0 })).to.deep.equal({ bp: 500 });
  });
});

describe("earnedShare", () => {
  it("is what was paid of what could have been", () => {
    expect(earnedShare({ toOperator: 1n, toPool: 1n, returned: 6n })).to.equal(0.25);
    expect(earnedShare({ toOperator: 0n, toPool: 0n, returned: 0n })).to.equal(undefined);
    expect(delegatorPerDay(PACE, 1, 10_000)).to.equal(0);
  });
});
