import { expect } from "chai";
import { Signature } from "ethers";
import { DELEGATED, networkWithDelegation, OWN, worthOf } from "../support/delegated-node.ts";
import { connection, type DeployedNetwork, MESH, setParameter } from "../support/deployed-network.ts";

const { ethers, networkHelpers } = connection;
const UNBONDING_SECONDS = 120;
const ALL = ethers.MaxUint256;

/** Takes a wallet's approval away and signs a permit for one MESH. */
async function permitOf({ delegation, token }: DeployedNetwork, owner: DeployedNetwork["alice"]) {
  const spender = await delegation.getAddress();
  await token.connect(owner).approve(spender, 0n);
  const message = { owner: owner.address, spender, value: MESH, nonce: 0n, deadline: 4_000_000_000n };
  const { chainId } = await ethers.provider.getNetwork();
  const domain = { name: "PQMesh", version: "1", chainId, verifyingContract: await token.getAddress() };
  const fields = ["owner", "spender", "value", "nonce", "deadline"].map((name) => {
    return { name, type: name === "owner" || name === "spender" ? "address" : "uint256" };
  });
  const { v, r, s } = Signature.from(await owner.signTypedData(domain, { Permit: fields }, message));
  return { deadline: message.deadline, v, r, s };
}

describe("NodeDelegation: delegate", () => {
  it("gives a thousand shares for the first wei and adds to the weight", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { delegation, staking, stranger } = network;
    await expect(delegation.connect(stranger).delegate(0, 5n * MESH, 5_000n * MESH))
      .to.emit(delegation, "Delegated")
      .withArgs(0, stranger.address, 5n * MESH, 5_000n * MESH, DELEGATED + 5n * MESH, 1_000n * (DELEGATED + 5n * MESH));
    expect(await worthOf(network, stranger.address), "worth").to.equal(5n * MESH);
    expect(await staking.weightOf(0), "weight").to.equal(OWN + DELEGATED + 5n * MESH);
    expect(await staking.stakeOf(0), "own stake").to.equal(OWN);
  });

  it("refuses dust, too few shares and a node that has exited", async () => {
    const { delegation, staking, registry, alice, stranger } = await networkHelpers.loadFixture(networkWithDelegation);
    await expect(delegation.connect(stranger).delegate(0, MESH - 1n, 0n))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_BelowMinimum")
      .withArgs(MESH - 1n, MESH);
    await expect(delegation.connect(stranger).delegate(0, MESH, 1_000n * MESH + 1n))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_TooFewShares")
      .withArgs(1_000n * MESH, 1_000n * MESH + 1n);
    await registry.connect(alice).exitNode(0);
    await expect(delegation.connect(stranger).delegate(0, MESH, 0n))
      .to.be.revertedWithCustomError(staking, "NodeStaking_NodeExited")
      .withArgs(0);
    expect(await staking.weightOf(0), "weight after the exit").to.equal(0n);
  });

  it("takes a permit in the place of an approval", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { delegation, token, stranger } = network;
    const { deadline, v, r, s } = await permitOf(network, stranger);
    const balance = (await token.balanceOf(stranger.address)) as bigint;
    await delegation.connect(stranger).delegateWithPermit(0, MESH, 0n, [deadline, v, r, s]);
    expect(await worthOf(network, stranger.address), "delegated").to.equal(MESH);
    expect(await token.balanceOf(stranger.address), "balance").to.equal(balance - MESH);
  });

  it("survives a permit that was front-run", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { delegation, token, stranger, mallory } = network;
    const { deadline, v, r, s } = await permitOf(network, stranger);
    await token.connect(mallory).permit(stranger.address, await delegation.getAddress(), MESH, deadline, v, r, s);
    await delegation.connect(stranger).delegateWithPermit(0, MESH, 0n, [deadline, v, r, s]);
    await expect(
      delegation.connect(stranger).delegateWithPermit(0, MESH, 0n, [deadline, v, r, s]),
    ).to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance");
  });

  it("earns by what is paid into the pool, and by nothing that is sent", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { delegation, token, staking, mallory, stranger, payer, timelockSigner } = network;
    await token.connect(stranger).transfer(await delegation.getAddress(), 77n * MESH);
    expect(await worthOf(network, mallory.address), "after a donation").to.equal(DELEGATED);
    await token.connect(timelockSigner).transfer(payer.address, 100n * MESH);
    await expect(delegation.connect(payer).addToPool(0, 100n * MESH))
      .to.emit(delegation, "PoolGrew")
      .withArgs(0, 100n * MESH, DELEGATED + 100n * MESH);
    expect(await worthOf(network, mallory.address), "after rewards").to.be.closeTo(DELEGATED + 100n * MESH, 10n);
    expect(await staking.weightOf(0), "weight").to.equal(OWN + DELEGATED + 100n * MESH);
  });
});

describe("NodeDelegation: undelegate", () => {
  it("queues what the shares are worth and takes it off the weight", async () => {
    const { delegation, staking, mallory } = await networkHelpers.loadFixture(networkWithDelegation);
    await delegation.connect(mallory).undelegate(0, 1_000n * MESH, MESH);
    const [unbonding] = (await delegation.undelegationsOf(0, mallory.address)) as [bigint, bigint, bigint][];
    expect(unbonding?.slice(0, 2), "id and amount").to.deep.equal([0n, MESH]);
    expect(await staking.weightOf(0), "weight").to.equal(OWN + DELEGATED - MESH);
    await delegation.connect(mallory).undelegate(0, ALL, 0n);
    expect(await staking.weightOf(0), "weight without delegators").to.equal(OWN);
  });

  it("refuses nothing, more than there is, and a worse price", async () => {
    const { delegation, mallory, stranger } = await networkHelpers.loadFixture(networkWithDelegation);
    const shares = 1_000n * DELEGATED;
    await expect(delegation.connect(mallory).undelegate(0, 0n, 0n)).to.be.revertedWithCustomError(
      delegation,
      "NodeDelegation_ZeroAmount",
    );
    await expect(delegation.connect(mallory).undelegate(0, shares + 1n, 0n))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_InsufficientShares")
      .withArgs(shares + 1n, shares);
    await expect(delegation.connect(mallory).undelegate(0, shares, DELEGATED + 1n))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_TooSmallAmount")
      .withArgs(DELEGATED, DELEGATED + 1n);
    await expect(delegation.connect(stranger).undelegate(0, 1n, 0n), "of somebody else")
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_InsufficientShares")
      .withArgs(1n, 0n);
  });

  it("caps unbondings per delegator, and a cancelled one makes room", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { delegation, mallory, stranger } = network;
    for (let i = 0; i < 32; i++) await delegation.connect(mallory).undelegate(0, 1_000n * MESH, 0n);
    await expect(delegation.connect(mallory).undelegate(0, 1_000n * MESH, 0n))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_TooManyUnbondings")
      .withArgs(32, 32);
    await expect(delegation.connect(stranger).cancelUndelegation(0, 7, 0n))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_UnknownUnbonding")
      .withArgs(0, stranger.address, 7);
    await delegation.connect(mallory).cancelUndelegation(0, 7, 1_000n * MESH);
    expect(await worthOf(network, mallory.address), "delegated").to.equal(DELEGATED - 31n * MESH);
    await delegation.connect(mallory).undelegate(0, 1_000n * MESH, 0n);
  });

  it("pays the delegator page by page, once, whoever calls", async () => {
    const { delegation, token, mallory, stranger } = await networkHelpers.loadFixture(networkWithDelegation);
    for (const amount of [1n, 2n, 3n]) await delegation.connect(mallory).undelegate(0, amount * 1_000n * MESH, 0n);
    const first = ((await delegation.undelegationsOf(0, mallory.address)) as [bigint, bigint, bigint][])[0][2];
    await expect(delegation.withdrawDelegation(0, mallory.address, 8))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_NothingMatured")
      .withArgs(0, mallory.address, first);
    await networkHelpers.time.increase(UNBONDING_SECONDS);
    const before = (await token.balanceOf(mallory.address)) as bigint;
    await delegation.connect(stranger).withdrawDelegation(0, mallory.address, 2);
    expect(((await token.balanceOf(mallory.address)) as bigint) - before, "first page").to.equal(3n * MESH);
    await delegation.connect(stranger).withdrawDelegation(0, mallory.address, 2);
    expect(((await token.balanceOf(mallory.address)) as bigint) - before, "all").to.equal(6n * MESH);
    await expect(delegation.withdrawDelegation(0, mallory.address, 2))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_NothingMatured")
      .withArgs(0, mallory.address, 0);
  });

  it("begins anew after a slash of everything, and old unbondings end at nothing", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { delegation, staking, slashing, alice, mallory, punish } = network;
    await delegation.connect(mallory).undelegate(0, 1_000n * MESH, 0n);
    await expect(punish(ALL)).to.emit(delegation, "PoolEmptied").withArgs(0, false, 18);
    expect(await staking.slashableOf(0), "left").to.equal(0n);
    expect(await worthOf(network, mallory.address), "worth of old shares").to.equal(0n);
    await networkHelpers.time.increase(UNBONDING_SECONDS);
    await expect(delegation.withdrawDelegation(0, mallory.address, 8))
      .to.emit(delegation, "DelegationWithdrawn")
      .withArgs(0, mallory.address, 0, 0n);
    await slashing.unjail(0);
    await staking.connect(alice).stake(0, OWN);
    await delegation.connect(mallory).delegate(0, DELEGATED, 1_000n * DELEGATED);
    expect(await worthOf(network, mallory.address), "worth of new shares").to.equal(DELEGATED);
  });
});

describe("NodeDelegation: a pool that lost nearly everything", () => {
  /** Wei left of operator and delegators together; a quarter of them is of the pool. */
  const LEFT = 4_000_000_000n;

  async function nearlyEmpty() {
    const network = await networkWithDelegation();
    const { slashing, staking, alice, timelockSigner, punish } = network;
    const slash = await punish(OWN + DELEGATED - LEFT);
    const { payableAt } = (await slashing.slashOf(1)) as { payableAt: bigint };
    await networkHelpers.time.increaseTo(payableAt);
    await slashing.connect(timelockSigner).unjail(0);
    await staking.connect(alice).stake(0, OWN);
    return { ...network, slash };
  }

  it("counts its shares anew, and takes no wei from anybody by that", async () => {
    const network = await networkHelpers.loadFixture(nearlyEmpty);
    const { delegation, mallory, slash } = network;
    const { assets, shares, generation } = (await delegation.poolOf(0)) as Record<string, bigint>;
    await expect(slash).to.emit(delegation, "PoolRescaled").withArgs(0, false, 1, shares);
    expect([assets, generation], "assets and generation").to.deep.equal([LEFT / 4n, 1n]);
    expect(shares, "shares").to.equal((DELEGATED * 1_000n) >> 8n);
    expect(await worthOf(network, mallory.address), "of the only delegator").to.be.closeTo(LEFT / 4n, 1n);
    await expect(delegation.connect(mallory).undelegate(0, ALL, LEFT / 4n - 1n)).to.emit(delegation, "Undelegated");
  });

  it("loses nobody more than a slash takes, whoever joins, leaves and comes back", async () => {
    const network = await networkHelpers.loadFixture(nearlyEmpty);
    const { delegation, slashing, mallory, stranger, timelockSigner, punish } = network;
    await delegation.connect(stranger).delegate(0, DELEGATED, 0n);
    await delegation.connect(mallory).undelegate(0, (DELEGATED * 500n) >> 8n, 0n);
    await punish(10n * MESH);
    const { payableAt } = (await slashing.slashOf(2)) as { payableAt: bigint };
    await networkHelpers.time.increaseTo(payableAt);
    await slashing.connect(timelockSigner).unjail(0);
    await delegation.connect(mallory).cancelUndelegation(0, 0, 0n);
    expect(await worthOf(network, stranger.address), "of who joined").to.be.greaterThan(DELEGATED - 10n * MESH);
    expect(await worthOf(network, mallory.address), "of who lost before").to.be.closeTo(LEFT / 4n, LEFT / 400n);
  });

  it("keeps unbondings of before at what they are worth", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { delegation, mallory, punish } = network;
    await delegation.connect(mallory).undelegate(0, ALL, DELEGATED);
    await expect(punish(OWN + DELEGATED - LEFT))
      .to.emit(delegation, "PoolRescaled")
      .withArgs(0, true, 1, (DELEGATED * 1_000n) >> 8n);
    const [{ amount }] = (await delegation.undelegationsOf(0, mallory.address)) as [{ amount: bigint }];
    expect(amount, "listed").to.be.closeTo(LEFT / 4n, 1n);
    await networkHelpers.time.increase(UNBONDING_SECONDS * 4);
    await expect(delegation.withdrawDelegation(0, mallory.address, 1))
      .to.emit(delegation, "DelegationWithdrawn")
      .withArgs(0, mallory.address, 0, amount);
  });
});

describe("NodeDelegation: setCommission", () => {
  it("cuts at once, raises after the delay, within the bound", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { delegation, bob, mallory } = network;
    await delegation.connect(bob).setCommission(0, 1_000);
    expect(await delegation.commissionBp(0), "before the delay").to.equal(0n);
    await networkHelpers.time.increase(60);
    expect(await delegation.commissionBp(0), "after the delay").to.equal(1_000n);
    await delegation.connect(bob).setCommission(0, 2_000);
    await delegation.connect(bob).setCommission(0, 500);
    await networkHelpers.time.increase(60);
    expect(await delegation.commissionBp(0), "a cut replaces a raise").to.equal(500n);
    await expect(delegation.connect(bob).setCommission(0, 3_001))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_CommissionTooHigh")
      .withArgs(3_001, 3_000);
    await expect(delegation.connect(mallory).setCommission(0, 1))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_NotOperator")
      .withArgs(mallory.address, 0);
  });
});

describe("NodeDelegation: griefing", () => {
  it("lets nobody hinder others by dust", async () => {
    const network = await networkHelpers.loadFixture(networkWithDelegation);
    const { delegation, staking, alice, mallory, stranger } = network;
    await setParameter(network, "minNodeStake", OWN);
    await delegation.connect(stranger).delegate(0, MESH, 0n);
    await delegation.connect(stranger).undelegate(0, 1n, 0n);
    await staking.connect(stranger).stake(0, 1n);
    await staking.connect(alice).requestUnbond(0, ALL);
    await delegation.connect(mallory).undelegate(0, ALL, DELEGATED);
    await networkHelpers.time.increase(UNBONDING_SECONDS);
    await staking.withdraw(0, 8);
    await delegation.withdrawDelegation(0, mallory.address, 8);
    expect(await staking.totalHeld(), "stake left").to.equal(0n);
    expect(await worthOf(network, mallory.address), "delegation left").to.equal(0n);
  });
});

describe("NodeDelegation: what others may ask of it", () => {
  it("is paid into by rewards alone, and where there are delegators", async () => {
    const { delegation, registry, alice, payer, stranger } = await networkHelpers.loadFixture(networkWithDelegation);
    await expect(delegation.connect(stranger).addToPool(0, MESH))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_NotPayer")
      .withArgs(stranger.address);
    await registry.connect(alice).registerNode(ethers.randomBytes(1952), ethers.ZeroHash);
    await expect(delegation.connect(payer).addToPool(1, MESH))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_EmptyPool")
      .withArgs(1);
  });

  it("is slashed by the staking contract alone", async () => {
    const { delegation, stranger } = await networkHelpers.loadFixture(networkWithDelegation);
    await expect(delegation.connect(stranger).slashPool(0, MESH, 0n))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_NotStaking")
      .withArgs(stranger.address);
  });

  it("is given back by the slashing contract alone, and nothing that was not taken", async () => {
    const { delegation, slashing, stranger, payer } = await networkHelpers.loadFixture(networkWithDelegation);
    for (const caller of [stranger, payer]) {
      await expect(delegation.connect(caller).restorePool(0, MESH))
        .to.be.revertedWithCustomError(delegation, "NodeDelegation_NotSlashing")
        .withArgs(caller.address);
    }
    const slasher = await ethers.getImpersonatedSigner(await slashing.getAddress());
    await networkHelpers.setBalance(slasher.address, 10n ** 21n);
    await expect(delegation.connect(slasher).restorePool(0, MESH))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_NotTaken")
      .withArgs(0, MESH, 0);
    await expect(delegation.connect(slasher).addToPool(0, MESH))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_NotPayer")
      .withArgs(slasher.address);
  });

  it("says what commission is in force and which one is announced", async () => {
    const { delegation, bob } = await networkHelpers.loadFixture(networkWithDelegation);
    await delegation.connect(bob).setCommission(0, 700);
    const from = BigInt(await networkHelpers.time.latest()) + 60n;
    expect(await delegation.commissionOf(0), "announced").to.deep.equal([0n, 700n, from]);
  });

  it("refuses to take an undelegation back for fewer shares than were asked for", async () => {
    const { delegation, mallory } = await networkHelpers.loadFixture(networkWithDelegation);
    await delegation.connect(mallory).undelegate(0, 1_000n * MESH, 0n);
    await expect(delegation.connect(mallory).cancelUndelegation(0, 0, 1_000n * MESH + 1n))
      .to.be.revertedWithCustomError(delegation, "NodeDelegation_TooFewShares")
      .withArgs(1_000n * MESH, 1_000n * MESH + 1n);
  });
});
