import { expect } from "chai";
import { keccak256 } from "ethers";
import { connection } from "../support/deployed-network.ts";
import {
  creditsOf,
  DELIVERY_KEY,
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
  STATUS,
  rent,
} from "./support/lease-market.ts";

const { networkHelpers } = connection;
const { loadFixture } = networkHelpers;
/** What a sweep says about leases that did not fail. */
const NO_REASON = "0x00000000";

describe("LeaseEscrow: opening and accepting", () => {
  it("takes deposit and units and waits for the provider", async () => {
    const market = await loadFixture(leaseMarket);
    const leaseId = await open(market, { units: 3n, epochs: 20n, paid: 8n });
    const lease = await leaseOf(market, leaseId);
    expect(lease, "lease").to.include({
      status: STATUS.pending,
      balance: 24n * DOLLAR,
      janitorFee: JANITOR_FEE,
      end: 20n,
    });
    const { soldUnits } = (await market.listings.listingOf(1)) as { soldUnits: bigint };
    expect(soldUnits, "sold units").to.equal(3n);
  });

  it("refuses what the client did not read or pay for", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, mallory, stable, timelockSigner } = market;
    const ask = (request: readonly unknown[]) => escrow.connect(mallory).open(request, NO_OFFER, "0x");
    const deposit = 20n * DOLLAR + JANITOR_FEE;
    await expect(ask([1, 1, 1, 20, deposit, DOLLAR - 1n, "0x"]), "price")
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_PriceAboveMax")
      .withArgs(DOLLAR, DOLLAR - 1n);
    await expect(ask([1, 1, 1, 3, deposit, DOLLAR, "0x"]), "term")
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_TermOutOfBounds")
      .withArgs(3, 4, 2_000);
    await expect(ask([1, 1, 1, 20, 4n * DOLLAR, DOLLAR, "0x"]), "too little")
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_DepositTooSmall")
      .withArgs(4n * DOLLAR, 4n * DOLLAR + JANITOR_FEE);
    await expect(ask([1, 1, 1, 20, deposit + 1n, DOLLAR, "0x"]), "too much")
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_DepositTooLarge")
      .withArgs(deposit + 1n, deposit);
    await expect(ask([1, 2, 1, 20, deposit, DOLLAR, "0x"]), "version").to.be.revertedWithCustomError(
      market.listings,
      "NodeListings_WrongVersion",
    );
    await escrow.connect(timelockSigner).setTokenRule(stable, [false, 0n, 0n]);
    await expect(ask([1, 1, 1, 20, deposit, DOLLAR, "0x"]), "token")
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_TokenNotAllowed")
      .withArgs(stable);
  });

  it("asks for a key that credentials can be sealed for", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, stablecoin, faucet, others } = market;
    const [, , , , , newcomer] = others;
    await stablecoin.connect(faucet).mint(newcomer.address, 1_000n * DOLLAR);
    await stablecoin.connect(newcomer).approve(escrow, 1_000n * DOLLAR);
    const ask = (deliveryKey: string) => {
      const request = [1, 1, 1, 4, 4n * DOLLAR + JANITOR_FEE, DOLLAR, deliveryKey] as const;
      return escrow.connect(newcomer).open(request, NO_OFFER, "0x");
    };
    await expect(ask("0x"), "none")
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_NoDeliveryKey")
      .withArgs(newcomer.address);
    await expect(ask("0x1234"), "short")
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_WrongDeliveryKeyLength")
      .withArgs(2, 1_184);
    await expect(ask(DELIVERY_KEY), "new").to.emit(escrow, "DeliveryKeySet").withArgs(newcomer.address, DELIVERY_KEY);
    expect(await escrow.deliveryKeyHashOf(newcomer.address), "hash").to.equal(keccak256(DELIVERY_KEY));
    await expect(ask("0x"), "kept").to.emit(escrow, "LeaseOpened").and.not.to.emit(escrow, "DeliveryKeySet");
  });

  it("returns everything when nobody accepts in time", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, bob } = market;
    const leaseId = await open(market);
    const { start: acceptBy } = await leaseOf(market, leaseId);
    await escrow.settle(leaseId, 100n);
    expect((await leaseOf(market, leaseId)).status, "in time").to.equal(STATUS.pending);
    await goToEpoch(market, Number(acceptBy) + 1);
    await expect(escrow.connect(bob).accept(leaseId, "0x")).to.be.revertedWithCustomError(
      escrow,
      "LeaseEscrow_AcceptTooLate",
    );
    await escrow.settle(leaseId, 100n);
    expect(await leaseOf(market, leaseId), "lease").to.include({ status: STATUS.notAccepted });
    expect((await creditsOf(market)).client, "credit").to.equal(20n * DOLLAR + JANITOR_FEE);
    expect(((await market.listings.listingOf(1)) as { soldUnits: bigint }).soldUnits, "sold").to.equal(0n);
  });

  it("lets the client cancel and the provider decline only before", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, mallory, bob, carol } = market;
    const cancelled = await open(market);
    await expect(escrow.connect(carol).cancel(cancelled)).to.be.revertedWithCustomError(
      escrow,
      "LeaseEscrow_NotClient",
    );
    await escrow.connect(mallory).cancel(cancelled);
    const declined = await open(market);
    await expect(escrow.connect(mallory).decline(declined)).to.be.revertedWithCustomError(
      escrow,
      "LeaseEscrow_NotProvider",
    );
    await escrow.connect(bob).decline(declined);
    expect((await creditsOf(market)).client, "both returned").to.equal(2n * (20n * DOLLAR + JANITOR_FEE));
    const { leaseId } = await rent(market);
    await expect(escrow.connect(mallory).cancel(leaseId)).to.be.revertedWithCustomError(
      escrow,
      "LeaseEscrow_WrongStatus",
    );
  });

  it("locks the provider's bond, and refuses without one", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, alice, bob, stable } = market;
    const { leaseId } = await rent(market, { units: 2n });
    expect(await escrow.bondOf(1, stable), "bond").to.deep.equal([9_990n * DOLLAR, 10n * DOLLAR]);
    await escrow.connect(alice).withdrawBond(1, stable, 9_990n * DOLLAR);
    const next = await open(market);
    await expect(escrow.connect(bob).accept(next, "0x"))
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_BondTooSmall")
      .withArgs(0, 5n * DOLLAR);
    expect((await creditsOf(market)).provider, "free bond goes to the beneficiary").to.equal(9_990n * DOLLAR);
    expect((await leaseOf(market, leaseId)).status, "first lease").to.equal(STATUS.active);
  });
});

describe("LeaseEscrow: settlement", () => {
  it("pays proven epochs, less the fee, and returns the others", async () => {
    const market = await loadFixture(leaseMarket);
    const { leaseId, start } = await rent(market, { epochs: 40n });
    await market.marks.mark(0, start + 1, MARK.absent);
    await market.marks.mark(0, start + 3, MARK.degraded);
    await market.marks.mark(0, start + 5, MARK.unreported);
    await goToEpoch(market, start + 10 + HORIZON);
    await market.escrow.settle(leaseId, 1_000n);
    const { client, provider, fee } = await creditsOf(market);
    expect({ client, provider, fee }, "credits").to.deep.equal({
      client: 3n * DOLLAR,
      provider: (7n * DOLLAR * 98n) / 100n,
      fee: (7n * DOLLAR * 2n) / 100n,
    });
    expect(await leaseOf(market, leaseId), "lease").to.include({
      balance: 30n * DOLLAR,
      settledUntil: BigInt(start + 10),
    });
  });

  it("settles final epochs only, in pages or at once", async () => {
    const market = await loadFixture(leaseMarket);
    const { leaseId, start } = await rent(market);
    await goToEpoch(market, start + HORIZON);
    expect(await market.escrow.settle.staticCall(leaseId, 100n), "nothing is final").to.equal(start);
    await goToEpoch(market, start + 9 + HORIZON);
    await market.escrow.settle(leaseId, 4n);
    expect((await leaseOf(market, leaseId)).settledUntil, "page").to.equal(BigInt(start + 4));
    await market.escrow.settle(leaseId, 100n);
    expect((await leaseOf(market, leaseId)).settledUntil, "rest").to.equal(BigInt(start + 9));
  });

  it("waits for disputed epochs of the bridge", async () => {
    const market = await loadFixture(leaseMarket);
    const { leaseId, start } = await rent(market, { epochs: 600n });
    const word = Math.floor(start / 256) + 1;
    await market.marks.setDisputed(0, word, true);
    await goToEpoch(market, (word + 1) * 256);
    await market.escrow.settle(leaseId, 10_000n);
    expect((await leaseOf(market, leaseId)).settledUntil, "settled").to.equal(BigInt(word * 256));
  });

  it("completes, frees bond and units and returns the janitor's fee", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, stable } = market;
    const { leaseId, start } = await rent(market);
    await goToEpoch(market, start + 20 + HORIZON);
    await escrow.settle(leaseId, 1_000n);
    expect(await leaseOf(market, leaseId), "lease").to.include({
      status: STATUS.completed,
      balance: 0n,
      janitorFee: 0n,
    });
    expect((await creditsOf(market)).client, "fee returns").to.equal(JANITOR_FEE);
    expect(await escrow.bondOf(1, stable), "bond").to.deep.equal([10_000n * DOLLAR, 0n]);
    const before = await creditsOf(market);
    await escrow.settle(leaseId, 1_000n);
    expect(await creditsOf(market), "a closed lease settles nothing").to.deep.equal(before);
  });

  it("keeps a lease through its grace, and closes it after", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, others } = market;
    const { leaseId, start } = await rent(market, { paid: 5n });
    expect(await escrow.runwayOf(leaseId), "runway").to.deep.equal([start + 5, start + 8, start + 20].map(BigInt));
    await goToEpoch(market, start + 7);
    await escrow.connect(others[0]).topUp(leaseId, 4n * DOLLAR, "0x");
    expect(await escrow.runwayOf(leaseId), "topped up").to.deep.equal([start + 9, start + 12, start + 20].map(BigInt));
    await goToEpoch(market, start + 12);
    await expect(escrow.connect(others[0]).topUp(leaseId, DOLLAR, "0x"))
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_GraceOver")
      .withArgs(start + 12, start + 12);
    await goToEpoch(market, start + 9 + HORIZON);
    await escrow.settle(leaseId, 1_000n);
    expect(await leaseOf(market, leaseId), "lease").to.include({ status: STATUS.outOfFunds });
  });

  it("takes no more rent than the term costs", async () => {
    const market = await loadFixture(leaseMarket);
    const { leaseId } = await rent(market, { paid: 5n });
    await expect(market.escrow.connect(market.mallory).topUp(leaseId, 15n * DOLLAR + 1n, "0x"))
      .to.be.revertedWithCustomError(market.escrow, "LeaseEscrow_DepositTooLarge")
      .withArgs(20n * DOLLAR + 1n, 20n * DOLLAR);
    await market.escrow.connect(market.mallory).topUp(leaseId, 15n * DOLLAR, "0x");
  });

  it("holds no more rent than its slot has room for", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, stablecoin, faucet, mallory, bob } = market;
    const [price, units, most] = [2n ** 64n - 1n, 60_000n, 2n ** 88n - 1n];
    const terms = { price, bondEpochs: 0n, maxEpochs: 5_000_000n };
    const listing = await list(market, { units, terms });
    await stablecoin.connect(faucet).mint(mallory.address, 4n * most);
    const ask = (deposit: bigint) =>
      escrow.connect(mallory).open([listing, 1, units, 1_000_000, deposit, price, "0x"], NO_OFFER, "0x");
    await expect(ask(most + JANITOR_FEE + 1n), "deposit")
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_DepositTooLarge")
      .withArgs(most + JANITOR_FEE + 1n, most + JANITOR_FEE);
    await ask(most + JANITOR_FEE);
    await escrow.connect(bob).accept(1n, "0x");
    const { start } = await leaseOf(market, 1n);
    await goToEpoch(market, Number(start) + 2 + HORIZON);
    await escrow.settle(1n, 1_000n);
    const room = 2n * price * units;
    await expect(escrow.connect(mallory).topUp(1n, room + 1n, "0x"), "top-up")
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_DepositTooLarge")
      .withArgs(most + 1n, most);
    await escrow.connect(mallory).topUp(1n, room, "0x");
  });

  it("is completed when notice ends it no earlier than its term", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow } = market;
    const { leaseId, start } = await rent(market, { epochs: 5n });
    await goToEpoch(market, start + 4);
    await escrow.connect(market.bob).giveNotice(leaseId);
    await goToEpoch(market, start + 5 + HORIZON);
    await escrow.settle(leaseId, 100n);
    expect((await leaseOf(market, leaseId)).status, "status").to.equal(STATUS.completed);
  });

  it("ends by notice of either side, not before the shortest term", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, mallory, bob, carol } = market;
    const first = await rent(market);
    const second = await rent(market);
    await expect(escrow.connect(carol).giveNotice(first.leaseId)).to.be.revertedWithCustomError(
      escrow,
      "LeaseEscrow_NotProvider",
    );
    await escrow.connect(mallory).giveNotice(first.leaseId);
    await goToEpoch(market, second.start + 6);
    await escrow.connect(bob).giveNotice(second.leaseId);
    expect((await escrow.runwayOf(first.leaseId))[2], "shortest term").to.equal(BigInt(first.start + 4));
    expect((await escrow.runwayOf(second.leaseId))[2], "notice").to.equal(BigInt(second.start + 9));
    await goToEpoch(market, second.start + 9 + HORIZON);
    await escrow.settle(first.leaseId, 1_000n);
    await escrow.settle(second.leaseId, 1_000n);
    expect((await leaseOf(market, first.leaseId)).status, "first").to.equal(STATUS.endedByClient);
    expect((await leaseOf(market, second.leaseId)).status, "second").to.equal(STATUS.endedByProvider);
    expect((await creditsOf(market)).client, "returned").to.equal((16n + 11n) * DOLLAR + 2n * JANITOR_FEE);
  });

  it("extends while the version is offered", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, listings, mallory, alice } = market;
    const { leaseId, start } = await rent(market);
    await escrow.connect(mallory).extend(leaseId, 30n);
    expect((await escrow.runwayOf(leaseId))[2], "end").to.equal(BigInt(start + 50));
    await expect(escrow.connect(mallory).extend(leaseId, 1_951n)).to.be.revertedWithCustomError(
      escrow,
      "LeaseEscrow_TermOutOfBounds",
    );
    await listings.connect(alice).setPaused(1, true);
    await expect(escrow.connect(mallory).extend(leaseId, 1n)).to.be.revertedWithCustomError(
      escrow,
      "LeaseEscrow_NotOffered",
    );
  });
});

describe("LeaseEscrow: breach", () => {
  it("ends with the epoch that completes the run, whoever settles when", async () => {
    for (const page of [1n, 2n, 7n, 1_000n]) {
      const market = await loadFixture(leaseMarket);
      const { leaseId, start } = await rent(market);
      await market.marks.markRange(0, start + 5, start + 12, MARK.absent);
      await goToEpoch(market, start + 15 + HORIZON);
      for (let i = 0; i < 16; i++) await market.escrow.settle(leaseId, page);
      expect(await leaseOf(market, leaseId), `pages of ${page}`).to.include({
        status: STATUS.breached,
      });
      const { client, provider, fee } = await creditsOf(market);
      expect(provider + fee, "five proven epochs").to.equal(5n * DOLLAR);
      expect(client, "rest, bond and fee").to.equal(15n * DOLLAR + 5n * DOLLAR + JANITOR_FEE);
    }
  });

  it("ends with the epoch after which the uptime cannot be reached", async () => {
    const market = await loadFixture(leaseMarket);
    const { leaseId, start } = await rent(market);
    for (const epoch of [1, 4, 8, 11]) await market.marks.mark(0, start + epoch, MARK.degraded);
    await goToEpoch(market, start + 15 + HORIZON);
    await market.escrow.settle(leaseId, 1_000n);
    expect((await leaseOf(market, leaseId)).status, "reason").to.equal(STATUS.breached);
    const { provider, fee } = await creditsOf(market);
    expect(provider + fee, "six of the first nine epochs").to.equal(6n * DOLLAR);
  });

  it("allows as many missed epochs as the uptime leaves, and not one more", async () => {
    for (const [missed, status] of [
      [[1, 4], STATUS.active],
      [[1, 4, 8], STATUS.breached],
    ] as const) {
      const market = await loadFixture(leaseMarket);
      const { leaseId, start } = await rent(market);
      for (const epoch of missed) await market.marks.mark(0, start + epoch, MARK.absent);
      await goToEpoch(market, start + 15 + HORIZON);
      await market.escrow.settle(leaseId, 1_000n);
      expect((await leaseOf(market, leaseId)).status, `${missed.length} of 20`).to.equal(status);
    }
  });

  it("adds up no runs that lie apart, in whatever pages", async () => {
    for (const page of [1n, 2n, 1_000n]) {
      const market = await loadFixture(leaseMarket);
      const listing = await list(market, { terms: { uptimeBp: 0n } });
      const { leaseId, start } = await rent(market, { listing });
      for (const epoch of [2, 5, 6, 9, 10, 12, 13]) await market.marks.mark(0, start + epoch, MARK.absent);
      await goToEpoch(market, start + 16 + HORIZON);
      for (let i = 0; i < 16; i++) await market.escrow.settle(leaseId, page);
      expect(await leaseOf(market, leaseId), `pages of ${page}`).to.include({
        status: STATUS.active,
        settledUntil: BigInt(start + 16),
      });
    }
  });

  it("takes no unreported epoch for a missed one", async () => {
    const market = await loadFixture(leaseMarket);
    const { leaseId, start } = await rent(market);
    await market.marks.markRange(0, start, start + 15, MARK.unreported);
    await goToEpoch(market, start + 15 + HORIZON);
    await market.escrow.settle(leaseId, 1_000n);
    expect((await leaseOf(market, leaseId)).status, "status").to.equal(STATUS.active);
    expect((await creditsOf(market)).client, "refunded").to.equal(15n * DOLLAR);
  });

  it("takes epochs after the node's exit for missed ones", async () => {
    const market = await loadFixture(leaseMarket);
    const { leaseId, start } = await rent(market);
    await market.registry.connect(market.alice).exitNode(0);
    await goToEpoch(market, start + 10 + HORIZON);
    await market.escrow.settle(leaseId, 1_000n);
    expect((await leaseOf(market, leaseId)).status, "reason").to.equal(STATUS.breached);
  });
});

describe("LeaseEscrow: janitor", () => {
  it("pays for overdue leases and passes over the others with a reason", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, others, stable } = market;
    const done = await rent(market);
    const running = await rent(market, { epochs: 100n });
    await goToEpoch(market, done.start + 21 + HORIZON);
    const janitor = others[3];
    const sweep = escrow.connect(janitor).sweep([done.leaseId, running.leaseId, 99n, done.leaseId], 1_000n);
    await expect(sweep).to.emit(escrow, "SweepSkipped").withArgs(running.leaseId, 1n, NO_REASON);
    await expect(sweep)
      .to.emit(escrow, "SweepSkipped")
      .withArgs(99n, 5n, escrow.interface.getError("LeaseEscrow_UnknownLease")?.selector);
    await expect(sweep).to.emit(escrow, "SweepSkipped").withArgs(done.leaseId, 4n, NO_REASON);
    expect(await escrow.creditOf(stable, janitor.address), "fee").to.equal(JANITOR_FEE);
    expect((await leaseOf(market, done.leaseId)).status, "closed").to.equal(STATUS.completed);
  });

  it("is not paid while both sides can still close it", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, others, stable } = market;
    const { leaseId, start } = await rent(market);
    await goToEpoch(market, start + 20 + HORIZON);
    await escrow.connect(others[3]).sweep([leaseId], 1_000n);
    expect((await leaseOf(market, leaseId)).status, "closed").to.equal(STATUS.completed);
    expect(await escrow.creditOf(stable, others[3].address), "janitor").to.equal(0n);
    expect((await creditsOf(market)).client, "client").to.equal(JANITOR_FEE);
  });

  it("lets everybody withdraw, each to its own account", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, stablecoin, stable, carol, mallory, others } = market;
    const { leaseId, start } = await rent(market);
    await goToEpoch(market, start + 20 + HORIZON);
    await escrow.settle(leaseId, 1_000n);
    await escrow.connect(others[0]).withdraw(stable, carol.address);
    expect(await stablecoin.balanceOf(carol.address), "beneficiary").to.equal((20n * DOLLAR * 98n) / 100n);
    await expect(escrow.withdraw(stable, carol.address)).to.be.revertedWithCustomError(
      escrow,
      "TokenBalances_NothingToWithdraw",
    );
    await escrow.withdraw(stable, mallory.address);
    await escrow.withdraw(stable, market.timelockSigner.address);
    expect(await stablecoin.balanceOf(await escrow.getAddress()), "only the bond is left").to.equal(10_000n * DOLLAR);
  });
});

describe("LeaseEscrow: metered leases", () => {
  const voucherOf = async (market: Awaited<ReturnType<typeof leaseMarket>>, leaseId: bigint, amount: bigint) => {
    const domain = {
      name: "PQMesh",
      version: "1",
      chainId: 31_337,
      verifyingContract: await market.vouchers.getAddress(),
    };
    const fields = { name: "leaseId", type: "uint256" };
    const types = { Voucher: [fields, { name: "amount", type: "uint256" }] };
    return market.mallory.signTypedData(domain, types, { leaseId, amount });
  };

  it("pays vouchers up to the rent of proven epochs", async () => {
    const market = await loadFixture(leaseMarket);
    const { vouchers } = market;
    const listing = await list(market, { terms: { isMetered: true } });
    const { leaseId, start } = await rent(market, { listing });
    await goToEpoch(market, start + 10 + HORIZON);
    await market.escrow.settle(leaseId, 1_000n);
    expect((await creditsOf(market)).provider, "nothing without a voucher").to.equal(0n);
    await vouchers.redeem(leaseId, 4n * DOLLAR, await voucherOf(market, leaseId, 4n * DOLLAR));
    await vouchers.redeem(leaseId, 50n * DOLLAR, await voucherOf(market, leaseId, 50n * DOLLAR));
    const { provider, fee } = await creditsOf(market);
    expect(provider + fee, "never above what was proven").to.equal(10n * DOLLAR);
    await expect(vouchers.redeem(leaseId, 4n * DOLLAR, await voucherOf(market, leaseId, 4n * DOLLAR)))
      .to.be.revertedWithCustomError(vouchers, "LeaseVouchers_NothingToRedeem")
      .withArgs(4n * DOLLAR, 10n * DOLLAR, 10n * DOLLAR);
    const foreign = await market.alice.signMessage("pay me");
    await expect(vouchers.redeem(leaseId, DOLLAR, foreign)).to.be.revertedWithCustomError(
      vouchers,
      "LeaseVouchers_InvalidSignature",
    );
  });

  it("returns what no voucher drew on after its window", async () => {
    const market = await loadFixture(leaseMarket);
    const { vouchers, escrow } = market;
    const listing = await list(market, { terms: { isMetered: true } });
    const { leaseId, start } = await rent(market, { listing });
    await goToEpoch(market, start + 20 + HORIZON);
    await escrow.settle(leaseId, 1_000n);
    await vouchers.redeem(leaseId, 5n * DOLLAR, await voucherOf(market, leaseId, 5n * DOLLAR));
    await expect(vouchers.returnUnredeemed(leaseId)).to.be.revertedWithCustomError(
      vouchers,
      "LeaseVouchers_OutsideWindow",
    );
    await goToEpoch(market, start + 20 + HORIZON + 6);
    await expect(
      vouchers.redeem(leaseId, 9n * DOLLAR, await voucherOf(market, leaseId, 9n * DOLLAR)),
    ).to.be.revertedWithCustomError(vouchers, "LeaseVouchers_OutsideWindow");
    await vouchers.returnUnredeemed(leaseId);
    expect((await creditsOf(market)).client, "client").to.equal(15n * DOLLAR + JANITOR_FEE);
  });
});
