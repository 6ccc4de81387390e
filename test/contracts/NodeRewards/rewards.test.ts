import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { connection, MESH } from "../support/deployed-network.ts";
import {
  FOREVER,
  goToEpoch,
  MARK,
  type RewardsFixture,
  rewardsOnDoubles,
  setBonds,
  twoNodes,
} from "./support/rewards-fixture.ts";

const { networkHelpers } = connection;
/** What integer division leaves of a word: a 2^56th of each epoch for each MESH of weight. In MESH wei. */
const DUST = 10n ** 11n;

interface Preview {
  operatorAmount: bigint;
  poolAmount: bigint;
  returned: bigint;
  fromWord: bigint;
  untilWord: bigint;
}

async function emissionOf({ rewards }: RewardsFixture, word: number): Promise<bigint> {
  const [closed] = await rewards.queryFilter(rewards.filters.WordClosed?.(word) as never);
  if (!closed || !("args" in closed)) throw new Error(`word ${word} is not closed`);
  return closed.args.emission as bigint;
}

async function previewOf({ rewards }: RewardsFixture, node: number): Promise<Preview> {
  return (await rewards.preview(node)) as Preview;
}

/** What the bytes of a transaction cost (EIP-2028). */
function calldataGas(data: string): bigint {
  const bytes = Buffer.from(data.slice(2), "hex");
  return bytes.reduce((sum, byte) => sum + (byte === 0 ? 4n : 16n), 0n);
}

function expectNear(actual: bigint, expected: bigint, label: string): void {
  expect(actual <= expected && expected - actual <= DUST, `${label}: ${actual} of ${expected}`).to.equal(true);
}

/** Word 1 is over and final, with what a test does to it while it runs. */
async function afterWordOne(fixture: RewardsFixture, during?: () => Promise<unknown>): Promise<void> {
  await goToEpoch(fixture, 300);
  await during?.();
  await goToEpoch(fixture, 520);
  await fixture.rewards.closeWords(10);
}

describe("NodeRewards: weightChanged", () => {
  it("obeys the staking contract only", async () => {
    const { rewards, mallory } = await networkHelpers.loadFixture(rewardsOnDoubles);
    await expect(rewards.connect(mallory).weightChanged(0, 1n))
      .to.be.revertedWithCustomError(rewards, "NodeRewards_NotStaking")
      .withArgs(mallory.address);
  });

  it("counts from the next epoch on", async () => {
    const fixture = await networkHelpers.loadFixture(rewardsOnDoubles);
    await goToEpoch(fixture, 300);
    await setBonds(fixture, 0, { own: 5n * MESH });
    expect(await fixture.rewards.weightAt(0, 301), "next epoch").to.deep.equal([5n * MESH, true]);
    expect(await fixture.rewards.weightAt(0, 300), "this epoch").to.deep.equal([0n, false]);
    expect(await fixture.rewards.weightAt(0, 255), "word before").to.deep.equal([0n, true]);
  });

  it("counts whole MESH, and writes nothing for less", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    const { rewards, stake } = fixture;
    const bonds = { own: 30_000n * MESH + MESH - 1n, pool: 0n, commissionBp: 0, isJailed: false };
    await expect(stake.setBonds(0, bonds)).not.to.emit(rewards, "WeightChanged");
    await expect(stake.setBonds(0, { ...bonds, own: bonds.own + 1n }))
      .to.emit(rewards, "WeightChanged")
      .withArgs(0, 30_001n * MESH, 256);
    expect(await rewards.totalWeight(), "total").to.equal(40_001n * MESH);
  });

  it("remembers weights of words that are not claimed", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    await goToEpoch(fixture, 600);
    await setBonds(fixture, 0, { own: 7n * MESH });
    await goToEpoch(fixture, 1_100);
    await setBonds(fixture, 0, { own: 9n * MESH });
    const at = (epoch: number) => fixture.rewards.weightAt(0, epoch) as Promise<unknown>;
    expect(await at(300), "first word").to.deep.equal([30_000n * MESH, true]);
    expect(await at(601), "after the change in word 2").to.deep.equal([7n * MESH, true]);
    expect(await at(600), "before it").to.have.property("1", false);
    expect(await at(1_023), "word between").to.deep.equal([7n * MESH, true]);
    expect(await at(1_101), "newest").to.deep.equal([9n * MESH, true]);
    await fixture.rewards.claim([0]);
    expect(await fixture.rewards.nextWordOf(0), "claimed").to.equal(4n);
    expect(await at(300), "claimed word").to.deep.equal([30_000n * MESH, true]);
    expect(await at(700), "claimed word with a change").to.deep.equal([7n * MESH, true]);
  });
});

describe("NodeRewards: weightAt", () => {
  it("finds the weight before the next word in which it changed", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    for (const [epoch, own] of [
      [300, 5n],
      [1_300, 7n],
      [1_900, 9n],
    ] as const) {
      await goToEpoch(fixture, epoch);
      await setBonds(fixture, 0, { own: own * MESH });
    }
    expect(await fixture.rewards.weightAt(0, 700), "words without a change").to.deep.equal([5n * MESH, true]);
    expect(await fixture.rewards.weightAt(0, 1_290), "before it in its word").to.deep.equal([7n * MESH, false]);
    expect(await fixture.rewards.weightAt(0, 1_600), "between").to.deep.equal([7n * MESH, true]);
  });
});

describe("NodeRewards: shares", () => {
  it("divides a word by weight", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    await afterWordOne(fixture);
    const emission = await emissionOf(fixture, 1);
    expectNear((await previewOf(fixture, 0)).operatorAmount, (emission * 3n) / 4n, "three quarters");
    expectNear((await previewOf(fixture, 1)).operatorAmount, emission / 4n, "one quarter");
  });

  it("divides a word by time and weight", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    await goToEpoch(fixture, 256 + 63);
    await setBonds(fixture, 1, { own: 90_000n * MESH });
    await goToEpoch(fixture, 520);
    await fixture.rewards.closeWords(10);
    const emission = await emissionOf(fixture, 1);
    expectNear((await previewOf(fixture, 0)).operatorAmount, (emission * 3n) / 8n, "a quarter at 3/4, the rest at 1/4");
    const sum = (await previewOf(fixture, 0)).operatorAmount + (await previewOf(fixture, 1)).operatorAmount;
    expectNear(sum, emission, "sum");
  });

  it("pays nothing for a word whose only weight came and went in one epoch", async () => {
    const fixture = await networkHelpers.loadFixture(rewardsOnDoubles);
    const { rewards } = fixture;
    await goToEpoch(fixture, 300);
    await setBonds(fixture, 0, { own: 5n * MESH });
    await setBonds(fixture, 0, { own: 0n });
    await goToEpoch(fixture, 520);
    expect(await rewards.claim.staticCall([0]), "paid").to.equal(0n);
    await rewards.claim([0]);
    expect(await rewards.nextWordOf(0), "claimed").to.equal(2n);
    expect(await rewards.wordReward(1), "word").to.deep.equal([0n, 0n, true]);
  });

  it("emits what the curve emits in the word", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    await afterWordOne(fixture);
    const { emissions, genesis } = fixture;
    expect(await emissionOf(fixture, 1), "emission").to.equal(await emissions.emittedBy(genesis + 256 * 60));
  });

  it("emits nothing while nobody has weight", async () => {
    const fixture = await networkHelpers.loadFixture(rewardsOnDoubles);
    await goToEpoch(fixture, 3_000);
    await fixture.rewards.closeWords(100);
    expect(await fixture.emissions.emitted(), "emitted").to.equal(0n);
    expect(await fixture.rewards.closedUntil(), "closed").to.equal(11n);
  });

  it("pays for the epochs since a node joined", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    await goToEpoch(fixture, 256 + 127);
    await fixture.registry.setIntervals(2, [{ from: 256 + 129, until: FOREVER }]);
    await setBonds(fixture, 2, { own: 40_000n * MESH });
    await goToEpoch(fixture, 520);
    await fixture.rewards.closeWords(10);
    expectNear((await previewOf(fixture, 2)).operatorAmount, (await emissionOf(fixture, 1)) / 4n, "half of half");
  });

  it("pays for the epochs until a node left", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    await goToEpoch(fixture, 256 + 127);
    await fixture.registry.setIntervals(0, [{ from: 256, until: 256 + 129 }]);
    await setBonds(fixture, 0, { own: 0n });
    await goToEpoch(fixture, 520);
    await fixture.rewards.closeWords(10);
    expectNear((await previewOf(fixture, 0)).operatorAmount, ((await emissionOf(fixture, 1)) * 3n) / 8n, "half");
  });

  it("pays nothing for the time after an exit", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    await fixture.registry.setIntervals(0, [{ from: 256, until: 256 + 64 }]);
    await goToEpoch(fixture, 1_100);
    await fixture.rewards.closeWords(10);
    const { operatorAmount, returned } = await previewOf(fixture, 0);
    const first = ((await emissionOf(fixture, 1)) * 3n) / 4n;
    expectNear(operatorAmount, first / 4n, "a quarter of the first word");
    expect(returned > 2n * first, "later words return").to.equal(true);
  });
});

describe("NodeRewards: uptime", () => {
  it("pays the attested share of the word alone", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    await afterWordOne(fixture, () => fixture.bridge.markRange(0, 260, 292, MARK.absent) as Promise<unknown>);
    const gross = ((await emissionOf(fixture, 1)) * 3n) / 4n;
    const { operatorAmount, returned } = await previewOf(fixture, 0);
    expectNear(operatorAmount, (gross * 224n) / 256n, "attested");
    expectNear(operatorAmount + returned, gross, "together");
  });

  it("pays a part for degraded epochs", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    await afterWordOne(fixture, () => fixture.bridge.markRange(0, 256, 272, MARK.degraded) as Promise<unknown>);
    const gross = ((await emissionOf(fixture, 1)) * 3n) / 4n;
    expectNear((await previewOf(fixture, 0)).operatorAmount, (gross * 248n) / 256n, "sixteen halves");
  });

  it("emits again what absent nodes did not earn", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    const { rewards } = fixture;
    await afterWordOne(fixture, () => fixture.bridge.markRange(0, 256, 384, MARK.absent) as Promise<unknown>);
    const { returned } = await previewOf(fixture, 0);
    await rewards.claim([0]);
    expect(await rewards.recyclable(), "returned").to.equal(returned);
    await goToEpoch(fixture, 780);
    await expect(rewards.closeWords(1)).to.emit(rewards, "WordClosed");
    expect(await rewards.recyclable(), "a 64th is emitted").to.equal(returned - returned / 64n);
  });

  it("pays nothing unreported to a node that was not there before", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    await afterWordOne(fixture, () => fixture.bridge.markRange(0, 256, 300, MARK.unreported) as Promise<unknown>);
    const gross = ((await emissionOf(fixture, 1)) * 3n) / 4n;
    expectNear((await previewOf(fixture, 0)).operatorAmount, (gross * 212n) / 256n, "reported epochs");
  });

  it("pays a share of an outage for a bounded time to nodes that were reliable", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    const { rewards, bridge } = fixture;
    await goToEpoch(fixture, 1_600);
    for (const word of [3, 4, 5]) await bridge.markRange(0, 256 * word, 256 * word + 256, MARK.unreported);
    await rewards.closeWords(10);
    await rewards.claimWords(0, 2);
    expect(await rewards.graceOf(0), "grace of two words").to.equal(512n);
    const amounts: bigint[] = [];
    for (let word = 3; word < 6; word++) {
      amounts.push((await rewards.claimWords.staticCall(0, 1)) as bigint);
      await rewards.claimWords(0, 1);
    }
    const gross = ((await emissionOf(fixture, 3)) * 3n) / 4n;
    expectNear(amounts[0] ?? 0n, (gross * 4n) / 10n, "a whole word at 40 %");
    expect(await rewards.graceOf(0), "used up").to.equal(0n);
    expect((amounts[1] ?? 0n) < (amounts[0] ?? 0n), "capped by the parameter and what was earned").to.equal(true);
    expect(amounts[2], "nothing any more").to.equal(0n);
  });

  it("takes ten epochs of grace for each absence", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    await afterWordOne(fixture, () => fixture.bridge.markRange(0, 256, 276, MARK.absent) as Promise<unknown>);
    await fixture.rewards.claim([0]);
    expect(await fixture.rewards.graceOf(0), "grace").to.equal(256n - 20n - 200n);
  });
});

describe("NodeRewards: claim", () => {
  it("waits for the horizon", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    const { rewards } = fixture;
    await goToEpoch(fixture, 519);
    await expect(rewards.claim([0])).not.to.emit(rewards, "RewardsClaimed");
    await goToEpoch(fixture, 520);
    await expect(rewards.claim([0])).to.emit(rewards, "RewardsClaimed");
  });

  it("pays anybody's claim to the beneficiary", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    const { rewards, token, alice, mallory } = fixture;
    await afterWordOne(fixture);
    const { operatorAmount } = await previewOf(fixture, 0);
    await expect(rewards.connect(mallory).claim([0]))
      .to.emit(rewards, "RewardsClaimed")
      .withArgs(0, alice.address, 1, 2, operatorAmount, 0, 0);
    expect(await token.balanceOf(alice.address), "alice").to.equal(operatorAmount);
    expect(await token.balanceOf(mallory.address), "mallory").to.equal(0n);
  });

  it("pays nothing twice", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    await afterWordOne(fixture);
    await fixture.rewards.claim([0]);
    expect(await fixture.rewards.claim.staticCall([0]), "second claim").to.equal(0n);
    expect(await fixture.rewards.nextWordOf(0), "next word").to.equal(2n);
  });

  it("pays several nodes and passes over those without rewards", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    await afterWordOne(fixture);
    const sum = (await previewOf(fixture, 0)).operatorAmount + (await previewOf(fixture, 1)).operatorAmount;
    expect(await fixture.rewards.claim.staticCall([0, 3, 1, 0]), "sum").to.equal(sum);
  });

  it("closes the words it needs", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    await goToEpoch(fixture, 800);
    await fixture.rewards.claim([0]);
    expect(await fixture.rewards.closedUntil(), "closed").to.equal(3n);
    expect(await fixture.rewards.nextWordOf(0), "claimed").to.equal(3n);
  });

  it("gives delegators their part less the commission", async () => {
    const fixture = await networkHelpers.loadFixture(rewardsOnDoubles);
    const { rewards, stake, token, alice } = fixture;
    await setBonds(fixture, 0, { own: 10_000n * MESH, pool: 30_000n * MESH, commissionBp: 1_000 });
    await afterWordOne(fixture);
    const emission = await emissionOf(fixture, 1);
    const { operatorAmount, poolAmount } = await previewOf(fixture, 0);
    expectNear(poolAmount, (emission * 27n) / 40n, "pool");
    expectNear(operatorAmount, (emission * 13n) / 40n, "operator");
    await rewards.claim([0]);
    expect(await token.balanceOf(alice.address), "beneficiary").to.equal(operatorAmount);
    expect(await token.balanceOf(stake), "pool").to.equal(poolAmount);
    expect((await rewards.weightAt(0, 10_000))[0], "weight grew").to.equal(
      ((40_000n * MESH + poolAmount) / MESH) * MESH,
    );
  });

  it("stakes the operator's part on its word alone", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    const { rewards, stake, alice, mallory } = fixture;
    await afterWordOne(fixture);
    await fixture.registry.setOperator(0, alice.address);
    await expect(rewards.connect(mallory).claimAndStake(0))
      .to.be.revertedWithCustomError(rewards, "NodeRewards_NotOperator")
      .withArgs(mallory.address, 0);
    const { operatorAmount } = await previewOf(fixture, 0);
    await rewards.connect(alice).claimAndStake(0);
    expect((await stake.bondsOf(0)).own, "stake").to.equal(30_000n * MESH + operatorAmount);
  });

  it("pays in pages what it pays at once", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    const { rewards } = fixture;
    await goToEpoch(fixture, 2_000);
    await rewards.closeWords(20);
    const { operatorAmount } = await previewOf(fixture, 0);
    let paid = 0n;
    for (let page = 0; page < 3; page++) {
      paid += (await rewards.claimWords.staticCall(0, 3)) as bigint;
      await rewards.claimWords(0, 3);
    }
    expect(paid, "sum of pages").to.equal(operatorAmount);
  });

  it("settles 1,024 words at most", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    const { rewards } = fixture;
    await goToEpoch(fixture, 1_030 * 256 + 8);
    for (let closed = 0n; closed < 1_030n; closed = (await rewards.closedUntil()) as bigint) {
      await rewards.closeWords(300, { gasLimit: 16_000_000 });
    }
    const { operatorAmount, untilWord } = await previewOf(fixture, 0);
    expect(untilWord, "preview").to.equal(1_025n);
    expect(await rewards.claim.staticCall([0]), "amount").to.equal(operatorAmount);
    await rewards.claim([0]);
    expect(await rewards.nextWordOf(0), "first page").to.equal(1_025n);
    await rewards.claim([0]);
    expect(await rewards.nextWordOf(0), "second page").to.equal(1_030n);
  });

  it("goes on with words that another distributor was paid for", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    const { rewards, emissions, council, mallory } = fixture;
    await emissions.connect(council).setDistributor(mallory.address);
    await goToEpoch(fixture, 700);
    await emissions.connect(mallory).accrue(await networkHelpers.time.latest(), 1n);
    await emissions.connect(council).setDistributor(await rewards.getAddress());
    await goToEpoch(fixture, 1_100);
    await rewards.claim([0]);
    expect(await rewards.nextWordOf(0), "claimed").to.equal(4n);
    expect(await emissionOf(fixture, 1), "word of the other one").to.equal(0n);
    expect((await emissionOf(fixture, 3)) > 0n, "word of its own").to.equal(true);
  });

  it("still pays what was earned when another distributor is named", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    const { rewards, emissions, council, mallory } = fixture;
    await afterWordOne(fixture);
    await emissions.connect(council).setDistributor(mallory.address);
    await goToEpoch(fixture, 1_000);
    expect(await rewards.claim.staticCall([0]), "claim").to.equal((await previewOf(fixture, 0)).operatorAmount);
    await rewards.claim([0]);
    expect(await rewards.nextWordOf(0), "only the closed word").to.equal(2n);
  });
});

describe("NodeRewards: bindStaking", () => {
  it("names a staking contract and pools", async () => {
    const { rewards, token, emissions, bridge, registry, parameters, genesis } =
      await networkHelpers.loadFixture(rewardsOnDoubles);
    const settings = { token, emissions, bridge, registry, parameters };
    const clock = { epochGenesis: genesis, epochLength: 60 };
    const fresh = await connection.ethers.deployContract("NodeRewards", [{ ...settings, ...clock }]);
    const stake = await rewards.getAddress();
    for (const [args, missing] of [
      [[ZeroAddress, stake], "staking"],
      [[stake, ZeroAddress], "delegation"],
    ] as const) {
      await expect(fresh.getFunction("bindStaking")(...args))
        .to.be.revertedWithCustomError(fresh, "Governed_ZeroAddress")
        .withArgs(missing);
    }
  });

  it("costs the same to deploy in the first epoch and in the second", async () => {
    const { token, emissions, bridge, registry, parameters } = await networkHelpers.loadFixture(rewardsOnDoubles);
    const settings = { token, emissions, bridge, registry, parameters };
    const factory = await connection.ethers.getContractFactory("NodeRewards");
    const gasInEpoch = async (epoch: number) => {
      const length = 60;
      const epochGenesis = (await networkHelpers.time.latest()) + 1 - epoch * length;
      const { data } = await factory.getDeployTransaction({ ...settings, epochGenesis, epochLength: length });
      await networkHelpers.time.setNextBlockTimestamp(epochGenesis + epoch * length);
      const deployment = await (
        await factory.deploy({ ...settings, epochGenesis, epochLength: length })
      ).waitForDeployment();
      const { gasUsed } = (await deployment.deploymentTransaction()!.wait())!;
      return gasUsed - calldataGas(data);
    };
    const [first, second] = [await gasInEpoch(0), await gasInEpoch(1)];
    expect(second, "second epoch").to.equal(first);
  });

  it("lets nobody else have nodes settled", async () => {
    const { rewards, mallory } = await networkHelpers.loadFixture(rewardsOnDoubles);
    await expect(rewards.connect(mallory).settle(0, false))
      .to.be.revertedWithCustomError(rewards, "NodeRewards_NotStaking")
      .withArgs(mallory.address);
  });

  it("obeys the deployer, once", async () => {
    const { rewards, deployer, mallory } = await networkHelpers.loadFixture(rewardsOnDoubles);
    for (const stranger of [deployer, mallory]) {
      await expect(rewards.connect(stranger).bindStaking(ZeroAddress, ZeroAddress))
        .to.be.revertedWithCustomError(rewards, "Governed_BindingClosed")
        .withArgs(stranger.address);
    }
  });
});
