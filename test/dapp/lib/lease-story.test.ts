import { expect } from "chai";
import { zeroAddress } from "viem";
import { incomeCurve } from "../../../dapp/src/lib/provider-income.ts";
import { type LeaseLog, settledTotals, storyOf } from "../../../dapp/src/lib/lease-story.ts";
import { DOLLAR } from "../support/market-fixtures.ts";

const transactionHash = `0x${"11".repeat(32)}` as const;
const JANITOR = "0x0000000000000000000000000000000000000009";

const OPENED: LeaseLog = {
  ...{ eventName: "LeaseOpened", transactionHash },
  args: { epochs: 100, balance: 1_000n, janitorFee: 5n, acceptBy: 42n },
};

function settled(from: bigint, until: bigint, proven: bigint, missed: bigint): LeaseLog {
  const amounts = { toProvider: proven * 98n, fee: proven * 2n, toClient: (until - from - proven) * 100n };
  return { eventName: "LeaseSettled", transactionHash, args: { from, until, proven, missed, ...amounts } };
}

describe("storyOf", () => {
  it("adds up what was settled; what is neither proven nor missed was unreported", () => {
    const story = storyOf([OPENED, settled(10n, 20n, 7n, 2n), settled(20n, 25n, 5n, 0n)])!;
    expect(settledTotals(story.settlements)).to.deep.equal({
      ...{ proven: 12, missed: 2, unreported: 1, toProvider: 1_176n, fee: 24n, toClient: 300n },
    });
  });

  it("keeps the newest credential and every top-up", () => {
    const story = storyOf([
      OPENED,
      { eventName: "CredentialDelivered", transactionHash, args: { sealed_: "0x01" } },
      { eventName: "LeaseToppedUp", transactionHash, args: { amount: 3n } },
      { eventName: "LeaseToppedUp", transactionHash, args: { amount: 4n } },
      { eventName: "CredentialDelivered", transactionHash, args: { sealed_: "0x02" } },
    ])!;
    expect(story.sealed).to.equal("0x02");
    expect(story.toppedUp).to.equal(7n);
  });

  for (const janitor of [zeroAddress, JANITOR] as const) {
    it(`names a janitor only where there was one (${janitor.slice(-1)})`, () => {
      const args = { status: 10, toClient: 9n, bond: 4n, janitor, janitorFee: 5n };
      const { closing } = storyOf([OPENED, { eventName: "LeaseClosed", transactionHash, args }])!;
      expect(closing?.status).to.equal("Breached");
      expect(closing?.janitor).to.equal(janitor === zeroAddress ? undefined : JANITOR);
    });
  }

  it("has nothing to tell without an opening", () => {
    expect(storyOf([settled(1n, 2n, 1n, 0n)])).to.equal(undefined);
  });
});

describe("incomeCurve", () => {
  it("adds up, one point for each time after the first", () => {
    const entry = (time: number, amount: bigint) => {
      return { leaseId: 1, listingId: 1, unit: DOLLAR, time, amount, fee: 0n, transaction: transactionHash };
    };
    const entries = [{ ...entry(10, 1_000_000n), since: 4 }, entry(10, 500_000n), entry(20, 2_000_000n)];
    expect(incomeCurve(entries, DOLLAR)).to.deep.equal({ times: [4, 10, 20], sums: [0, 1.5, 3.5] });
  });
});
