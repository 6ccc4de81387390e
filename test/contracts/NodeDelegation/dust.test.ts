import { expect } from "chai";
import { DELEGATED, networkWithDelegation, OWN } from "../support/delegated-node.ts";
import { connection, MESH } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;
const ALL = ethers.MaxUint256;
const UNBONDING_SECONDS = 120;
const SHARES = 1_000n * DELEGATED;
/** Assets that a slash leaves of a delegation: just enough for its shares not to be counted anew. */
const LEFT = 10n ** 10n;
/** Shares that are not worth a wei then. */
const DUST = 10n ** 14n;

/** A node with a delegation, a pool that is slashed directly, for good or until a pardon far ahead. */
async function slashableDelegation() {
  const network = await networkWithDelegation();
  const { delegation, staking } = network;
  const signer = await ethers.getImpersonatedSigner(await staking.getAddress());
  await networkHelpers.setBalance(signer.address, 10n ** 21n);
  const asStaking = delegation.connect(signer);
  const later = BigInt(await networkHelpers.time.latest()) + 1_000_000n;
  const slashForGood = (amount: bigint) => asStaking.slashPool(0, amount, 0n) as Promise<unknown>;
  const slashForNow = (amount: bigint) => asStaking.slashPool(0, amount, later) as Promise<unknown>;
  return { ...network, slashForGood, slashForNow };
}

type Network = Awaited<ReturnType<typeof slashableDelegation>>;

/** Assets and shares of the pool, and of what is unbonding from it. */
async function poolsOf({ delegation }: Network): Promise<[bigint, bigint][]> {
  const pools = [await delegation.poolOf(0), await delegation.unbondingPoolOf(0)];
  return pools.map(({ assets, shares }: { assets: bigint; shares: bigint }) => [assets, shares]);
}

/** Pays the oldest unbonding of a delegator once it is mature. */
async function withdrawOne({ delegation }: Network, delegator: Network["stranger"]): Promise<void> {
  await networkHelpers.time.increase(UNBONDING_SECONDS);
  await delegation.connect(delegator).withdrawDelegation(0, delegator.address, 1);
}

describe("NodeDelegation: shares that are worth nothing", () => {
  it("are not touched by a slash of what unbonds, which is given back to that alone", async () => {
    const network = await networkHelpers.loadFixture(slashableDelegation);
    const { delegation, mallory, slashForGood, slashForNow } = network;
    await slashForGood(DELEGATED - LEFT);
    await delegation.connect(mallory).undelegate(0, SHARES - DUST, 0n);
    expect((await poolsOf(network))[0], "pool").to.deep.equal([0n, DUST]);
    await expect(slashForNow(LEFT / 10n)).not.to.emit(delegation, "PoolEmptied");
    expect((await poolsOf(network))[0], "pool after it").to.deep.equal([0n, DUST]);
    expect(await delegation.restorableOf(0, LEFT / 10n), "restorable").to.deep.equal([0n, LEFT / 10n]);
  });

  it("are not touched while they unbond by a slash of the pool, which is given back to that alone", async () => {
    const network = await networkHelpers.loadFixture(slashableDelegation);
    const { delegation, stranger, mallory, slashForGood, slashForNow } = network;
    for (const shares of [SHARES - DUST, DUST]) await delegation.connect(mallory).undelegate(0, shares, 0n);
    await slashForGood(DELEGATED - LEFT);
    await withdrawOne(network, mallory);
    expect((await poolsOf(network))[1], "unbonding").to.deep.equal([0n, DUST]);
    await delegation.connect(stranger).delegate(0, 100n * MESH, 0n);
    await expect(slashForNow(MESH)).not.to.emit(delegation, "PoolEmptied");
    expect((await poolsOf(network))[1], "unbonding after it").to.deep.equal([0n, DUST]);
    expect(await delegation.restorableOf(0, MESH), "restorable").to.deep.equal([MESH, 0n]);
  });

  it("are counted anew while they unbond, and what they lost is given back to them", async () => {
    const network = await networkHelpers.loadFixture(slashableDelegation);
    const { delegation, stranger, mallory, slashForGood, slashForNow } = network;
    await delegation.connect(mallory).undelegate(0, ALL, 0n);
    await slashForGood(DELEGATED - LEFT);
    await delegation.connect(stranger).delegate(0, 100n * MESH, 0n);
    await expect(slashForNow(90n * MESH))
      .to.emit(delegation, "PoolRescaled")
      .withArgs(0, true, 1, SHARES >> 8n);
    const lost = (90n * MESH * LEFT) / (100n * MESH + LEFT);
    expect(await delegation.restorableOf(0, 90n * MESH), "restorable").to.deep.equal([90n * MESH - lost, lost]);
  });

  it("are not sold: a delegation that buys no share of a dear pool is refused", async () => {
    const { delegation, token, mallory, stranger, payer, timelockSigner } =
      await networkHelpers.loadFixture(slashableDelegation);
    await delegation.connect(mallory).undelegate(0, SHARES - 1n, 0n);
    await token.connect(timelockSigner).transfer(payer.address, 2_000n * MESH);
    await delegation.connect(payer).addToPool(0, 2_000n * MESH);
    await expect(delegation.connect(stranger).delegate(0, MESH, 0n))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_TooFewShares")
      .withArgs(0n, 0n);
  });

  it("begin no new generation when what rounding left of a pool is taken", async () => {
    const { delegation, token, mallory, payer, timelockSigner, punish } =
      await networkHelpers.loadFixture(networkWithDelegation);
    await token.connect(timelockSigner).transfer(payer.address, MESH);
    await delegation.connect(payer).addToPool(0, MESH);
    await delegation.connect(mallory).undelegate(0, ALL, 0n);
    expect((await delegation.poolOf(0)).assets, "left by rounding").to.equal(1n);
    await expect(punish(ALL), "of what is unbonding").to.emit(delegation, "PoolEmptied").withArgs(0, true, 18);
    expect(await delegation.poolOf(0), "pool").to.deep.equal([0n, 0n, 0n]);
  });

  it("are withdrawn when nothing that is unbonding has shares, whatever they lost", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { delegation, slashing, mallory, timelockSigner, punish } = network;
    await delegation.connect(mallory).undelegate(0, 1n, 0n);
    const [{ maturesAt }] = (await delegation.undelegationsOf(0, mallory.address)) as [{ maturesAt: bigint }];
    await networkHelpers.time.increaseTo(maturesAt - 5n);
    await punish(((OWN + DELEGATED) * 99n) / 100n);
    await delegation.connect(mallory).undelegate(0, 2_000n, 0n);
    const { poolPart } = (await slashing.slashOf(1)) as { poolPart: bigint };
    expect((await delegation.unbondingPoolOf(0)).shares, "shares that are unbonding").to.equal(0n);
    expect((await delegation.restorableOf(0, poolPart))[1], "what they lost").to.equal(1n);
    await networkHelpers.time.setNextBlockTimestamp(maturesAt);
    await expect(delegation.connect(mallory).withdrawDelegation(0, mallory.address, 8))
      .to.emit(delegation, "DelegationWithdrawn")
      .withArgs(0, mallory.address, 0, 0n);
    await slashing.connect(timelockSigner).pardon(1);
    expect((await delegation.poolOf(0)).assets, "given back").to.be.closeTo(DELEGATED, 2n);
  });
});
