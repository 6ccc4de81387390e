import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { connection } from "../support/deployed-network.ts";
import {
  DESCRIPTION,
  DOLLAR,
  goToEpoch,
  HORIZON,
  JANITOR_FEE,
  leaseMarket,
  leaseOf,
  list,
  MARK,
  NO_OFFER,
  open,
  rent,
  STATUS,
  termsOf,
} from "./support/lease-market.ts";

const { ethers, networkHelpers } = connection;
const { loadFixture } = networkHelpers;

describe("LeaseEscrow: what it refuses", () => {
  it("knows no lease that nobody opened", async () => {
    const { escrow, mallory } = await loadFixture(leaseMarket);
    for (const call of [
      () => escrow.settle(7n, 1n),
      () => escrow.leaseOf(7n),
      () => escrow.tenancyOf(7n),
      () => escrow.connect(mallory).cancel(7n),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(escrow, "LeaseEscrow_UnknownLease").withArgs(7);
    }
  });

  it("lets no node accept that is not active", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, registry, alice, bob } = market;
    const listing = await list(market, { terms: { acceptEpochs: 9n } });
    const leaseId = await open(market, { listing });
    await registry.connect(alice).exitNode(0);
    const { start } = await leaseOf(market, leaseId);
    await goToEpoch(market, Number(start) - 3);
    await expect(escrow.connect(bob).accept(leaseId, "0x"))
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_NodeInactive")
      .withArgs(0);
  });

  it("delivers no credential longer than its limit", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, bob } = market;
    const { leaseId } = await rent(market);
    await expect(escrow.connect(bob).deliver(leaseId, `0x${"00".repeat(4_097)}`))
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_CredentialTooLong")
      .withArgs(4_097, 4_096);
    const longest = `0x${"00".repeat(4_096)}`;
    await expect(escrow.connect(bob).deliver(leaseId, longest))
      .to.emit(escrow, "CredentialDelivered")
      .withArgs(leaseId, longest);
    await expect(escrow.connect(bob).accept(await open(market), "0x12"), "with the acceptance").to.emit(
      escrow,
      "CredentialDelivered",
    );
  });

  it("takes bonds for operators alone, and never nothing", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, registry, stable, alice, bob, mallory } = market;
    await expect(escrow.connect(alice).depositBond(77, stable, 1n, "0x"))
      .to.be.revertedWithCustomError(registry, "NodeRegistry_UnknownIdentity")
      .withArgs(77);
    const { leaseId } = await rent(market, { paid: 5n });
    for (const call of [
      () => escrow.connect(alice).depositBond(1, stable, 0n, "0x"),
      () => escrow.connect(alice).withdrawBond(1, stable, 0n),
      () => escrow.connect(mallory).topUp(leaseId, 0n, "0x"),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(escrow, "LeaseEscrow_ZeroAmount");
    }
    await expect(escrow.connect(mallory).withdrawBond(1, stable, 1n))
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_NotOperator")
      .withArgs(mallory.address, 1);
    await expect(escrow.connect(bob).withdrawBond(1, stable, 10_000n * DOLLAR))
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_BondTooSmall")
      .withArgs(9_995n * DOLLAR, 10_000n * DOLLAR);
    await escrow.connect(bob).withdrawBond(1, stable, 1n);
  });

  it("takes notice once, and extends no lease after it", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, mallory, bob } = market;
    const { leaseId, start } = await rent(market);
    await escrow.connect(mallory).giveNotice(leaseId);
    for (const call of [
      () => escrow.connect(bob).giveNotice(leaseId),
      () => escrow.connect(mallory).extend(leaseId, 1n),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(escrow, "LeaseEscrow_NoticeGiven")
        .withArgs(start + 4);
    }
  });

  it("ends a lease by notice no later than by its term", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, mallory } = market;
    const { leaseId, start } = await rent(market, { epochs: 4n });
    await escrow.connect(mallory).giveNotice(leaseId);
    expect(await escrow.runwayOf(leaseId)).to.deep.equal([start + 4, start + 4, start + 4].map(BigInt));
  });

  it("says why a lease cannot be extended", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, listings, mallory, alice } = market;
    const extend = (leaseId: bigint, epochs = 1n) => escrow.connect(mallory).extend(leaseId, epochs);
    const { leaseId, start } = await rent(market, { paid: 5n });
    const { leaseId: whole } = await rent(market, { epochs: 5n });
    await expect(extend(leaseId, 0n)).to.be.revertedWithCustomError(escrow, "LeaseEscrow_TermOutOfBounds");
    await goToEpoch(market, start + 6);
    await expect(extend(leaseId), "without funds")
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_OutOfFunds")
      .withArgs(start + 5, start + 6);
    await goToEpoch(market, start + 8);
    await expect(extend(leaseId), "after its grace")
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_GraceOver")
      .withArgs(start + 8, start + 8);
    const [, , end] = (await escrow.runwayOf(whole)) as [bigint, bigint, bigint];
    await expect(extend(whole), "after its term")
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_TermOver")
      .withArgs(end, start + 8);
    await listings.connect(alice).retire(1);
    await expect(extend(leaseId), "retired").to.be.revertedWithCustomError(escrow, "LeaseEscrow_NotOffered");
  });

  it("extends no lease of terms that are replaced", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, listings, alice, mallory, stable } = market;
    const { leaseId } = await rent(market);
    await listings.connect(alice).publishVersion(1, termsOf(stable), DESCRIPTION);
    await expect(escrow.connect(mallory).extend(leaseId, 1n))
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_NotOffered")
      .withArgs(1, 1);
  });

  it("pays the contract of vouchers no more than a lease earned", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, vouchers } = market;
    const { leaseId } = await rent(market);
    const bound = await ethers.getImpersonatedSigner(await vouchers.getAddress());
    await networkHelpers.setBalance(bound.address, 10n ** 18n);
    await expect(escrow.connect(bound).payEarned(leaseId, 1n, false))
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_NotEarned")
      .withArgs(1, 0);
  });

  it("breaches a lease that a client extends too late", async () => {
    const market = await loadFixture(leaseMarket);
    const { leaseId, start } = await rent(market);
    await market.marks.markRange(0, start + 1, start + 4, MARK.absent);
    await goToEpoch(market, start + 5 + HORIZON);
    await market.escrow.connect(market.mallory).extend(leaseId, 5n);
    expect((await leaseOf(market, leaseId)).status).to.equal(STATUS.breached);
  });

  it("takes no deposit beside the rules of its token, and no term above the longest", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, stable, timelockSigner, mallory } = market;
    await escrow.connect(timelockSigner).setTokenRule(stable, [true, JANITOR_FEE, 8n * DOLLAR]);
    const ask = (epochs: bigint, deposit: bigint) =>
      escrow.connect(mallory).open([1, 1, 1, epochs, deposit, DOLLAR, "0x"], NO_OFFER, "0x");
    await expect(ask(20n, 5n * DOLLAR), "minDeposit")
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_DepositTooSmall")
      .withArgs(5n * DOLLAR, 8n * DOLLAR);
    await expect(ask(2_001n, 20n * DOLLAR), "longest term")
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_TermOutOfBounds")
      .withArgs(2_001, 4, 2_000);
    await expect(escrow.connect(timelockSigner).setTokenRule(ZeroAddress, [true, 0n, 0n]))
      .to.be.revertedWithCustomError(escrow, "Governed_ZeroAddress")
      .withArgs("token");
    expect(await escrow.tokenRuleOf(stable), "the rules").to.deep.equal([true, JANITOR_FEE, 8n * DOLLAR]);
  });

  it("pays janitors of leases that nobody accepted or funded, after the delay alone", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, others, stable } = market;
    const janitor = others[3];
    const pending = await open(market);
    const { leaseId: poor, start } = await rent(market, { paid: 4n });
    const { start: acceptBy } = await leaseOf(market, pending);
    const sweep = (leaseId: bigint) => escrow.connect(janitor).sweep([leaseId], 1_000n);
    const earned = () => escrow.creditOf(stable, janitor.address);
    const early = await open(market);
    await goToEpoch(market, Number(acceptBy) + 1);
    await sweep(early);
    expect(await earned(), "not accepted, at once").to.equal(0n);
    await goToEpoch(market, start + 4 + 3 + 6);
    await sweep(pending);
    expect(await earned(), "not accepted, late").to.equal(JANITOR_FEE);
    await sweep(poor);
    expect(await earned(), "out of funds, late").to.equal(2n * JANITOR_FEE);
  });

  it("pays no janitor as soon as the grace of an unfunded lease is over", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, others, stable } = market;
    const janitor = others[3];
    const listing = await list(market, { terms: { graceEpochs: 6n } });
    const { leaseId, start } = await rent(market, { listing, paid: 4n });
    await goToEpoch(market, start + 4 + 6);
    await escrow.connect(janitor).sweep([leaseId], 1_000n);
    expect((await leaseOf(market, leaseId)).status, "status").to.equal(STATUS.outOfFunds);
    expect(await escrow.creditOf(stable, janitor.address), "paid").to.equal(0n);
  });

  it("settles nothing of a lease whose next epoch is disputed", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, marks } = market;
    const { leaseId, start } = await rent(market);
    await marks.getFunction("setDisputed")(0, start >> 8, true);
    await goToEpoch(market, start + 5 + HORIZON);
    await escrow.settle(leaseId, 1_000n);
    expect((await leaseOf(market, leaseId)).settledUntil, "while disputed").to.equal(start);
    await marks.getFunction("setDisputed")(0, start >> 8, false);
    await escrow.settle(leaseId, 1_000n);
    expect((await leaseOf(market, leaseId)).settledUntil, "afterwards").to.equal(start + 5);
  });

  it("passes over disputed leases with a reason, and over funds in their grace", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, leaseDisputes, mallory } = market;
    const listing = await list(market, { terms: { graceEpochs: 40n } });
    const { leaseId, start } = await rent(market, { listing, paid: 5n });
    await goToEpoch(market, start + 5 + HORIZON);
    await escrow.settle(leaseId, 1_000n);
    await expect(escrow.sweep([leaseId], 1_000n), "grace")
      .to.emit(escrow, "SweepSkipped")
      .withArgs(leaseId, 2n, "0x00000000");
    await leaseDisputes.connect(mallory).open(leaseId, id("evidence"), 3n * DOLLAR, "0x");
    await expect(escrow.sweep([leaseId], 1_000n), "dispute")
      .to.emit(escrow, "SweepSkipped")
      .withArgs(leaseId, 3n, "0x00000000");
  });

  it("closes a lease without a bond, and one whose notice is beyond its funds", async () => {
    const market = await loadFixture(leaseMarket);
    const listing = await list(market, { terms: { bondEpochs: 0n } });
    const { leaseId, start } = await rent(market, { listing, paid: 5n });
    await goToEpoch(market, start + 4);
    await market.escrow.connect(market.bob).giveNotice(leaseId);
    await goToEpoch(market, start + 12 + HORIZON);
    await market.escrow.settle(leaseId, 1_000n);
    expect((await leaseOf(market, leaseId)).status, "status").to.equal(STATUS.outOfFunds);
  });
});

describe("LeaseVouchers: what they refuse", () => {
  it("return nothing of a lease that is not closed, or that earned nothing", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, vouchers } = market;
    const listing = await list(market, { terms: { isMetered: true } });
    const { leaseId, start } = await rent(market, { listing });
    await expect(vouchers.returnUnredeemed(leaseId), "nothing earned")
      .to.be.revertedWithCustomError(vouchers, "LeaseVouchers_NothingToRedeem")
      .withArgs(0, 0, 0);
    await goToEpoch(market, start + 5 + HORIZON);
    await escrow.settle(leaseId, 1_000n);
    await expect(vouchers.returnUnredeemed(leaseId), "open")
      .to.be.revertedWithCustomError(vouchers, "LeaseVouchers_NotClosed")
      .withArgs(leaseId);
    await expect(vouchers.redeem(leaseId, 1n, "0x"), "no signature")
      .to.be.revertedWithCustomError(vouchers, "LeaseVouchers_InvalidSignature")
      .withArgs(leaseId);
  });
});

describe("LeaseDisputes: what they refuse", () => {
  it("take no bond above what the client pays", async () => {
    const market = await loadFixture(leaseMarket);
    const { leaseDisputes, mallory, timelockSigner, carol } = market;
    const { leaseId } = await rent(market);
    const bond = 3n * DOLLAR;
    expect(await leaseDisputes.bondFor(leaseId), "bond").to.equal(bond);
    await expect(leaseDisputes.connect(mallory).open(leaseId, id("evidence"), bond - 1n, "0x"))
      .to.be.revertedWithCustomError(leaseDisputes, "LeaseDisputes_BondAboveMax")
      .withArgs(bond, bond - 1n);
    for (const call of [
      () => leaseDisputes.connect(mallory).offerSettlement(leaseId, 1),
      () => leaseDisputes.expire(leaseId),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(leaseDisputes, "LeaseDisputes_NoDispute").withArgs(leaseId);
    }
    await leaseDisputes.connect(mallory).open(leaseId, id("evidence"), bond, "0x");
    await expect(leaseDisputes.connect(mallory).acceptSettlement(leaseId, 0), "nothing offered")
      .to.be.revertedWithCustomError(leaseDisputes, "LeaseDisputes_NotOffered")
      .withArgs(leaseId, 0);
    await expect(leaseDisputes.connect(carol).withdrawDispute(leaseId))
      .to.be.revertedWithCustomError(leaseDisputes, "LeaseDisputes_NotParty")
      .withArgs(carol.address, leaseId);
    await expect(leaseDisputes.connect(timelockSigner).setArbitrator(ZeroAddress))
      .to.be.revertedWithCustomError(leaseDisputes, "Governed_ZeroAddress")
      .withArgs("arbitrator");
  });

  it("take no bond of which the token keeps a part", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, listings, leaseDisputes, alice, bob, mallory, timelockSigner } = market;
    const taxed = await ethers.deployContract("TaxedToken");
    const token = await taxed.getAddress();
    await escrow.connect(timelockSigner).setTokenRule(token, [true, 0n, 1n]);
    for (const spender of [escrow, leaseDisputes]) {
      await taxed.connect(mallory).getFunction("approve")(spender, 10_000n);
    }
    await taxed.getFunction("mint")(mallory.address, 10_000n);
    const terms = {
      ...{ token, price: 100n, bondEpochs: 0n, graceEpochs: 3n, minEpochs: 4n, maxEpochs: 50n, uptimeBp: 0n },
      ...{ maxMissedRun: 9n, acceptEpochs: 2n, noticeEpochs: 2n, isMetered: false },
    };
    await listings.connect(alice).createListing([0, 1, 1, 1, 4], terms, [id("x"), "0x0000", ""]);
    await escrow.connect(mallory).open([2, 1, 1, 20, 1_000n, 100n, "0x"], NO_OFFER, "0x");
    await escrow.connect(bob).accept(1n, "0x");
    await expect(leaseDisputes.connect(mallory).open(1n, id("evidence"), 300n, "0x"))
      .to.be.revertedWithCustomError(leaseDisputes, "LeaseDisputes_BondTooSmall")
      .withArgs(297, 300);
  });
});
