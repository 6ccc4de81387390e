import { expect } from "chai";
import { connection, MESH, MIN_STAKE, setParameter } from "../support/deployed-network.ts";
import { networkWithNode } from "../support/registered-node.ts";

const { ethers, networkHelpers } = connection;
const STAKE = 3n * MIN_STAKE;
const UNBONDING_SECONDS = 120;

async function networkWithUnbondings() {
  const network = await networkWithNode();
  const { staking, alice } = network;
  await staking.connect(alice).stake(0, STAKE);
  for (const amount of [MESH, 2n * MESH, 3n * MESH]) await staking.connect(alice).requestUnbond(0, amount);
  return network;
}

async function networkWithMatured() {
  const network = await networkWithUnbondings();
  await networkHelpers.time.increase(UNBONDING_SECONDS);
  return network;
}

describe("NodeStaking: governed numbers", () => {
  it("are kept until a change that was announced comes into force, to the second", async () => {
    for (const [name, value] of [
      ["minNodeStake", 2n * MIN_STAKE],
      ["unbondingPeriod", BigInt(UNBONDING_SECONDS + 10)],
    ] as const) {
      const { staking, parameters, timelockSigner, alice } = await networkHelpers.loadFixture(networkWithUnbondings);
      const id = ethers.encodeBytes32String(name);
      const remainder = () =>
        staking.connect(alice).requestUnbond(0, STAKE - 7n * MESH - MIN_STAKE) as Promise<unknown>;
      await networkHelpers.time.increase(10_000);
      await parameters.connect(timelockSigner).set(id, value);
      const { effectiveAt } = (await parameters.parameter(id)) as { effectiveAt: bigint };
      await networkHelpers.time.increaseTo(effectiveAt - 5n);
      await staking.connect(alice).requestUnbond(0, MESH);
      const before = ((await staking.unbondingsOf(0)) as { maturesAt: bigint }[]).at(-1)!.maturesAt;
      expect(before - BigInt(await networkHelpers.time.latest()), "old period").to.equal(BigInt(UNBONDING_SECONDS));
      await networkHelpers.time.setNextBlockTimestamp(effectiveAt);
      if (name === "minNodeStake") {
        await expect(remainder())
          .to.be.revertedWithCustomError(staking, "NodeStaking_RemainderBelowMinimum")
          .withArgs(MIN_STAKE, value);
        continue;
      }
      await remainder();
      const { maturesAt } = ((await staking.unbondingsOf(0)) as { maturesAt: bigint }[]).at(-1)!;
      expect(maturesAt - effectiveAt, "new period").to.equal(value);
    }
  });
});

describe("NodeStaking: withdraw", () => {
  it("has nothing to withdraw", async () => {
    const { staking } = await networkHelpers.loadFixture(networkWithNode);
    await expect(staking.withdraw(0, 10))
      .to.be.revertedWithCustomError(staking, "NodeStaking_NothingMatured")
      .withArgs(0, 0);
  });

  it("names the next maturity", async () => {
    const { staking } = await networkHelpers.loadFixture(networkWithUnbondings);
    const first = (await staking.unbondingsOf(0))[0].maturesAt as bigint;
    await networkHelpers.time.setNextBlockTimestamp(first - 1n);
    await expect(staking.withdraw(0, 10))
      .to.be.revertedWithCustomError(staking, "NodeStaking_NothingMatured")
      .withArgs(0, first);
  });

  it("pays the beneficiary, whoever calls", async () => {
    const { staking, token, mallory, carol } = await networkHelpers.loadFixture(networkWithMatured);
    const before = (await token.balanceOf(carol.address)) as bigint;
    await staking.connect(mallory).withdraw(0, 10);
    expect((await token.balanceOf(carol.address)) - before, "paid to the beneficiary").to.equal(6n * MESH);
    expect(await staking.totalHeld(), "total held").to.equal(STAKE - 6n * MESH);
    expect(await token.balanceOf(await staking.getAddress()), "tokens held").to.equal(STAKE - 6n * MESH);
  });

  it("pays from the second of maturity on", async () => {
    const { staking } = await networkHelpers.loadFixture(networkWithUnbondings);
    const last = (await staking.unbondingsOf(0))[2].maturesAt as bigint;
    await networkHelpers.time.setNextBlockTimestamp(last);
    await staking.withdraw(0, 10);
    expect(await staking.totalHeld(), "total held").to.equal(STAKE - 6n * MESH);
  });

  it("pays only once", async () => {
    const { staking } = await networkHelpers.loadFixture(networkWithMatured);
    await staking.withdraw(0, 10);
    await expect(staking.withdraw(0, 10))
      .to.be.revertedWithCustomError(staking, "NodeStaking_NothingMatured")
      .withArgs(0, 0);
  });

  it("pays at most as many as asked for", async () => {
    const { staking } = await networkHelpers.loadFixture(networkWithMatured);
    await staking.withdraw(0, 2);
    const left = (await staking.unbondingsOf(0)).map(({ id }: { id: bigint }) => id);
    expect(left, "ids that are left").to.deep.equal([2n]);
    expect(await staking.totalHeld(), "total held").to.equal(STAKE - 3n * MESH);
  });

  it("pays each one apart in its event", async () => {
    const { staking, carol } = await networkHelpers.loadFixture(networkWithMatured);
    const sent = staking.withdraw(0, 10);
    await expect(sent).to.emit(staking, "Withdrawn").withArgs(0, 0, carol.address, MESH);
    await expect(sent)
      .to.emit(staking, "Withdrawn")
      .withArgs(0, 2, carol.address, 3n * MESH);
  });

  it("pays the matured one and keeps the other", async () => {
    const network = await networkHelpers.loadFixture(networkWithNode);
    const { staking, alice } = network;
    await staking.connect(alice).stake(0, STAKE);
    await setParameter(network, "unbondingPeriod", 10_000n);
    await staking.connect(alice).requestUnbond(0, MESH);
    await setParameter(network, "unbondingPeriod", 120n);
    await staking.connect(alice).requestUnbond(0, 2n * MESH);
    await networkHelpers.time.increase(UNBONDING_SECONDS);
    await staking.withdraw(0, 10);
    const left = (await staking.unbondingsOf(0)).map(({ id }: { id: bigint }) => id);
    expect(left, "ids that are left").to.deep.equal([0n]);
  });

  it("pays the new beneficiary", async () => {
    const { staking, registry, token, alice, others } = await networkHelpers.loadFixture(networkWithMatured);
    const next = others[0].address;
    await registry.connect(alice).proposeBeneficiary(1, next);
    await networkHelpers.time.increase(30);
    await registry.connect(alice).acceptBeneficiary(1);
    const before = (await token.balanceOf(next)) as bigint;
    await staking.withdraw(0, 10);
    expect((await token.balanceOf(next)) - before, "paid to the new beneficiary").to.equal(6n * MESH);
  });

  it("still lets all stake leave", async () => {
    const { staking, registry, token, alice } = await networkHelpers.loadFixture(networkWithUnbondings);
    await registry.connect(alice).exitNode(0);
    await staking.connect(alice).requestUnbond(0, ethers.MaxUint256);
    await networkHelpers.time.increase(UNBONDING_SECONDS);
    await staking.withdraw(0, 10);
    expect(await token.balanceOf(await staking.getAddress()), "tokens held").to.equal(0n);
  });

  it("ignores tokens sent by mistake", async () => {
    const { staking, token, alice, mallory } = await networkHelpers.loadFixture(networkWithMatured);
    await token.connect(mallory).transfer(await staking.getAddress(), 7n * MESH);
    await staking.connect(alice).requestUnbond(0, ethers.MaxUint256);
    await networkHelpers.time.increase(UNBONDING_SECONDS);
    await staking.withdraw(0, 10);
    expect(await token.balanceOf(await staking.getAddress()), "tokens held").to.equal(7n * MESH);
    expect(await staking.totalHeld(), "total held").to.equal(0n);
  });
});

describe("NodeStaking: deactivateBelowMinimum", () => {
  async function networkWithRaisedMinimum() {
    const network = await networkWithUnbondings();
    await setParameter(network, "minNodeStake", 2n * STAKE);
    return network;
  }

  it("deactivates after the minimum was raised", async () => {
    const { staking, registry, mallory } = await networkHelpers.loadFixture(networkWithRaisedMinimum);
    await expect(staking.connect(mallory).deactivateBelowMinimum(0)).to.emit(registry, "NodeDeactivated");
  });

  it("refuses to deactivate a node at the minimum", async () => {
    const { staking } = await networkHelpers.loadFixture(networkWithUnbondings);
    await expect(staking.deactivateBelowMinimum(0))
      .to.be.revertedWithCustomError(staking, "NodeStaking_NotBelowMinimum")
      .withArgs(0, STAKE - 6n * MESH, MIN_STAKE);
  });

  it("gives time to top up after the minimum was raised", async () => {
    const network = await networkHelpers.loadFixture(networkWithUnbondings);
    const { staking, parameters, registry, alice } = network;
    await setParameter(network, "minStakeGrace", 1_000n);
    await setParameter(network, "minNodeStake", 2n * STAKE);
    const { effectiveAt } = (await parameters.parameter(ethers.encodeBytes32String("minNodeStake"))) as {
      effectiveAt: bigint;
    };
    await networkHelpers.time.setNextBlockTimestamp(effectiveAt + 999n);
    await expect(staking.deactivateBelowMinimum(0))
      .to.be.revertedWithCustomError(staking, "NodeStaking_GraceNotOver")
      .withArgs(0, effectiveAt + 1_000n);
    await networkHelpers.time.increaseTo(effectiveAt + 1_000n);
    await expect(staking.deactivateBelowMinimum(0)).to.emit(registry, "NodeDeactivated");
    expect(await staking.weightOf(0), "weight").to.equal(0n);
    await staking.connect(alice).stake(0, STAKE + 6n * MESH);
    expect(await staking.weightOf(0), "weight after the top-up").to.equal(2n * STAKE);
  });

  it("changes nothing twice", async () => {
    const { staking, registry } = await networkHelpers.loadFixture(networkWithRaisedMinimum);
    await staking.deactivateBelowMinimum(0);
    await expect(staking.deactivateBelowMinimum(0)).not.to.emit(registry, "NodeDeactivated");
  });
});
