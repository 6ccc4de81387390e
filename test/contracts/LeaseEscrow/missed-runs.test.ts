import { expect } from "chai";
import { connection } from "../support/deployed-network.ts";
import {
  creditsOf,
  DOLLAR,
  goToEpoch,
  HORIZON,
  leaseMarket,
  leaseOf,
  list,
  MARK,
  rent,
  STATUS,
} from "./support/lease-market.ts";

const { networkHelpers } = connection;
const { loadFixture } = networkHelpers;

/** Epochs from the start on that are missed, `[from, until)`: long pages that are mixed, then a run over many pages. */
const MISSED = [
  [100, 700],
  [701, 1_400],
  [1_401, 2_900],
] as const;
const TERM = 3_100n;
/** Final epochs of the lease, and those of them that were proven. */
const [FINAL, PROVEN] = [3_000, 202];
/** Epochs up to the one that completes a run of 1,499, without those that were missed. */
const PROVEN_BEFORE = 102;
const PAGES = [[], [900], [500, 500, 500], [1_400, 1, 700, 700], [701, 699, 1, 1_499], [1_500, 100, 1_299]];

/** Two leases over the same epochs: terms that the longest run breaks, and terms that allow one missed epoch more. */
async function missedRuns() {
  const market = await leaseMarket();
  const leases = [];
  for (const maxMissedRun of [1_499n, 1_500n]) {
    const listing = await list(market, { terms: { uptimeBp: 0n, maxMissedRun, maxEpochs: TERM } });
    leases.push(await rent(market, { listing, epochs: TERM }));
  }
  const start = leases[0]?.start ?? 0;
  for (const [from, until] of MISSED) {
    for (let at = from; at < until; at += 300) {
      await market.marks.getFunction("markRange")(0, start + at, start + Math.min(at + 300, until), MARK.absent);
    }
  }
  await goToEpoch(market, start + FINAL + HORIZON);
  return { ...market, broken: leases[0]?.leaseId ?? 0n, kept: leases[1]?.leaseId ?? 0n };
}

describe("LeaseEscrow: runs of missed epochs over pages", () => {
  for (const pages of PAGES) {
    const name = pages.length === 0 ? "one page" : `pages of ${pages.join(", ")} epochs`;
    it(`breaks terms in the same epoch in ${name}`, async () => {
      const market = await loadFixture(missedRuns);
      const settleAll = async (leaseId: bigint) => {
        const before = await creditsOf(market);
        for (const page of [...pages, FINAL, FINAL]) await market.escrow.settle(leaseId, page);
        const after = await creditsOf(market);
        const { status } = await leaseOf(market, leaseId);
        return { status, paid: after.provider + after.fee - before.provider - before.fee };
      };
      expect(await settleAll(market.broken), "1,499 in a row").to.deep.equal({
        status: STATUS.breached,
        paid: BigInt(PROVEN_BEFORE) * DOLLAR,
      });
      expect(await settleAll(market.kept), "fewer than 1,500").to.deep.equal({
        status: STATUS.active,
        paid: BigInt(PROVEN) * DOLLAR,
      });
    });
  }
});
