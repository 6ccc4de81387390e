import { expect } from "chai";
import { id } from "ethers";
import { connection } from "../support/deployed-network.ts";
import {
  creditsOf,
  DOLLAR,
  goToEpoch,
  HORIZON,
  leaseMarket,
  leaseOf,
  type LeaseMarket,
  rent,
  STATUS,
} from "../LeaseEscrow/support/lease-market.ts";

const { networkHelpers } = connection;
const { loadFixture } = networkHelpers;
const EVIDENCE = id("the machine is another one");
/** Rent of three epochs. */
const BOND = 3n * DOLLAR;

/** Mallory disputes a lease in its sixth epoch. */
async function disputed() {
  const market = await leaseMarket();
  const { leaseId, start } = await rent(market);
  await goToEpoch(market, start + 5);
  await market.leaseDisputes.connect(market.mallory).open(leaseId, EVIDENCE, BOND, "0x");
  return { ...market, leaseId, start };
}

/** Settles a lease to its end; returns what client and provider, with the fee, are credited. */
async function settleAll(market: LeaseMarket, leaseId: bigint, start: number) {
  await goToEpoch(market, start + 20 + HORIZON + 1);
  for (let i = 0; i < 3; i++) await market.escrow.settle(leaseId, 1_000n);
  const { client, provider, fee } = await creditsOf(market);
  expect((await leaseOf(market, leaseId)).status, "closed").to.equal(STATUS.completed);
  return { client, earned: provider + fee };
}

describe("LeaseDisputes", () => {
  it("holds settlement, and a verdict moves a share of what was earned before it", async () => {
    const market = await loadFixture(disputed);
    const { leaseDisputes, escrow, timelockSigner, leaseId, start, stable, mallory } = market;
    await goToEpoch(market, start + 5 + HORIZON);
    expect(await escrow.settle.staticCall(leaseId, 100n), "held").to.equal(start);
    const { client, bond } = (await leaseDisputes.disputeOf(leaseId)) as { client: string; bond: bigint };
    expect([client, bond], "the dispute").to.deep.equal([mallory.address, BOND]);
    await leaseDisputes.connect(timelockSigner).rule(leaseId, 5_000);
    expect(await leaseDisputes.creditOf(stable, mallory.address), "bond").to.equal(BOND);
    const { client: refunded, earned } = await settleAll(market, leaseId, start);
    expect(earned, "half of six epochs, all of fourteen").to.equal(17n * DOLLAR);
    expect(refunded, "the other half, and the janitor's fee").to.equal(3n * DOLLAR + DOLLAR / 2n);
  });

  it("leaves the objective settlement when nobody decides, and the bond to the provider", async () => {
    const market = await loadFixture(disputed);
    const { leaseDisputes, timelockSigner, leaseId, start, stable, carol } = market;
    await expect(leaseDisputes.expire(leaseId)).to.be.revertedWithCustomError(leaseDisputes, "LeaseDisputes_Deadline");
    await goToEpoch(market, start + 5 + 7);
    await expect(leaseDisputes.connect(timelockSigner).rule(leaseId, 10_000)).to.be.revertedWithCustomError(
      leaseDisputes,
      "LeaseDisputes_Deadline",
    );
    await leaseDisputes.expire(leaseId);
    await expect(leaseDisputes.expire(leaseId)).to.be.revertedWithCustomError(leaseDisputes, "LeaseDisputes_NoDispute");
    expect(await leaseDisputes.creditOf(stable, carol.address), "bond").to.equal(BOND);
    expect((await settleAll(market, leaseId, start)).earned, "all epochs").to.equal(20n * DOLLAR);
  });

  it("ends when a side takes what the other offered, and returns the bond", async () => {
    const market = await loadFixture(disputed);
    const { leaseDisputes, leaseId, start, bob, mallory, alice, stable } = market;
    await leaseDisputes.connect(bob).offerSettlement(leaseId, 2_500);
    await expect(
      leaseDisputes.connect(alice).acceptSettlement(leaseId, 2_500),
      "own offer",
    ).to.be.revertedWithCustomError(leaseDisputes, "LeaseDisputes_NotOffered");
    await expect(leaseDisputes.connect(mallory).acceptSettlement(leaseId, 9_000)).to.be.revertedWithCustomError(
      leaseDisputes,
      "LeaseDisputes_NotOffered",
    );
    await leaseDisputes.connect(mallory).acceptSettlement(leaseId, 2_500);
    expect(await leaseDisputes.creditOf(stable, mallory.address), "bond").to.equal(BOND);
    expect((await settleAll(market, leaseId, start)).earned, "less a quarter of six").to.equal(
      18n * DOLLAR + DOLLAR / 2n,
    );
  });

  it("loses the bond of a client that withdraws or is ruled against", async () => {
    for (const end of ["withdraw", "rule"] as const) {
      const market = await loadFixture(disputed);
      const { leaseDisputes, timelockSigner, mallory, carol, leaseId, stable } = market;
      if (end === "withdraw") await leaseDisputes.connect(mallory).withdrawDispute(leaseId);
      else await leaseDisputes.connect(timelockSigner).rule(leaseId, 0);
      expect(await leaseDisputes.creditOf(stable, carol.address), end).to.equal(BOND);
    }
  });

  it("refuses strangers, second disputes and shares over the whole", async () => {
    const market = await loadFixture(disputed);
    const { leaseDisputes, escrow, leaseId, mallory, bob, carol, timelockSigner } = market;
    await expect(leaseDisputes.connect(mallory).open(leaseId, EVIDENCE, BOND, "0x")).to.be.revertedWithCustomError(
      escrow,
      "LeaseEscrow_Disputed",
    );
    await expect(leaseDisputes.connect(bob).open(leaseId, EVIDENCE, BOND, "0x")).to.be.revertedWithCustomError(
      leaseDisputes,
      "LeaseDisputes_NotParty",
    );
    await expect(leaseDisputes.connect(carol).offerSettlement(leaseId, 1)).to.be.revertedWithCustomError(
      leaseDisputes,
      "LeaseDisputes_NotParty",
    );
    await expect(leaseDisputes.connect(mallory).rule(leaseId, 1)).to.be.revertedWithCustomError(
      leaseDisputes,
      "LeaseDisputes_NotArbitrator",
    );
    await expect(leaseDisputes.connect(timelockSigner).rule(leaseId, 10_001)).to.be.revertedWithCustomError(
      leaseDisputes,
      "LeaseDisputes_ShareTooLarge",
    );
    await leaseDisputes.connect(mallory).withdrawDispute(leaseId);
    await expect(
      leaseDisputes.connect(mallory).open(leaseId, EVIDENCE, BOND, "0x"),
      "before the verdict is settled",
    ).to.be.revertedWithCustomError(escrow, "LeaseEscrow_Disputed");
  });

  it("lets the timelock name another arbitrator", async () => {
    const market = await loadFixture(disputed);
    const { leaseDisputes, timelockSigner, bob, leaseId } = market;
    await leaseDisputes.connect(timelockSigner).setArbitrator(bob.address);
    await leaseDisputes.connect(bob).rule(leaseId, 1);
    expect(await leaseDisputes.arbitrator(), "arbitrator").to.equal(bob.address);
  });
});
