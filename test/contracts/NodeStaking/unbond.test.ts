import { MAX_UNBONDINGS } from "@pqmesh/contracts/protocol/staking-limits";
import { expect } from "chai";
import { connection, MESH, MIN_STAKE, passEpochs, setParameter } from "../support/deployed-network.ts";
import { networkWithNode } from "../support/registered-node.ts";

const { ethers, networkHelpers } = connection;
const STAKE = 3n * MIN_STAKE;
const UNBONDING_SECONDS = 120n;

async function networkWithStake() {
  const network = await networkWithNode();
  await network.staking.connect(network.alice).stake(0, STAKE);
  return network;
}

async function nextMaturity(): Promise<bigint> {
  return BigInt(await networkHelpers.time.latest()) + UNBONDING_SECONDS;
}

describe("NodeStaking: requestUnbond", () => {
  it("refuses strangers", async () => {
    const { staking, carol, mallory } = await networkHelpers.loadFixture(networkWithStake);
    for (const stranger of [carol, mallory]) {
      await expect(staking.connect(stranger).requestUnbond(0, MIN_STAKE))
        .to.be.revertedWithCustomError(staking, "NodeStaking_NotOperator")
        .withArgs(stranger.address, 0);
    }
  });

  it("refuses to unbond nothing", async () => {
    const { staking, alice } = await networkHelpers.loadFixture(networkWithStake);
    await staking.connect(alice).requestUnbond(0, ethers.MaxUint256);
    for (const nothing of [0n, ethers.MaxUint256]) {
      await expect(staking.connect(alice).requestUnbond(0, nothing)).to.be.revertedWithCustomError(
        staking,
        "NodeStaking_ZeroAmount",
      );
    }
  });

  it("refuses more than is bonded", async () => {
    const { staking, alice } = await networkHelpers.loadFixture(networkWithStake);
    await expect(staking.connect(alice).requestUnbond(0, STAKE + 1n))
      .to.be.revertedWithCustomError(staking, "NodeStaking_InsufficientStake")
      .withArgs(STAKE + 1n, STAKE);
  });

  it("refuses a remainder below the minimum", async () => {
    const { staking, alice } = await networkHelpers.loadFixture(networkWithStake);
    await expect(staking.connect(alice).requestUnbond(0, STAKE - MIN_STAKE + 1n))
      .to.be.revertedWithCustomError(staking, "NodeStaking_RemainderBelowMinimum")
      .withArgs(MIN_STAKE - 1n, MIN_STAKE);
  });

  it("refuses one unbonding too many", async () => {
    const network = await networkHelpers.loadFixture(networkWithStake);
    const { staking, alice } = network;
    expect(await staking.maxUnbondings(), "in the contract").to.equal(MAX_UNBONDINGS);
    for (let i = 0; i < MAX_UNBONDINGS; i++) await staking.connect(alice).requestUnbond(0, 1n);
    await expect(staking.connect(alice).requestUnbond(0, 1n))
      .to.be.revertedWithCustomError(staking, "NodeStaking_TooManyUnbondings")
      .withArgs(32, 32);
    await staking.connect(alice).cancelUnbond(0, 7);
    await staking.connect(alice).requestUnbond(0, 1n);
    expect((await staking.unbondingsOf(0)).length, "unbondings after one was cancelled").to.equal(32);
  });

  it("queues the part and keeps the node active", async () => {
    const { staking, registry, bob, identityId } = await networkHelpers.loadFixture(networkWithStake);
    const sent = await staking.connect(bob).requestUnbond(0, MIN_STAKE);
    const maturesAt = await nextMaturity();
    await expect(sent)
      .to.emit(staking, "UnbondRequested")
      .withArgs(0, 0, MIN_STAKE, maturesAt, STAKE - MIN_STAKE);
    await expect(sent).not.to.emit(registry, "NodeDeactivated");
    expect(await staking.unbondingsOf(0), "unbondings").to.deep.equal([[0n, MIN_STAKE, maturesAt]]);
    expect(await staking.stakeOf(0), "stake of the node").to.equal(STAKE - MIN_STAKE);
    expect(await staking.totalHeld(), "total held").to.equal(STAKE);
    expect(await staking.stakeOfIdentity(identityId), "stake of the identity").to.equal(STAKE - MIN_STAKE);
  });

  it("numbers unbondings without reuse", async () => {
    const { staking, alice } = await networkHelpers.loadFixture(networkWithStake);
    await staking.connect(alice).requestUnbond(0, 1n);
    await staking.connect(alice).requestUnbond(0, 2n);
    await staking.connect(alice).cancelUnbond(0, 1);
    await staking.connect(alice).requestUnbond(0, 3n);
    const ids = (await staking.unbondingsOf(0)).map(({ id }: { id: bigint }) => id);
    expect(ids, "ids").to.deep.equal([0n, 2n]);
  });

  it("unbonds all and deactivates two epochs later", async () => {
    const network = await networkHelpers.loadFixture(networkWithStake);
    const { staking, registry, alice } = network;
    await passEpochs(network, 4);
    const sent = await staking.connect(alice).requestUnbond(0, STAKE);
    const until = ((await registry.currentEpoch()) as bigint) + 2n;
    await expect(sent).to.emit(registry, "NodeDeactivated").withArgs(0, until);
    expect(await registry.isActive(0, until - 1n), "active until then").to.equal(true);
    expect(await registry.isActive(0, until), "active after that").to.equal(false);
  });

  it("cannot be hindered by dust", async () => {
    const { staking, alice, mallory } = await networkHelpers.loadFixture(networkWithStake);
    await staking.connect(mallory).stake(0, 1n);
    await staking.connect(alice).requestUnbond(0, ethers.MaxUint256);
    expect(await staking.stakeOf(0), "stake of the node").to.equal(0n);
    expect((await staking.unbondingsOf(0))[0].amount, "unbonding").to.equal(STAKE + 1n);
  });

  it("keeps the maturity of the request", async () => {
    const network = await networkHelpers.loadFixture(networkWithStake);
    const { staking, alice } = network;
    await staking.connect(alice).requestUnbond(0, MIN_STAKE);
    const maturesAt = await nextMaturity();
    await setParameter(network, "unbondingPeriod", 10n * UNBONDING_SECONDS);
    expect((await staking.unbondingsOf(0))[0].maturesAt, "maturity").to.equal(maturesAt);
  });
});

describe("NodeStaking: cancelUnbond", () => {
  it("bonds the amount again", async () => {
    const { staking, bob, identityId } = await networkHelpers.loadFixture(networkWithStake);
    await staking.connect(bob).requestUnbond(0, MIN_STAKE);
    await expect(staking.connect(bob).cancelUnbond(0, 0))
      .to.emit(staking, "UnbondCancelled")
      .withArgs(0, 0, MIN_STAKE, STAKE);
    expect(await staking.stakeOf(0), "stake of the node").to.equal(STAKE);
    expect(await staking.totalHeld(), "total held").to.equal(STAKE);
    expect(await staking.stakeOfIdentity(identityId), "stake of the identity").to.equal(STAKE);
    expect(await staking.unbondingsOf(0), "unbondings").to.deep.equal([]);
  });

  it("reactivates the node", async () => {
    const network = await networkHelpers.loadFixture(networkWithStake);
    const { staking, registry, alice } = network;
    await passEpochs(network, 3);
    await staking.connect(alice).requestUnbond(0, STAKE);
    await passEpochs(network, 3);
    await expect(staking.connect(alice).cancelUnbond(0, 0)).to.emit(registry, "NodeActivated");
    expect((await registry.intervalsOf(0)).length, "active intervals").to.equal(2);
  });

  it("keeps the order of the others", async () => {
    const { staking, alice } = await networkHelpers.loadFixture(networkWithStake);
    for (const amount of [1n, 2n, 3n, 4n]) await staking.connect(alice).requestUnbond(0, amount);
    await staking.connect(alice).cancelUnbond(0, 1);
    const left = (await staking.unbondingsOf(0)).map(({ id, amount }: { id: bigint; amount: bigint }) => [id, amount]);
    expect(left, "ids and amounts").to.deep.equal([
      [0n, 1n],
      [2n, 3n],
      [3n, 4n],
    ]);
  });

  it("cancels a matured one too", async () => {
    const { staking, alice } = await networkHelpers.loadFixture(networkWithStake);
    await staking.connect(alice).requestUnbond(0, MESH);
    await networkHelpers.time.increase(UNBONDING_SECONDS);
    await staking.connect(alice).cancelUnbond(0, 0);
    expect(await staking.stakeOf(0), "stake of the node").to.equal(STAKE);
  });

  it("refuses strangers to cancel", async () => {
    const { staking, alice, mallory } = await networkHelpers.loadFixture(networkWithStake);
    await staking.connect(alice).requestUnbond(0, MESH);
    await expect(staking.connect(mallory).cancelUnbond(0, 0))
      .to.be.revertedWithCustomError(staking, "NodeStaking_NotOperator")
      .withArgs(mallory.address, 0);
  });

  it("refuses an unknown unbonding", async () => {
    const { staking, alice } = await networkHelpers.loadFixture(networkWithStake);
    await expect(staking.connect(alice).cancelUnbond(0, 0))
      .to.be.revertedWithCustomError(staking, "NodeStaking_UnknownUnbonding")
      .withArgs(0, 0);
  });

  it("refuses a second cancellation", async () => {
    const { staking, alice } = await networkHelpers.loadFixture(networkWithStake);
    await staking.connect(alice).requestUnbond(0, MESH);
    await staking.connect(alice).requestUnbond(0, MESH);
    await staking.connect(alice).cancelUnbond(0, 1);
    await expect(staking.connect(alice).cancelUnbond(0, 1))
      .to.be.revertedWithCustomError(staking, "NodeStaking_UnknownUnbonding")
      .withArgs(0, 1);
  });

  it("refuses to bond an exited node again", async () => {
    const { staking, registry, alice } = await networkHelpers.loadFixture(networkWithStake);
    await staking.connect(alice).requestUnbond(0, MESH);
    await registry.connect(alice).exitNode(0);
    await expect(staking.connect(alice).cancelUnbond(0, 0))
      .to.be.revertedWithCustomError(staking, "NodeStaking_NodeExited")
      .withArgs(0);
  });
});
