import { expect } from "chai";
import { DELEGATED, networkWithDelegation, OWN, worthOf } from "../support/delegated-node.ts";
import { connection, type DeployedNetwork, MESH, passEpochs } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;
const ALL = ethers.MaxUint256;
const VETO_SECONDS = 10;
const JAIL_SECONDS = 60;
const FOR_EVER = 2n ** 64n - 1n;

describe("NodeSlashing: punish", () => {
  it("takes of operator and delegators alike, freezes it and jails", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { slashing, staking, registry, token, mallory, punish } = network;
    await expect(punish(4_000n * MESH)).to.emit(slashing, "NodeJailed");
    expect(await staking.stakeOf(0), "own stake").to.equal(OWN - 3_000n * MESH);
    expect(await worthOf(network, mallory.address), "delegated").to.be.closeTo(DELEGATED - 1_000n * MESH, 2n);
    expect(await token.balanceOf(await slashing.getAddress()), "frozen").to.equal(4_000n * MESH);
    expect(await slashing.totalFrozen(), "frozen by the books").to.equal(4_000n * MESH);
    expect(await staking.weightOf(0), "weight").to.equal(0n);
    const later = ((await registry.currentEpoch()) as bigint) + 2n;
    expect(await registry.isActive(0, later), "active").to.equal(false);
  });

  it("is clamped to what is there and never fails", async () => {
    const { slashing, staking, punish } = await networkHelpers.loadFixture(networkWithDelegation);
    await punish(ALL);
    expect(await slashing.totalFrozen(), "frozen").to.equal(OWN + DELEGATED);
    await expect(punish(ALL)).to.emit(slashing, "NodeSlashed");
    await expect(punish(0n)).to.emit(slashing, "NodeSlashed");
    expect(await staking.slashableOf(0), "left").to.equal(0n);
    expect(await slashing.totalFrozen(), "frozen once").to.equal(OWN + DELEGATED);
  });

  it("reaches what is unbonding, matured or not", async () => {
    const { staking, delegation, alice, mallory, punish } = await networkHelpers.loadFixture(networkWithDelegation);
    await staking.connect(alice).requestUnbond(0, 10_000n * MESH);
    await delegation.connect(mallory).undelegate(0, ALL, 0n);
    await networkHelpers.time.increase(1_000);
    await punish((OWN + DELEGATED) / 2n);
    expect(await staking.stakeOf(0), "bonded").to.equal(10_000n * MESH);
    expect((await staking.unbondingsOf(0))[0].amount, "unbonding").to.equal(5_000n * MESH);
    expect((await delegation.undelegationsOf(0, mallory.address))[0].amount, "undelegated").to.equal(5_000n * MESH);
    await staking.withdraw(0, 1);
    await delegation.connect(mallory).withdrawDelegation(0, mallory.address, 1);
  });

  it("pins the stake of the time of the offence, as far as weights are known", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { slashing, staking, registry, alice } = network;
    await passEpochs(network, 600);
    const epoch = ((await registry.currentEpoch()) as bigint) - 300n;
    await staking.connect(alice).stake(0, 50_000n * MESH);
    const changed = (await registry.currentEpoch()) as bigint;
    await passEpochs(network, 3);
    expect(await slashing.pinnedStake(0, epoch), "then").to.equal(OWN + DELEGATED);
    expect(await slashing.pinnedStake(0, changed + 1n), "now").to.equal(OWN + DELEGATED + 50_000n * MESH);
  });

  it("pins all there is now where the weight of the time is not known", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { slashing, staking, registry, alice } = network;
    const toWord = 256n - (((await registry.currentEpoch()) as bigint) % 256n);
    await passEpochs(network, Number(toWord) + 20);
    const changed = (await registry.currentEpoch()) as bigint;
    await staking.connect(alice).stake(0, 50_000n * MESH);
    await passEpochs(network, 300);
    await staking.connect(alice).stake(0, 20_000n * MESH);
    expect(await slashing.pinnedStake(0, changed + 1n), "after the change").to.equal(OWN + DELEGATED + 50_000n * MESH);
    const before = (await slashing.pinnedStake(0, changed - 1n)) as bigint;
    expect(before, "before it in its word").to.equal(OWN + DELEGATED + 70_000n * MESH);
  });
});

describe("NodeSlashing: stake that is unbonding", () => {
  it("is pinned for an epoch in which the node was active, though its weight was gone", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { slashing, staking, delegation, registry, alice, mallory } = network;
    await staking.connect(alice).requestUnbond(0, ALL);
    await delegation.connect(mallory).undelegate(0, ALL, 0n);
    const epoch = ((await registry.currentEpoch()) as bigint) + 1n;
    expect(await registry.isActive(0, epoch), "active").to.equal(true);
    expect(await slashing.pinnedStake(0, epoch), "active and unbonding").to.equal(OWN + DELEGATED);
    await passEpochs(network, 4);
    expect(await slashing.pinnedStake(0, epoch + 2n), "not active any more").to.equal(0n);
  });

  it("is taken to the wei, and what is taken whole is gone from the list", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { staking, delegation, alice, mallory, punish } = network;
    await delegation.connect(mallory).undelegate(0, ALL, 0n);
    await networkHelpers.time.increase(1_000);
    await delegation.connect(mallory).withdrawDelegation(0, mallory.address, 1);
    for (const amount of [MESH, 2n * MESH]) await staking.connect(alice).requestUnbond(0, amount);
    const slashed = await punish(1n);
    const events = await staking.queryFilter(staking.filters.UnbondingSlashed?.() as never, slashed.blockNumber);
    const parts = events.map((event) => ("args" in event ? [event.args.unbondingId, event.args.amount] : []));
    expect(parts, "unbondings slashed").to.deep.equal([[1n, 1n]]);
    await punish(ALL);
    expect(await staking.unbondingsOf(0), "unbondings left").to.deep.equal([]);
    await expect(staking.withdraw(0, 8))
      .to.be.revertedWithCustomError(staking, "NodeStaking_NothingMatured")
      .withArgs(0, 0n);
  });
});

describe("NodeSlashing: afterwards", () => {
  it("pays reporter and treasury after the veto period, once", async () => {
    const { slashing, token, timelock, stranger, punish } = await networkHelpers.loadFixture(networkWithDelegation);
    await punish(4_000n * MESH);
    await expect(slashing.paySlash(1)).to.be.revertedWithCustomError(slashing, "NodeSlashing_NotPayable");
    await networkHelpers.time.increase(VETO_SECONDS);
    const treasury = await timelock.getAddress();
    const paid = slashing.paySlash(1);
    await expect(paid).to.changeTokenBalances(
      ethers,
      token,
      [stranger.address, treasury],
      [400n * MESH, 3_600n * MESH],
    );
    await expect(slashing.paySlash(1)).to.be.revertedWithCustomError(slashing, "NodeSlashing_NotPayable");
    expect(await slashing.totalFrozen(), "frozen").to.equal(0n);
  });

  it("pays the treasury alone when nobody is to be rewarded", async () => {
    const { slashing, token, timelock, punish } = await networkHelpers.loadFixture(networkWithDelegation);
    await punish(4_000n * MESH, { reporter: ethers.ZeroAddress });
    await networkHelpers.time.increase(VETO_SECONDS);
    const accounts = [await timelock.getAddress(), await slashing.getAddress()];
    const changes = [4_000n * MESH, -4_000n * MESH];
    await expect(slashing.paySlash(1)).to.changeTokenBalances(ethers, token, accounts, changes);
  });

  it("gives back what was taken of delegators alone", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { slashing, staking, alice, mallory, timelockSigner, punish } = network;
    await staking.connect(alice).requestUnbond(0, ALL);
    await networkHelpers.time.increase(1_000);
    await staking.withdraw(0, 8);
    await punish(1_000n * MESH);
    await expect(slashing.connect(timelockSigner).pardon(1)).not.to.emit(staking, "StakeRestored");
    expect(await worthOf(network, mallory.address), "delegated").to.be.closeTo(DELEGATED, 10n);
    expect(await staking.stakeOf(0), "own stake").to.equal(0n);
  });

  it("rewards nobody who belongs to the operator", async () => {
    const { slashing, alice, bob, carol, punish } = await networkHelpers.loadFixture(networkWithDelegation);
    for (const { address } of [alice, bob, carol]) await punish(MESH, { reporter: address });
    for (const slashId of [1, 2, 3]) {
      const { rewardBp } = (await slashing.slashOf(slashId)) as { rewardBp: bigint };
      expect(rewardBp, `reward of slash ${slashId}`).to.equal(0n);
    }
  });

  it("gives back on a pardon before it is paid, not after", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { slashing, staking, mallory, timelockSigner, punish } = network;
    await punish(4_000n * MESH);
    await punish(MESH, { isFinal: true });
    await expect(slashing.connect(timelockSigner).pardon(2)).to.be.revertedWithCustomError(
      slashing,
      "NodeSlashing_NoPardon",
    );
    await slashing.paySlash(2);
    await slashing.connect(timelockSigner).pardon(1);
    expect(await staking.slashableOf(0), "left").to.equal(OWN + DELEGATED - MESH);
    expect(await worthOf(network, mallory.address), "delegated").to.be.closeTo(DELEGATED - MESH / 4n, 10n);
    expect(await staking.stakeOfIdentity(1), "stake of the identity").to.equal(await staking.stakeOf(0));
    await expect(slashing.connect(timelockSigner).pardon(1)).to.be.revertedWithCustomError(
      slashing,
      "NodeSlashing_NoPardon",
    );
  });

  it("lets anybody unjail in time, and only with the minimum", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { slashing, staking, registry, alice, punish } = network;
    await expect(slashing.unjail(0)).to.be.revertedWithCustomError(slashing, "NodeSlashing_NotJailed");
    await punish(30_000n * MESH);
    await expect(slashing.unjail(0)).to.be.revertedWithCustomError(slashing, "NodeSlashing_Jailed");
    await staking.connect(alice).stake(0, MESH);
    expect(await staking.weightOf(0), "a top-up does not unjail").to.equal(0n);
    await networkHelpers.time.increase(JAIL_SECONDS);
    await slashing.unjail(0);
    expect(await staking.weightOf(0), "below the minimum").to.equal(0n);
    await expect(staking.connect(alice).stake(0, OWN)).to.emit(registry, "NodeActivated");
  });

  it("bars for ever, unless the DAO lets the node out, and lets its stake leave", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { slashing, staking, delegation, alice, mallory, timelockSigner, punish } = network;
    await punish(MESH, { isBarred: true });
    await networkHelpers.time.increase(400 * 86_400);
    await expect(slashing.unjail(0))
      .to.be.revertedWithCustomError(slashing, "NodeSlashing_Jailed")
      .withArgs(0, FOR_EVER);
    const snapshot = await networkHelpers.takeSnapshot();
    await slashing.connect(timelockSigner).unjail(0);
    expect(await staking.weightOf(0), "weight").to.equal(OWN + DELEGATED - MESH);
    await snapshot.restore();
    await staking.connect(alice).requestUnbond(0, ALL);
    await delegation.connect(mallory).undelegate(0, ALL, 0n);
    await networkHelpers.time.increase(1_000);
    await staking.withdraw(0, 8);
    await delegation.withdrawDelegation(0, mallory.address, 8);
    expect(await staking.totalHeld(), "left").to.equal(0n);
  });
});

describe("NodeSlashing: who shares in a pardon", () => {
  const LATE = 50_000n * MESH;
  /** So few wei left of everything that shares are cheap, but not void. */
  const NEARLY_NOTHING = 10n ** 10n;

  /** What mallory is unbonding, MESH wei. */
  async function unbondingOf({ delegation, mallory }: DeployedNetwork): Promise<bigint> {
    const list = (await delegation.undelegationsOf(0, mallory.address)) as { amount: bigint }[];
    return list.reduce((sum, { amount }) => sum + amount, 0n);
  }

  async function heavilySlashed() {
    const network = await networkWithDelegation();
    const { delegation, slashing, mallory, punish } = network;
    await delegation.connect(mallory).undelegate(0, (DELEGATED / 2n) * 1_000n, 0n);
    await punish(((OWN + DELEGATED) * 9n) / 10n);
    const { payableAt } = (await slashing.slashOf(1)) as { payableAt: bigint };
    return { ...network, payableAt };
  }

  it("lets nobody join the pool before a slash is past pardon", async () => {
    const network = await networkHelpers.loadFixture(heavilySlashed);
    const { slashing, delegation, stranger, mallory, timelockSigner, payableAt } = network;
    expect(await delegation.pardonableUntil(0), "time").to.equal(payableAt);
    const join = () => delegation.connect(stranger).delegate(0, LATE, 0n) as Promise<unknown>;
    const comeBack = () => delegation.connect(mallory).cancelUndelegation(0, 0, 0n) as Promise<unknown>;
    for (const joining of [join, comeBack]) {
      await expect(joining())
        .to.be.revertedWithCustomError(delegation, "NodeDelegation_Pardonable")
        .withArgs(0, payableAt);
    }
    await slashing.connect(timelockSigner).unjail(0);
    await expect(join(), "of a node let out of jail").to.be.revertedWithCustomError(
      delegation,
      "NodeDelegation_Pardonable",
    );
    await slashing.connect(timelockSigner).pardon(1);
    const { poolPart } = (await slashing.slashOf(1)) as { poolPart: bigint };
    const kept = DELEGATED / 20n;
    expect(await worthOf(network, mallory.address), "of the victim").to.be.closeTo(kept + poolPart / 2n, 10n);
    await networkHelpers.time.setNextBlockTimestamp(payableAt);
    await join();
    await comeBack();
    expect(await worthOf(network, stranger.address), "of who came late").to.be.closeTo(LATE, 100n);
  });

  it("waits for the newest of several slashes, and not for those that are final", async () => {
    const network = await networkHelpers.loadFixture(heavilySlashed);
    const { slashing, delegation, punish } = network;
    await punish(MESH);
    const { payableAt } = (await slashing.slashOf(2)) as { payableAt: bigint };
    await punish(MESH, { isFinal: true });
    expect(await delegation.pardonableUntil(0), "time")
      .to.equal(payableAt)
      .and.above(network.payableAt);
  });

  it("gives nothing to who joins a pool that lost everything", async () => {
    const { slashing, delegation, stranger, timelockSigner, token, punish } =
      await networkHelpers.loadFixture(networkWithDelegation);
    await punish(ALL);
    await expect(delegation.connect(stranger).delegate(0, MESH, 0n)).to.be.revertedWithCustomError(
      delegation,
      "NodeDelegation_Pardonable",
    );
    const pardoning = slashing.connect(timelockSigner).pardon(1) as Promise<unknown>;
    await expect(pardoning).to.changeTokenBalances(ethers, token, [timelockSigner], [DELEGATED]);
  });

  it("gives back to who is unbonding as to who is not, whenever it left the pool", async () => {
    const network = await networkHelpers.loadFixture(heavilySlashed);
    const { slashing, delegation, mallory, timelockSigner } = network;
    await delegation.connect(mallory).undelegate(0, (DELEGATED / 4n) * 1_000n, 0n);
    const { assets } = (await delegation.poolOf(0)) as { assets: bigint };
    const { assets: leaving } = (await delegation.unbondingPoolOf(0)) as { assets: bigint };
    const { poolPart } = (await slashing.slashOf(1)) as { poolPart: bigint };
    const [ofPool, ofLeaving] = (await delegation.restorableOf(0, poolPart)) as [bigint, bigint];
    expect(ofPool + ofLeaving, "all").to.be.closeTo(poolPart, 1n);
    expect(ofLeaving, "in the proportion of what is there").to.be.closeTo(
      (poolPart * leaving) / (assets + leaving),
      10n,
    );
    await expect(slashing.connect(timelockSigner).pardon(1))
      .to.emit(delegation, "PoolRestored")
      .withArgs(0, ofPool, assets + ofPool, ofLeaving, leaving + ofLeaving)
      .and.to.emit(slashing, "NodeSlashPardoned")
      .withArgs(1, ((OWN + DELEGATED) * 9n) / 10n - poolPart, ofPool + ofLeaving, poolPart - ofPool - ofLeaving);
    expect(await worthOf(network, mallory.address), "pooled").to.be.closeTo(DELEGATED / 4n, 100n);
    expect(await unbondingOf(network), "unbonding").to.be.closeTo((DELEGATED * 3n) / 4n, 100n);
  });

  for (const order of [
    [1, 2, 3],
    [3, 1, 2],
  ]) {
    it(`gives several slashes back in the order ${order.join(", ")}`, async () => {
      const network = await networkHelpers.loadFixture(heavilySlashed);
      const { slashing, staking, mallory, timelockSigner, punish } = network;
      await punish((((await staking.slashableOf(0)) as bigint) * 2n) / 3n);
      await punish(17n * MESH);
      for (const slashId of order) await slashing.connect(timelockSigner).pardon(slashId);
      expect(await worthOf(network, mallory.address), "pooled").to.be.closeTo(DELEGATED / 2n, 1_000n);
      expect(await unbondingOf(network), "unbonding").to.be.closeTo(DELEGATED / 2n, 1_000n);
    });
  }

  it("gives all of it to what is unbonding when nobody is left in the pool", async () => {
    const network = await networkHelpers.loadFixture(heavilySlashed);
    const { slashing, delegation, token, mallory, timelockSigner } = network;
    await delegation.connect(mallory).undelegate(0, ALL, 0n);
    const pardoning = slashing.connect(timelockSigner).pardon(1) as Promise<unknown>;
    await expect(pardoning).to.changeTokenBalances(ethers, token, [timelockSigner], [0n]);
    expect(await unbondingOf(network), "unbonding").to.be.closeTo(DELEGATED, 100n);
  });

  it("gives nothing to who withdrew before it, which nobody else can do for it until then", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { slashing, delegation, token, mallory, stranger, timelockSigner, punish } = network;
    await delegation.connect(stranger).delegate(0, DELEGATED, 0n);
    await delegation.connect(mallory).undelegate(0, ALL, 0n);
    await networkHelpers.time.increase(115);
    await punish((OWN + 2n * DELEGATED) / 2n);
    const { payableAt } = (await slashing.slashOf(1)) as { payableAt: bigint };
    await networkHelpers.time.setNextBlockTimestamp(payableAt - 3n);
    await expect(delegation.connect(stranger).withdrawDelegation(0, mallory.address, 1))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_NotDelegator")
      .withArgs(stranger.address, mallory.address, payableAt);
    const withdrawing = delegation.connect(mallory).withdrawDelegation(0, mallory.address, 1) as Promise<unknown>;
    await expect(withdrawing).to.changeTokenBalances(ethers, token, [mallory], [DELEGATED / 2n]);
    const pardoning = slashing.connect(timelockSigner).pardon(1) as Promise<unknown>;
    await expect(pardoning).to.changeTokenBalances(ethers, token, [timelockSigner], [DELEGATED / 2n]);
    expect(await worthOf(network, stranger.address), "of who stayed").to.be.closeTo(DELEGATED, 10n);
  });

  it("gives nobody what others lost whose shares are void", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { slashing, delegation, token, mallory, timelockSigner, punish } = network;
    const dust = 10n ** 13n;
    await delegation.connect(mallory).undelegate(0, dust * 1_000n, 0n);
    await punish(OWN + DELEGATED - 1n);
    expect((await delegation.poolOf(0)).shares, "shares of the pool").to.equal(0n);
    expect((await delegation.unbondingPoolOf(0)).shares, "shares of what is unbonding").to.be.greaterThan(0n);
    const pardoning = slashing.connect(timelockSigner).pardon(1) as Promise<unknown>;
    await expect(pardoning).to.changeTokenBalances(ethers, token, [timelockSigner], [DELEGATED - dust]);
    expect(await unbondingOf(network), "unbonding").to.be.closeTo(dust, dust / 10n ** 9n);
  });

  it("gives who is unbonding its loss back, whatever rewards came into the pool since", async () => {
    const network = await networkHelpers.loadFixture(heavilySlashed);
    const { slashing, delegation, token, payer, timelockSigner } = network;
    await token.connect(timelockSigner).transfer(payer.address, 5_000n * MESH);
    await delegation.connect(payer).addToPool(0, 5_000n * MESH);
    await slashing.connect(timelockSigner).pardon(1);
    expect(await unbondingOf(network), "unbonding").to.be.closeTo(DELEGATED / 2n, 100n);
  });

  it("gives who left since what it lost, after a slash of nearly everything, too", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { slashing, delegation, mallory, stranger, timelockSigner, punish } = network;
    await delegation.connect(stranger).delegate(0, DELEGATED, 0n);
    await delegation.connect(mallory).undelegate(0, ALL, 0n);
    await punish(OWN + 2n * DELEGATED - NEARLY_NOTHING);
    await delegation.connect(stranger).undelegate(0, ALL, 0n);
    await slashing.connect(timelockSigner).pardon(1);
    expect(await unbondingOf(network), "of who was unbonding").to.be.closeTo(DELEGATED, MESH);
    const [{ amount }] = (await delegation.undelegationsOf(0, stranger.address)) as [{ amount: bigint }];
    expect(amount, "of who left").to.be.closeTo(DELEGATED, MESH);
  });

  it("gives the last of several slashes back, whatever the others rounded", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { slashing, delegation, mallory, timelockSigner, punish } = network;
    await delegation.connect(mallory).undelegate(0, (DELEGATED / 2n) * 1_000n, 0n);
    for (const amount of [3n, 7n, 31n, 1_000_003n]) await punish(amount * 4n);
    for (const slashId of [1, 2, 3, 4]) await slashing.connect(timelockSigner).pardon(slashId);
    expect(await slashing.totalFrozen(), "frozen").to.equal(0n);
    expect((await worthOf(network, mallory.address)) + (await unbondingOf(network)), "left").to.be.closeTo(
      DELEGATED,
      20n,
    );
  });

  it("keeps what is left to give back rounded down, in the pool and of what is unbonding", async () => {
    const { slashing, delegation, mallory, timelockSigner, punish } =
      await networkHelpers.loadFixture(networkWithDelegation);
    await delegation.connect(mallory).undelegate(0, (DELEGATED / 2n) * 1_000n, 0n);
    for (const ofDelegators of [3n, 7n]) await punish(4n * ofDelegators);
    expect(await delegation.restorableOf(0, 10n), "of both slashes").to.deep.equal([6n, 4n]);
    await slashing.connect(timelockSigner).pardon(1);
    expect(await delegation.restorableOf(0, 7n), "of the other one").to.deep.equal([4n, 2n]);
  });

  it("does not count final slashes among those that can be given back", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { slashing, delegation, token, mallory, stranger, timelockSigner, punish } = network;
    await delegation.connect(stranger).delegate(0, DELEGATED, 0n);
    await delegation.connect(mallory).undelegate(0, ALL, 0n);
    await networkHelpers.time.increase(115);
    await punish((OWN + 2n * DELEGATED) / 2n);
    const { payableAt } = (await slashing.slashOf(1)) as { payableAt: bigint };
    await networkHelpers.time.setNextBlockTimestamp(payableAt - 4n);
    await delegation.connect(mallory).withdrawDelegation(0, mallory.address, 1);
    await punish(3_000n * MESH, { isFinal: true });
    const pardoning = slashing.connect(timelockSigner).pardon(1) as Promise<unknown>;
    await expect(pardoning, "what is of who withdrew").to.changeTokenBalances(
      ethers,
      token,
      [timelockSigner],
      [DELEGATED / 2n],
    );
  });

  it("lets everybody leave and be paid meanwhile", async () => {
    const network = await networkHelpers.loadFixture(heavilySlashed);
    const { delegation, rewards, mallory } = network;
    await expect(delegation.connect(mallory).undelegate(0, ALL, 0n)).to.emit(delegation, "Undelegated");
    await rewards.claimWords(0, 10);
    await networkHelpers.time.increase(400);
    await expect(delegation.withdrawDelegation(0, mallory.address, 8)).to.emit(delegation, "DelegationWithdrawn");
  });
});

describe("NodeSlashing: at its edges", () => {
  it("gives the pool's part of a pardon to the treasury when nobody has shares", async () => {
    const { slashing, token, staking, timelockSigner, punish } =
      await networkHelpers.loadFixture(networkWithDelegation);
    await punish(ALL);
    await expect(slashing.connect(timelockSigner).pardon(1)).to.changeTokenBalances(
      ethers,
      token,
      [timelockSigner],
      [DELEGATED],
    );
    expect(await staking.stakeOf(0), "the operator's own").to.equal(OWN);
    expect(await slashing.totalFrozen(), "frozen").to.equal(0n);
  });

  it("never shortens a jail", async () => {
    const { slashing, punish } = await networkHelpers.loadFixture(networkWithDelegation);
    await punish(MESH, { isBarred: true });
    await expect(punish(MESH)).not.to.emit(slashing, "NodeJailed");
    expect(await slashing.jailedUntil(0), "for ever").to.equal(FOR_EVER);
  });

  it("keeps the longest hold of matured unbondings until it is lifted", async () => {
    const { slashing, staking, arbiter } = await networkHelpers.loadFixture(networkWithDelegation);
    const until = BigInt(await networkHelpers.time.latest()) + 1_000n;
    const hold = (time: bigint) => slashing.connect(arbiter).hold(0, time) as Promise<unknown>;
    await hold(until);
    await expect(hold(until - 500n))
      .to.emit(staking, "UnbondingsHeld")
      .withArgs(0, until);
    await expect(hold(0n)).to.emit(staking, "UnbondingsHeld").withArgs(0, 0);
  });

  it("is given arbiters by the timelock, once, and no empty list or address", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { token, registry, parameters, bridge, rewards, alice, mallory } = network;
    const links = { token, registry, parameters, bridge, rewards, timelock: alice.address };
    const slashing = await ethers.deployContract("NodeSlashing", [links, 3]);
    const bind = slashing.connect(alice).getFunction("bindArbiters");
    await expect(bind([])).to.be.revertedWithCustomError(slashing, "Governed_BindingClosed").withArgs(alice.address);
    await expect(bind([mallory.address, ethers.ZeroAddress]))
      .to.be.revertedWithCustomError(slashing, "Governed_ZeroAddress")
      .withArgs("arbiters");
    await bind([mallory.address]);
    expect(await slashing.getFunction("isArbiter")(mallory.address), "arbiter").to.equal(true);
    await expect(bind([mallory.address])).to.be.revertedWithCustomError(slashing, "Governed_BindingClosed");
  });

  it("is bound to a staking contract by its deployer, once", async () => {
    const { slashing, deployment, timelockSigner, mallory } = await networkHelpers.loadFixture(networkWithDelegation);
    const { MeshToken, NodeRegistry, NetworkParameters, AttestationBridge, NodeRewards } = deployment.contracts;
    const links = {
      ...{ token: MeshToken, registry: NodeRegistry, parameters: NetworkParameters },
      ...{ bridge: AttestationBridge, rewards: NodeRewards, timelock: timelockSigner.address },
    };
    const fresh = await ethers.deployContract("NodeSlashing", [links, 1]);
    const bind = fresh.getFunction("bindStaking");
    await expect(bind(ethers.ZeroAddress)).to.be.revertedWithCustomError(slashing, "Governed_ZeroAddress");
    await expect(fresh.connect(mallory).getFunction("bindStaking")(MeshToken)).to.be.revertedWithCustomError(
      slashing,
      "Governed_BindingClosed",
    );
    await bind(MeshToken);
    await expect(bind(MeshToken)).to.be.revertedWithCustomError(slashing, "Governed_BindingClosed");
  });
});
