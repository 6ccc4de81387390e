import { expect } from "chai";
import { id, ZeroAddress } from "ethers";
import { attestationKey } from "../support/attestation-key.ts";
import { connection } from "../support/deployed-network.ts";
import {
  DESCRIPTION,
  DOLLAR,
  goToEpoch,
  HORIZON,
  JANITOR_FEE,
  leaseMarket,
  MARK,
  type LeaseMarket,
  list,
  NO_OFFER,
  open,
  PRIVACY,
  rent,
  sharesProof,
  showCapacity,
  termsOf,
} from "../LeaseEscrow/support/lease-market.ts";

const { networkHelpers } = connection;
const { loadFixture } = networkHelpers;
/** Kinds of buyer, as the contract numbers them. */
const BUYERS = ["stranger", "member", "invited", "own"] as const;
/** The published table: who may lease at each level. */
const ADMITTED: Record<keyof typeof PRIVACY, readonly (typeof BUYERS)[number][]> = {
  private: ["own"],
  privateNetwork: ["member", "own"],
  p2p: ["invited", "own"],
  publicNetwork: ["member", "own"],
  fullPublic: ["stranger", "member", "invited", "own"],
};

/** Alice's offer of one unit of a listing to a client. */
async function offerTo(market: LeaseMarket, listing: number, client: string, changes = {}) {
  const domain = {
    ...{ name: "PQMesh", version: "1", chainId: 31_337 },
    verifyingContract: await market.listings.getAddress(),
  };
  const types = {
    Offer: [
      { name: "listingId", type: "uint32" },
      { name: "version", type: "uint16" },
      { name: "client", type: "address" },
      { name: "units", type: "uint16" },
      { name: "expiresAt", type: "uint64" },
      { name: "nonce", type: "uint256" },
    ],
  };
  const offer = { listingId: listing, version: 1, client, units: 1, expiresAt: 4_000_000_000n, nonce: 7n, ...changes };
  const signature = await market.bob.signTypedData(domain, types, offer);
  return [market.bob.address, offer.expiresAt, offer.nonce, signature] as const;
}

/** Shares that the listings of node 0 take. */
async function offeredShares({ listings }: LeaseMarket): Promise<bigint> {
  return ((await listings.capacityOf(0)) as { offered: bigint }).offered;
}

describe("NodeListings: who may lease", () => {
  for (const [level, admitted] of Object.entries(ADMITTED) as [keyof typeof PRIVACY, readonly string[]][]) {
    for (const [kind, buyer] of BUYERS.entries()) {
      const isAdmitted = admitted.includes(buyer);
      it(`${isAdmitted ? "admits" : "refuses"} ${buyer} to ${level}`, async () => {
        const market = await loadFixture(leaseMarket);
        const { listings, escrow, registry, alice, others } = market;
        const client = buyer === "own" ? alice : others[0];
        const listing = await list(market, { privacy: PRIVACY[level], terms: {} });
        if (buyer === "member") {
          await listings.connect(alice).setMembers(1, [client.address], true);
          if (level === "publicNetwork") {
            await registry.connect(client).registerOperator(ZeroAddress, ZeroAddress, id("other root key"));
          }
        }
        const offer = buyer === "invited" ? await offerTo(market, listing, client.address) : NO_OFFER;
        const request = [listing, 1, 1, 4, 4n * DOLLAR + JANITOR_FEE, DOLLAR, "0x"] as const;
        const attempt = escrow.connect(client).open(request, offer, "0x");
        if (isAdmitted) await expect(attempt).to.emit(escrow, "LeaseOpened");
        else await expect(attempt).to.be.revertedWithCustomError(listings, "NodeListings_NotAdmitted");
        expect(await listings.isAdmitted(PRIVACY[level], kind), "published table").to.equal(isAdmitted);
      });
    }
  }

  it("takes an offer once, in time, for its client and terms", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, escrow, others } = market;
    const [client, thief] = others;
    const listing = await list(market, { privacy: PRIVACY.p2p });
    const ask = (by: typeof client, offer: readonly unknown[], units = 1) => {
      const request = [listing, 1, units, 4, BigInt(units) * 4n * DOLLAR + JANITOR_FEE, DOLLAR, "0x"] as const;
      return escrow.connect(by).open(request, offer, "0x");
    };
    const offer = await offerTo(market, listing, client.address);
    await expect(ask(thief, offer), "another client").to.be.revertedWithCustomError(
      listings,
      "NodeListings_InvalidOffer",
    );
    await expect(ask(client, offer, 2), "more units").to.be.revertedWithCustomError(
      listings,
      "NodeListings_InvalidOffer",
    );
    const late = await offerTo(market, listing, client.address, { expiresAt: 1n });
    await expect(ask(client, late), "late").to.be.revertedWithCustomError(listings, "NodeListings_OfferExpired");
    await ask(client, offer);
    await expect(ask(client, offer), "again").to.be.revertedWithCustomError(listings, "NodeListings_OfferUsed");
    const withdrawn = await offerTo(market, listing, client.address, { nonce: 8n });
    await listings.connect(market.alice).withdrawOffer(1, 8n);
    await expect(ask(client, withdrawn), "withdrawn").to.be.revertedWithCustomError(listings, "NodeListings_OfferUsed");
  });
});

describe("NodeListings: offers", () => {
  it("takes no offer that the operator did not sign", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, escrow, others } = market;
    const [client, thief] = others;
    const listing = await list(market, { privacy: PRIVACY.p2p });
    const [, ...rest] = await offerTo(market, listing, client.address);
    const request = [listing, 1, 1, 4, 4n * DOLLAR + JANITOR_FEE, DOLLAR, "0x"] as const;
    for (const signer of [thief.address, ZeroAddress]) {
      await expect(escrow.connect(client).open(request, [signer, ...rest], "0x"), signer)
        .to.be.revertedWithCustomError(listings, "NodeListings_InvalidOffer")
        .withArgs(signer);
    }
  });

  it("follows a change of the level of privacy at once", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, alice } = market;
    await expect(listings.connect(alice).setPrivacy(1, PRIVACY.private))
      .to.emit(listings, "ListingPrivacySet")
      .withArgs(1, PRIVACY.private);
    await expect(open(market)).to.be.revertedWithCustomError(listings, "NodeListings_NotAdmitted");
  });
});

describe("NodeListings: capacity", () => {
  it("never sells more units than it has", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, alice, escrow } = market;
    const first = await open(market, { units: 7n });
    await expect(open(market, { units: 4n }))
      .to.be.revertedWithCustomError(listings, "NodeListings_NotEnoughUnits")
      .withArgs(1, 4, 3);
    await open(market, { units: 3n });
    for (const units of [1n, 0n]) {
      await expect(open(market, { units }), `${units} units`)
        .to.be.revertedWithCustomError(listings, "NodeListings_NotEnoughUnits")
        .withArgs(1, units, 0);
    }
    await expect(listings.connect(alice).resize(1, 9, 1_000))
      .to.be.revertedWithCustomError(listings, "NodeListings_UnitsSold")
      .withArgs(1, 9, 10);
    await escrow.connect(market.mallory).cancel(first);
    await open(market, { units: 7n });
  });

  it("never offers more than the whole of a resource", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, alice } = market;
    await list(market, { shareBp: 9_000n });
    await expect(list(market, { shareBp: 1n }))
      .to.be.revertedWithCustomError(listings, "NodeListings_ShareExceeded")
      .withArgs(0, 0, 1, 0);
    await listings.connect(alice).resize(1, 10, 400);
    await list(market, { shareBp: 600n });
    await listings.connect(alice).retire(2);
    expect(await offeredShares(market), "shares after retiring").to.equal(1_000n);
  });

  it("never offers more than the node attests", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings } = market;
    await showCapacity(market, { epoch: 2, shares: 3_000n });
    await expect(list(market, { shareBp: 2_001n }))
      .to.be.revertedWithCustomError(listings, "NodeListings_NotAttested")
      .withArgs(0, 0, 3_001, 3_000);
    await list(market, { shareBp: 2_000n });
    await open(market, { listing: 2 });
    await showCapacity(market, { epoch: 3, shares: 2_999n });
    await expect(open(market, { listing: 2 }), "attests less by now")
      .to.be.revertedWithCustomError(listings, "NodeListings_NotAttested")
      .withArgs(0, 0, 3_000, 2_999);
    await listings.connect(market.alice).resize(1, 10, 999);
    await open(market, { listing: 2 });
  });

  it("makes no unit smaller while leases hold units", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, escrow, alice } = market;
    const leaseId = await open(market, { units: 1n });
    for (const [units, shareBp, least] of [
      [10, 999, 1_000],
      [11, 1_000, 1_100],
      [3, 299, 300],
    ] as const) {
      await expect(listings.connect(alice).resize(1, units, shareBp), `${units} units of ${shareBp} bp`)
        .to.be.revertedWithCustomError(listings, "NodeListings_OutOfBounds")
        .withArgs("shareBp", shareBp, least, 10_000);
    }
    await listings.connect(alice).resize(1, 3, 300);
    await listings.connect(alice).resize(1, 20, 2_000);
    await escrow.connect(market.mallory).cancel(leaseId);
    await listings.connect(alice).resize(1, 20, 1);
  });

  it("takes no attestation of an epoch in which the node counts as absent", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, marks } = market;
    const { commitment, proof } = await sharesProof(market, { epoch: 2 });
    await marks.getFunction("setCommitment")(0, 2, commitment);
    await marks.getFunction("mark")(0, 2, MARK.absent);
    await expect(listings.showCapacity(...proof))
      .to.be.revertedWithCustomError(listings, "NodeListings_NotInReport")
      .withArgs(0, 2);
  });

  it("takes a newer attestation of an accepted report alone", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, marks } = market;
    const { commitment, proof } = await sharesProof(market, { epoch: 2 });
    await expect(listings.showCapacity(...proof), "unknown report")
      .to.be.revertedWithCustomError(listings, "Evidence_UnknownReport")
      .withArgs(0, 2);
    await marks.getFunction("setCommitment")(0, 2, commitment);
    const [report, attestation, signatureHash, siblings] = proof;
    for (const [what, changed] of [
      ["other shares", { ...attestation, shares: 1n }],
      ["another node", { ...attestation, nodeIndex: 1 }],
      ["a node of another shard", { ...attestation, nodeIndex: 512 }],
      ["another epoch", { ...attestation, epoch: 3n }],
    ] as const) {
      await expect(listings.showCapacity(report, changed, signatureHash, siblings), what)
        .to.be.revertedWithCustomError(listings, "NodeListings_NotInReport")
        .withArgs(changed.nodeIndex, 2);
    }
    await expect(listings.showCapacity(...proof))
      .to.emit(listings, "CapacityShown")
      .withArgs(0, 2, attestation.shares);
    await expect(listings.showCapacity(...proof), "again")
      .to.be.revertedWithCustomError(listings, "NodeListings_NotNewer")
      .withArgs(0, 2, 2);
  });

  it("frees the share of a retired listing with its last lease", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, alice, escrow, mallory } = market;
    const leaseId = await open(market);
    await listings.connect(alice).retire(1);
    expect(await offeredShares(market), "while sold").to.equal(1_000n);
    await escrow.connect(mallory).cancel(leaseId);
    expect(await offeredShares(market), "after").to.equal(0n);
    await expect(open(market)).to.be.revertedWithCustomError(listings, "NodeListings_NotOpen").withArgs(1, false, true);
  });
});

describe("NodeListings: what it refuses", () => {
  it("knows no listing that nobody created", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, alice, stable } = market;
    const by = listings.connect(alice);
    for (const call of [
      () => by.listingOf(2),
      () => by.buyerOf(2, alice.address),
      () => by.publishVersion(2, termsOf(stable), DESCRIPTION),
      () => by.resize(2, 1, 1),
      () => by.setPaused(2, true),
      () => by.retire(2),
      () => market.escrow.connect(market.mallory).open([2, 1, 1, 4, 5n * DOLLAR, DOLLAR, "0x"], NO_OFFER, "0x"),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(listings, "NodeListings_UnknownListing").withArgs(2);
    }
  });

  it("reads no version that nobody published", async () => {
    const { listings } = await loadFixture(leaseMarket);
    for (const [listing, version, newest] of [
      [1, 0, 1],
      [1, 2, 1],
      [2, 1, 0],
    ] as const) {
      for (const call of [() => listings.termsOf(listing, version), () => listings.tenancyOf(listing, version)]) {
        await expect(call(), `version ${version} of listing ${listing}`)
          .to.be.revertedWithCustomError(listings, "NodeListings_WrongVersion")
          .withArgs(listing, version, newest);
      }
    }
  });

  it("lets nobody but the escrow sell units or free them", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, escrow, alice } = market;
    await open(market);
    for (const call of [
      () => listings.connect(alice).reserve(1, 1, 1, alice.address, NO_OFFER),
      () => listings.connect(alice).release(1, 1),
    ]) {
      await expect(call())
        .to.be.revertedWithCustomError(listings, "NodeListings_NotEscrow")
        .withArgs(alice.address, await escrow.getAddress());
    }
    expect(((await listings.listingOf(1)) as { soldUnits: bigint }).soldUnits, "units sold").to.equal(1n);
  });

  it("sells nothing of a listing while it is paused, and leaves its leases alone", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, escrow, alice, mallory } = market;
    const { leaseId, start } = await rent(market);
    await expect(listings.connect(alice).setPaused(1, true)).to.emit(listings, "ListingPaused").withArgs(1, true);
    await expect(open(market), "open")
      .to.be.revertedWithCustomError(listings, "NodeListings_NotOpen")
      .withArgs(1, true, false);
    await expect(escrow.connect(mallory).extend(leaseId, 1n), "extend")
      .to.be.revertedWithCustomError(escrow, "LeaseEscrow_NotOffered")
      .withArgs(1, 1);
    await goToEpoch(market, start + 2 + HORIZON);
    expect(await escrow.settle.staticCall(leaseId, 100n), "settled until").to.equal(start + 2);
    await listings.connect(alice).setPaused(1, false);
    await escrow.connect(mallory).extend(leaseId, 1n);
    await open(market);
  });
});

describe("NodeListings: versions and operators", () => {
  it("keeps the terms of leases that are open", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, escrow, alice, stable } = market;
    const { leaseId } = await rent(market);
    await listings.connect(alice).publishVersion(1, termsOf(stable, { price: 5n * DOLLAR }), DESCRIPTION);
    expect((await escrow.tenancyOf(leaseId))[1], "rate").to.equal(DOLLAR);
    await expect(open(market)).to.be.revertedWithCustomError(escrow, "LeaseEscrow_PriceAboveMax");
  });

  it("refuses terms outside their limits and names the field", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, alice, stable } = market;
    for (const [field, value, changes] of [
      ["price", 0n, { price: 0n }],
      ["minEpochs", 0n, { minEpochs: 0n }],
      ["minEpochs", 2_001n, { minEpochs: 2_001n }],
      ["maxEpochs", 5_256_001n, { maxEpochs: 5_256_001n }],
      ["uptimeBp", 10_001n, { uptimeBp: 10_001n }],
      ["maxMissedRun", 0n, { maxMissedRun: 0n }],
      ["acceptEpochs", 0n, { acceptEpochs: 0n }],
    ] as const) {
      const attempt = listings.connect(alice).publishVersion(1, termsOf(stable, changes), DESCRIPTION);
      const error = await attempt.then(
        () => undefined,
        (cause: unknown) => cause,
      );
      expect(String(error), field).to.contain(`NodeListings_OutOfBounds("${field}", ${value}`);
    }
  });

  it("refuses terms without a token, and any change once it is retired", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, alice, stable } = market;
    const by = listings.connect(alice);
    await expect(by.publishVersion(1, termsOf(ZeroAddress), DESCRIPTION))
      .to.be.revertedWithCustomError(listings, "Governed_ZeroAddress")
      .withArgs("token");
    await by.retire(1);
    for (const call of [() => by.publishVersion(1, termsOf(stable), DESCRIPTION), () => by.setPrivacy(1, 0)]) {
      await expect(call()).to.be.revertedWithCustomError(listings, "NodeListings_NotOpen").withArgs(1, false, true);
    }
  });

  it("refuses descriptions that are too long, and countries that are none", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, alice, stable } = market;
    const publish = (jurisdiction: string, specs: string) =>
      listings.connect(alice).publishVersion(1, termsOf(stable), [id("document"), jurisdiction, specs]);
    for (const code of ["0x4465", "0x4445".replace("45", "00"), "0x5b41", "0x4140"]) {
      await expect(publish(code, ""), code)
        .to.be.revertedWithCustomError(listings, "NodeListings_InvalidJurisdiction")
        .withArgs(code);
    }
    await expect(publish("0x0000", "x".repeat(1_025)))
      .to.be.revertedWithCustomError(listings, "NodeListings_OutOfBounds")
      .withArgs("specs", 1_025, 0, 1_024);
    await publish("0x0000", "x".repeat(1_024));
    await publish("0x415a", "");
  });

  it("lets only the operator of an active node list it", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, registry, alice, mallory, stable } = market;
    const supply = [0, 1, 1, 1, 4] as const;
    await expect(listings.connect(mallory).createListing(supply, termsOf(stable), DESCRIPTION))
      .to.be.revertedWithCustomError(listings, "NodeListings_NotOperator")
      .withArgs(mallory.address, 1);
    for (const call of [
      () => listings.connect(mallory).resize(1, 10, 1),
      () => listings.connect(mallory).setPrivacy(1, 0),
      () => listings.connect(mallory).setPaused(1, true),
      () => listings.connect(mallory).retire(1),
      () => listings.connect(mallory).setMembers(1, [mallory.address], true),
      () => listings.connect(mallory).withdrawOffer(1, 1n),
    ]) {
      await expect(call()).to.be.revertedWithCustomError(listings, "NodeListings_NotOperator");
    }
    await registry.connect(alice).registerNode(attestationKey("second"), id("region"));
    await registry.connect(alice).exitNode(1);
    await expect(listings.connect(alice).createListing([1, 1, 1, 1, 4], termsOf(stable), DESCRIPTION))
      .to.be.revertedWithCustomError(listings, "NodeListings_NodeExited")
      .withArgs(1);
  });
});
