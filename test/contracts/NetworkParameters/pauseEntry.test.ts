import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { connection, MESH, MIN_STAKE } from "../support/deployed-network.ts";
import { networkWithDelegation } from "../support/delegated-node.ts";
import { registerNode } from "../support/registered-node.ts";
import { DESCRIPTION, DOLLAR, leaseMarket, open, rent, termsOf } from "../LeaseEscrow/support/lease-market.ts";

const { networkHelpers } = connection;
const { loadFixture, time } = networkHelpers;
const AREA = { stake: 0, delegation: 1, listing: 2, lease: 3 } as const;
/** Longest pause of the test network in seconds. */
const MAX_PAUSE = 60;
const YEAR = 365 * 86_400;

type Paused = Pick<Awaited<ReturnType<typeof networkWithDelegation>>, "parameters" | "timelockSigner">;

/** The timelock pauses an area for as long as it can; returns the moment at which the pause ends. */
async function pause({ parameters, timelockSigner }: Paused, area: number): Promise<number> {
  const until = (await time.latest()) + MAX_PAUSE;
  await parameters.connect(timelockSigner).pauseEntry(area, until);
  return until;
}

/** A network whose emergency guardian is carol. */
async function guardedNetwork() {
  const network = await networkWithDelegation();
  const { parameters, timelockSigner, carol } = network;
  await parameters.connect(timelockSigner).setEmergencyGuardian(carol.address, (await time.latest()) + YEAR);
  return { ...network, asGuardian: parameters.connect(carol), asTimelock: parameters.connect(timelockSigner) };
}

describe("NetworkParameters: pauseEntry", () => {
  it("refuses the stake of a node that is not active", async () => {
    const network = await loadFixture(networkWithDelegation);
    const { staking, parameters, alice } = network;
    await registerNode(network, alice);
    const until = await pause(network, AREA.stake);
    for (const amount of [MESH, MIN_STAKE]) {
      await expect(staking.connect(alice).stake(1, amount))
        .to.be.revertedWithCustomError(parameters, "EntryPause_Paused")
        .withArgs(AREA.stake, until);
    }
  });

  it("lets an active node top up, also from rewards", async () => {
    const network = await loadFixture(networkWithDelegation);
    const { staking, token, alice, payer, timelockSigner } = network;
    await token.connect(timelockSigner).transfer(payer.address, MESH);
    await token.connect(payer).approve(await staking.getAddress(), MESH);
    await pause(network, AREA.stake);
    for (const staker of [alice, payer]) {
      await expect(staking.connect(staker).stake(0, MESH)).to.emit(staking, "Staked");
    }
  });

  it("refuses delegators who are new to a node", async () => {
    const network = await loadFixture(networkWithDelegation);
    const { delegation, parameters, bob, mallory } = network;
    const until = await pause(network, AREA.delegation);
    await expect(delegation.connect(bob).delegate(0, MESH, 0n))
      .to.be.revertedWithCustomError(parameters, "EntryPause_Paused")
      .withArgs(AREA.delegation, until);
    await expect(delegation.connect(mallory).delegate(0, MESH, 0n)).to.emit(delegation, "Delegated");
  });

  it("refuses new listings", async () => {
    const market = await loadFixture(leaseMarket);
    const { listings, parameters, alice, stable } = market;
    const until = await pause(market, AREA.listing);
    await expect(listings.connect(alice).createListing([0, 1, 1, 1, 4], termsOf(stable), DESCRIPTION))
      .to.be.revertedWithCustomError(parameters, "EntryPause_Paused")
      .withArgs(AREA.listing, until);
  });

  it("refuses new leases", async () => {
    const market = await loadFixture(leaseMarket);
    const until = await pause(market, AREA.lease);
    await expect(open(market))
      .to.be.revertedWithCustomError(market.parameters, "EntryPause_Paused")
      .withArgs(AREA.lease, until);
  });

  it("lets stake and delegations leave", async () => {
    const network = await loadFixture(networkWithDelegation);
    const { staking, delegation, alice, mallory, punish } = network;
    for (const area of Object.values(AREA)) await pause(network, area);
    await staking.connect(alice).requestUnbond(0, MESH);
    await delegation.connect(mallory).undelegate(0, 1_000n * MESH, 0n);
    await punish(MESH);
    await time.increase(10_000);
    for (const area of Object.values(AREA)) await pause(network, area);
    await expect(staking.connect(mallory).withdraw(0, 32n)).to.emit(staking, "Withdrawn");
    await expect(delegation.connect(mallory).withdrawDelegation(0, mallory.address, 32n)).to.emit(
      delegation,
      "DelegationWithdrawn",
    );
  });

  it("lets leases go on, be topped up and end", async () => {
    const market = await loadFixture(leaseMarket);
    const { escrow, mallory } = market;
    const { leaseId } = await rent(market, { paid: 10n });
    for (const area of Object.values(AREA)) await pause(market, area);
    await escrow.connect(mallory).topUp(leaseId, DOLLAR, "0x");
    await expect(escrow.connect(mallory).giveNotice(leaseId)).not.to.revert(connection.ethers);
  });

  it("leaves the other areas open", async () => {
    const network = await loadFixture(networkWithDelegation);
    await pause(network, AREA.delegation);
    await expect(network.staking.connect(network.alice).stake(0, MESH)).to.emit(network.staking, "Staked");
  });

  it("opens by itself", async () => {
    const network = await loadFixture(networkWithDelegation);
    const { staking, parameters, alice } = network;
    await registerNode(network, alice);
    const until = await pause(network, AREA.stake);
    await time.setNextBlockTimestamp(until - 1);
    await expect(staking.connect(alice).stake(1, MESH)).to.be.revertedWithCustomError(parameters, "EntryPause_Paused");
    await time.setNextBlockTimestamp(until);
    await expect(staking.connect(alice).stake(1, MESH)).to.emit(staking, "Staked");
  });
});

describe("NetworkParameters: the emergency guardian", () => {
  it("pauses for at most the longest pause", async () => {
    const { parameters, asGuardian, carol } = await loadFixture(guardedNetwork);
    for (const length of [0, MAX_PAUSE + 1]) {
      const now = (await time.latest()) + 1;
      await time.setNextBlockTimestamp(now);
      await expect(asGuardian.pauseEntry(AREA.lease, now + length))
        .to.be.revertedWithCustomError(parameters, "EntryPause_InvalidEnd")
        .withArgs(now + length, now, now + MAX_PAUSE);
    }
    const now = (await time.latest()) + 1;
    await time.setNextBlockTimestamp(now);
    await expect(asGuardian.pauseEntry(AREA.lease, now + MAX_PAUSE))
      .to.emit(parameters, "EntryPaused")
      .withArgs(AREA.lease, now + MAX_PAUSE, carol.address);
  });

  it("leaves the area open afterwards for as long as a pause can last", async () => {
    const { parameters, asGuardian } = await loadFixture(guardedNetwork);
    const until = (await time.latest()) + 20;
    await asGuardian.pauseEntry(AREA.stake, until);
    await time.increaseTo(until + MAX_PAUSE - 2);
    await expect(asGuardian.pauseEntry(AREA.stake, until + MAX_PAUSE + 10))
      .to.be.revertedWithCustomError(parameters, "EntryPause_TooSoon")
      .withArgs(AREA.stake, until + MAX_PAUSE);
    await time.setNextBlockTimestamp(until + MAX_PAUSE);
    await expect(asGuardian.pauseEntry(AREA.stake, until + MAX_PAUSE + 10)).to.emit(parameters, "EntryPaused");
  });

  it("cannot make a pause longer", async () => {
    const { parameters, asGuardian, asTimelock } = await loadFixture(guardedNetwork);
    const until = (await time.latest()) + 20;
    await asTimelock.pauseEntry(AREA.stake, until);
    await expect(asGuardian.pauseEntry(AREA.stake, until + 10))
      .to.be.revertedWithCustomError(parameters, "EntryPause_Paused")
      .withArgs(AREA.stake, until);
  });

  it("ends its own pause but not the timelock's", async () => {
    const { parameters, asGuardian, asTimelock, carol } = await loadFixture(guardedNetwork);
    const until = (await time.latest()) + 30;
    await asGuardian.pauseEntry(AREA.stake, until);
    await expect(asGuardian.resumeEntry(AREA.stake))
      .to.emit(parameters, "EntryResumed")
      .withArgs(AREA.stake, carol.address);
    await parameters.requireEntry(AREA.stake);
    await asTimelock.pauseEntry(AREA.stake, until);
    await expect(asGuardian.resumeEntry(AREA.stake))
      .to.be.revertedWithCustomError(parameters, "EntryPause_NotGuardian")
      .withArgs(carol.address);
  });

  it("is the only one beside the timelock who ends its pause", async () => {
    const { parameters, asGuardian, mallory } = await loadFixture(guardedNetwork);
    await asGuardian.pauseEntry(AREA.stake, (await time.latest()) + MAX_PAUSE);
    await expect(parameters.connect(mallory).resumeEntry(AREA.stake))
      .to.be.revertedWithCustomError(parameters, "EntryPause_NotGuardian")
      .withArgs(mallory.address);
  });

  it("has no power after its term", async () => {
    const { parameters, asGuardian, asTimelock, carol } = await loadFixture(guardedNetwork);
    const until = (await time.latest()) + 20;
    await asTimelock.setEmergencyGuardian(carol.address, until);
    await time.setNextBlockTimestamp(until);
    await expect(asGuardian.pauseEntry(AREA.stake, until + 10))
      .to.be.revertedWithCustomError(parameters, "EntryPause_NotGuardian")
      .withArgs(carol.address);
  });

  it("makes a pause longer and ends any", async () => {
    const { parameters, asGuardian, asTimelock } = await loadFixture(guardedNetwork);
    const until = (await time.latest()) + 20;
    await asGuardian.pauseEntry(AREA.stake, until);
    await expect(asTimelock.pauseEntry(AREA.stake, until)).to.be.revertedWithCustomError(
      parameters,
      "EntryPause_InvalidEnd",
    );
    await asTimelock.pauseEntry(AREA.stake, until + 20);
    const { pausedUntil, isByGuardian } = (await parameters.entryState(AREA.stake)) as unknown as {
      pausedUntil: bigint;
      isByGuardian: boolean;
    };
    expect([pausedUntil, isByGuardian], "the timelock's pause").to.deep.equal([BigInt(until + 20), false]);
    await asTimelock.resumeEntry(AREA.stake);
    await parameters.requireEntry(AREA.stake);
  });

  it("pauses again at once", async () => {
    const { parameters, asTimelock } = await loadFixture(guardedNetwork);
    const until = (await time.latest()) + 20;
    await asTimelock.pauseEntry(AREA.stake, until);
    await time.setNextBlockTimestamp(until);
    await expect(asTimelock.pauseEntry(AREA.stake, until + MAX_PAUSE)).to.emit(parameters, "EntryPaused");
  });

  it("refuses strangers", async () => {
    const { parameters, mallory } = await loadFixture(guardedNetwork);
    const asStranger = parameters.connect(mallory);
    const until = (await time.latest()) + 20;
    for (const call of [() => asStranger.pauseEntry(AREA.stake, until), () => asStranger.resumeEntry(AREA.stake)]) {
      await expect(call())
        .to.be.revertedWithCustomError(parameters, "EntryPause_NotGuardian")
        .withArgs(mallory.address);
    }
    await expect(asStranger.setEmergencyGuardian(mallory.address, until)).to.be.revertedWithCustomError(
      parameters,
      "Governed_NotTimelock",
    );
  });

  it("refuses to resume what is open", async () => {
    const { parameters, asTimelock } = await loadFixture(guardedNetwork);
    await expect(asTimelock.resumeEntry(AREA.lease))
      .to.be.revertedWithCustomError(parameters, "EntryPause_NotPaused")
      .withArgs(AREA.lease);
  });

  it("names a guardian for a year at most", async () => {
    const { parameters, asTimelock, alice } = await loadFixture(guardedNetwork);
    for (const term of [0, YEAR + 1]) {
      const now = (await time.latest()) + 1;
      await time.setNextBlockTimestamp(now);
      await expect(asTimelock.setEmergencyGuardian(alice.address, now + term))
        .to.be.revertedWithCustomError(parameters, "EntryPause_InvalidTerm")
        .withArgs(now + term, now + YEAR);
    }
    await asTimelock.setEmergencyGuardian(ZeroAddress, 0);
    expect(await parameters.emergencyGuardian(), "nobody").to.deep.equal([ZeroAddress, 0n]);
  });
});
