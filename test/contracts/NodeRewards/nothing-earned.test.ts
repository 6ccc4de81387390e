import { expect } from "chai";
import { id } from "ethers";
import { economyOnMarks, EPOCH_SECONDS, type EconomyFixture } from "../economy/support/economy-fixture.ts";
import { connection, MESH, MIN_STAKE, networkWithEpochs } from "../support/deployed-network.ts";
import {
  goToEpoch,
  MARK,
  type RewardsFixture,
  rewardsOnDoubles,
  setBonds,
  twoNodes,
} from "./support/rewards-fixture.ts";

const { ethers, networkHelpers } = connection;
const ALL = ethers.MaxUint256;
const DELEGATED = 1_000n * MESH;
/** Assets that a slash leaves of the delegation, and shares that are not worth a wei then. */
const [LEFT, DUST] = [10n ** 9n, 10n ** 14n];

/** Node 0 of bob with stake and a delegation throughout word 1. */
async function economyWithStake() {
  const economy = await economyOnMarks();
  const { staking, delegation, staker, delegators } = economy;
  await staking.connect(staker).stake(0, 3n * MIN_STAKE);
  await delegation.connect(delegators[0]).delegate(0, DELEGATED, 0n);
  return economy;
}

/** Word 1 is over and final. */
async function afterWordOne({ genesis }: EconomyFixture): Promise<void> {
  await networkHelpers.time.increaseTo(genesis + 525 * EPOCH_SECONDS);
}

describe("NodeRewards: words in which little or nothing is earned", () => {
  it("pay nothing where a node left before it became active, and give all of it back", async () => {
    const fixture = await networkHelpers.loadFixture(rewardsOnDoubles);
    const { rewards, registry } = fixture;
    await registry.setIntervals(0, [{ from: 300, until: 320 }]);
    await goToEpoch(fixture, 280);
    await setBonds(fixture, 0, { own: MESH });
    await setBonds(fixture, 1, { own: MESH });
    await goToEpoch(fixture, 290);
    await setBonds(fixture, 0, {});
    await goToEpoch(fixture, 525);
    await rewards.closeWords(10);
    const preview = (await rewards.preview(0)) as { operatorAmount: bigint; returned: bigint };
    expect(preview.operatorAmount, "paid").to.equal(0n);
    expect(preview.returned, "given back").to.be.greaterThan(0n);
    await rewards.claim([0]);
    expect(await rewards.recyclable(), "for later words").to.equal(preview.returned);
  });

  it("can be claimed to stake all the same: the node goes on to the next word", async () => {
    const economy = await networkHelpers.loadFixture(economyWithStake);
    const { rewards, staking, bridge, operators } = economy;
    const own = (await staking.stakeOf(0)) as bigint;
    await bridge.getFunction("markRange")(0, 256, 512, MARK.absent);
    await afterWordOne(economy);
    await rewards.connect(operators[0]).claimAndStake(0);
    expect(await staking.stakeOf(0), "stake").to.equal(own);
    expect(await rewards.nextWordOf(0), "next word").to.equal(2n);
  });

  it("pay the operator what was earned before nobody's stake was left", async () => {
    const economy = await networkHelpers.loadFixture(economyWithStake);
    const { rewards, staking, delegation, slashing, token, arbiter, operators, delegators } = economy;
    await afterWordOne(economy);
    await staking.connect(operators[0]).requestUnbond(0, ALL);
    const total = (await staking.slashableOf(0)) as bigint;
    const left = (LEFT * total) / DELEGATED;
    await slashing.connect(arbiter).punish([id("offence"), 0, total - left, ethers.ZeroAddress, false, true]);
    const { shares } = (await delegation.poolOf(0)) as { shares: bigint };
    await delegation.connect(delegators[0]).undelegate(0, shares - DUST, 0n);
    expect(((await delegation.poolOf(0)) as { assets: bigint }).assets, "pool").to.equal(0n);
    expect(await staking.stakeOf(0), "own stake").to.equal(0n);
    const before = (await token.balanceOf(operators[0].address)) as bigint;
    await rewards.claim([0]);
    expect(await token.balanceOf(operators[0].address), "balance").to.be.greaterThan(before);
  });

  it("are none before the horizon of a new network", async () => {
    const network = await networkWithEpochs(600);
    const { rewards, registry, staking, alice } = network;
    await registry.connect(alice).registerOperator(ethers.ZeroAddress, ethers.ZeroAddress, id("root key"));
    await registry.connect(alice).registerNode(ethers.randomBytes(1952), ethers.ZeroHash);
    await staking.connect(alice).stake(0, MIN_STAKE);
    expect((await registry.currentEpoch()) as bigint, "epoch").to.be.lessThan(8n);
    await expect(rewards.claim([0])).not.to.emit(rewards, "RewardsClaimed");
    expect(((await rewards.preview(0)) as { untilWord: bigint }).untilWord, "until word").to.equal(0n);
  });
});

describe("NodeRewards: weights of long ago", () => {
  /** Weight of node 0 in an epoch, and whether it is known. */
  const weightAt = ({ rewards }: RewardsFixture, epoch: number) => rewards.weightAt(0, epoch) as Promise<unknown>;

  it("are looked for in 400 words, and not known where none of them has a change", async () => {
    const fixture = await networkHelpers.loadFixture(twoNodes);
    await goToEpoch(fixture, 500 * 256);
    await setBonds(fixture, 0, { own: 7n * MESH });
    expect(await weightAt(fixture, 100 * 256), "400 words before").to.deep.equal([30_000n * MESH, true]);
    expect(await weightAt(fixture, 99 * 256), "401 words before").to.have.property("1", false);
    expect(await weightAt(fixture, 300), "in the word of a change").to.deep.equal([30_000n * MESH, true]);
  });
});
