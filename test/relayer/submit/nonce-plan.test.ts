import { expect } from "chai";
import { blockingNonces, planNonces } from "../../../relayer/src/submit/nonce-plan.ts";
import type { OutboxEntry, OutboxTransaction } from "../../../relayer/src/submit/outbox-store.ts";

const entry = (id: number): OutboxEntry => {
  return { id, kind: "test", key: `${id}`, to: `0x${"00".repeat(20)}`, data: "0x", value: 0n, gas: 0n, assignments: 0 };
};

const transaction = (nonce: number, entryId: number | undefined, label = "aa"): OutboxTransaction => ({
  hash: `0x${label}${nonce}`,
  nonce,
  entryId,
  raw: "0x",
  maxFeePerGas: 1n,
  maxPriorityFeePerGas: 1n,
  gas: 21_000n,
  sentAtBlock: 0n,
});

describe("planNonces", () => {
  it("keeps the newest transaction of each wanted entry", () => {
    const bumped = transaction(5, 1, "bb");
    const plan = planNonces(5, [transaction(5, 1), bumped, transaction(6, 2)], [entry(1), entry(2)]);
    expect(plan.kept).to.deep.equal([bumped, transaction(6, 2)]);
    expect(plan.free, "free nonces").to.deep.equal([]);
    expect(plan.unassigned, "entries without a nonce").to.deep.equal([]);
    expect(plan.next, "next nonce").to.equal(7);
  });

  it("frees nonces of entries that are not wanted any more", () => {
    const plan = planNonces(5, [transaction(5, 1), transaction(6, 2)], [entry(2)]);
    expect(plan.free).to.deep.equal([{ nonce: 5, replaces: transaction(5, 1) }]);
    expect(plan.kept).to.deep.equal([transaction(6, 2)]);
  });

  it("frees nonces that nothing was signed for", () => {
    const plan = planNonces(5, [transaction(7, 1)], [entry(1)]);
    expect(plan.free.map(({ nonce }) => nonce)).to.deep.equal([5, 6]);
  });

  it("keeps one nonce of an entry that has two", () => {
    const plan = planNonces(5, [transaction(5, 1), transaction(6, 1)], [entry(1)]);
    expect(plan.kept).to.deep.equal([transaction(5, 1)]);
    expect(plan.free).to.deep.equal([{ nonce: 6, replaces: transaction(6, 1) }]);
  });

  it("frees nonces of transfers that only fill", () => {
    const plan = planNonces(5, [transaction(5, undefined)], [entry(1)]);
    expect(plan.free).to.deep.equal([{ nonce: 5, replaces: transaction(5, undefined) }]);
    expect(plan.unassigned).to.deep.equal([entry(1)]);
  });

  it("starts at the chain's nonce, whatever was signed before", () => {
    expect(planNonces(9, [], [entry(1)])).to.deep.equal({ kept: [], free: [], unassigned: [entry(1)], next: 9 });
  });
});

describe("blockingNonces", () => {
  const free = [5, 7, 9].map((nonce) => ({ nonce, replaces: undefined }));

  it("names the free nonces below the highest one in use", () => {
    expect(blockingNonces(free, [6, 8]).map(({ nonce }) => nonce)).to.deep.equal([5, 7]);
  });

  it("names none when nothing waits", () => {
    expect(blockingNonces(free, [])).to.deep.equal([]);
  });
});
