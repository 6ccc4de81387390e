import { expect } from "chai";
import { ethers, MaxUint256 } from "ethers";
import { connection, MESH, setParameter } from "../support/deployed-network.ts";
import { registerNode, registerOperator } from "../support/registered-node.ts";
import {
  admit,
  ageAndSync,
  FIRST_NULLIFIER,
  networkWithVoters,
  rootOf,
  ROUNDING,
  TWO_RAMPS,
} from "../support/quadratic-voters.ts";

const { networkHelpers } = connection;

describe("QuadraticVotes: units", () => {
  it("are the root of stake and locked MESH, in 9 decimals", async () => {
    const { votes, alice, bob, carol } = await networkHelpers.loadFixture(networkWithVoters);
    expect(await votes.decimals(), "decimals").to.equal(9n);
    expect(await votes.balanceOf(alice.address), "10,000 MESH staked").to.equal(rootOf(10_000));
    expect(await votes.balanceOf(bob.address), "2,500 MESH locked").to.equal(rootOf(2_500));
    expect(await votes.balanceOf(carol.address), "nothing").to.equal(0n);
    expect(await votes.totalSupply(), "total").to.equal(rootOf(10_000) + rootOf(2_500));
    expect(await votes.getVotes(bob.address), "votes without delegating to oneself").to.equal(rootOf(2_500));
  });

  it("count stake and lock of an operator together", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, alice } = network;
    await votes.connect(alice).lock(30_000n * MESH);
    await ageAndSync(network, 1n);
    expect(await votes.balanceOf(alice.address), "40,000 MESH").to.equal(rootOf(40_000));
  });

  it("grow only with age and a sync", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, staking, bob, alice } = network;
    await staking.connect(alice).stake(0, 30_000n * MESH);
    await votes.sync(1n);
    expect(await votes.balanceOf(alice.address), "at once").to.be.closeTo(rootOf(10_000), ROUNDING);
    await networkHelpers.time.increase(TWO_RAMPS);
    expect(await votes.unitsAfterSync(1n), "foretold").to.equal(rootOf(40_000));
    expect(await votes.balanceOf(alice.address), "before a sync").to.be.closeTo(rootOf(10_000), ROUNDING);
    await expect(votes.connect(bob).sync(1n), "synced by anyone")
      .to.emit(votes, "UnitsChanged")
      .withArgs(1n, rootOf(40_000));
  });

  it("keep what a round amount gives when strangers add dust", async () => {
    const { votes, staking, mallory, alice } = await networkHelpers.loadFixture(networkWithVoters);
    for (let i = 0; i < 3; i++) {
      await staking.connect(mallory).stake(0, 1n);
      await votes.connect(mallory).sync(1n);
      expect(await votes.balanceOf(alice.address), `after gift ${i}`).to.be.at.least(rootOf(10_000));
      await networkHelpers.time.increase(7);
    }
  });

  it("fall at once with an unbonding, a slash and an unlock", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, staking, slashing, alice, bob } = network;
    await staking.connect(alice).stake(0, 30_000n * MESH);
    await ageAndSync(network, 1n);
    await staking.connect(alice).requestUnbond(0, 17_500n * MESH);
    expect(await votes.balanceOf(alice.address), "22,500 MESH bonded").to.equal(rootOf(22_500));
    const judge = await connection.ethers.getImpersonatedSigner(await slashing.getAddress());
    await networkHelpers.setBalance(judge.address, MESH);
    await staking.connect(judge).slash(0, 40_000n * MESH, 0n);
    expect(await votes.balanceOf(alice.address), "everything slashed").to.equal(0n);
    await votes.connect(bob).requestUnlock(1_600n * MESH);
    expect(await votes.balanceOf(bob.address), "900 MESH locked").to.equal(rootOf(900));
    expect(await votes.getVotes(bob.address), "votes").to.equal(rootOf(900));
  });

  it("stay when only stake leaves that does not count yet", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, staking, alice } = network;
    await staking.connect(alice).stake(0, 30_000n * MESH);
    await expect(staking.connect(alice).requestUnbond(0, 5_000n * MESH)).not.to.emit(votes, "UnitsChanged");
    await ageAndSync(network, 1n);
    expect(await votes.balanceOf(alice.address), "35,000 MESH in the end").to.be.closeTo(187_082_869_338n, 10n);
  });

  it("need the age of what was there before more came, too", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, carol } = network;
    const ramp = TWO_RAMPS / 2;
    const begin = (Math.floor((await networkHelpers.time.latest()) / ramp) + 2) * ramp;
    await networkHelpers.time.setNextBlockTimestamp(begin + 5);
    await votes.connect(carol).lock(100n * MESH);
    await networkHelpers.time.setNextBlockTimestamp(begin + ramp + 1);
    await votes.connect(carol).lock(1n);
    await votes.sync(FIRST_NULLIFIER + 1n);
    expect(await votes.balanceOf(carol.address), "in the second period").to.equal(0n);
    await networkHelpers.time.increaseTo(begin + 2 * ramp);
    await votes.sync(FIRST_NULLIFIER + 1n);
    expect(await votes.balanceOf(carol.address), "in the third").to.be.closeTo(rootOf(100), ROUNDING);
  });

  it("are foretold as nothing for an identity that nobody has", async () => {
    const { votes } = await networkHelpers.loadFixture(networkWithVoters);
    expect(await votes.unitsAfterSync(FIRST_NULLIFIER + 99n)).to.equal(0n);
  });

  it("come back only with age after a cancelled unbonding", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, staking, alice } = network;
    await staking.connect(alice).requestUnbond(0, MaxUint256);
    await staking.connect(alice).cancelUnbond(0, 0);
    await votes.sync(1n);
    expect(await votes.balanceOf(alice.address), "at once").to.equal(0n);
    await ageAndSync(network, 1n);
    expect(await votes.balanceOf(alice.address), "after two ramps").to.equal(rootOf(10_000));
  });

  it("need the smallest stake of a node, but of an operator only", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, staking, mallory } = network;
    await registerOperator(network, mallory);
    await registerNode(network, mallory, "another");
    await staking.connect(mallory).stake(1, 9_999n * MESH);
    await ageAndSync(network, 2n);
    expect(await votes.balanceOf(mallory.address), "9,999 MESH").to.equal(0n);
    await expect(staking.connect(mallory).requestUnbond(1, MaxUint256), "nothing to lose").not.to.emit(
      votes,
      "UnitsChanged",
    );
    await staking.connect(mallory).cancelUnbond(1, 0);
    await staking.connect(mallory).stake(1, 1n * MESH);
    await ageAndSync(network, 2n);
    expect(await votes.balanceOf(mallory.address), "10,000 MESH").to.equal(rootOf(10_000));
    await staking.connect(mallory).requestUnbond(1, MaxUint256);
    expect(await votes.balanceOf(mallory.address), "nothing bonded").to.equal(0n);
  });

  it("stop at the cap, before delegation", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, bob, carol } = network;
    await votes.connect(bob).lock(60_000n * MESH);
    await votes.connect(bob).delegate(carol.address);
    await setParameter(network, "voteCap", 40_000n * MESH);
    await ageAndSync(network, FIRST_NULLIFIER);
    expect(await votes.balanceOf(bob.address), "62,500 MESH under a cap of 40,000").to.equal(rootOf(40_000));
    expect(await votes.getVotes(carol.address), "votes of the delegate").to.equal(rootOf(40_000));
  });

  it("are the same whoever syncs how often", async () => {
    const { votes, mallory } = await networkHelpers.loadFixture(networkWithVoters);
    await expect(votes.connect(mallory).syncMany([1n, 1n, 77n, FIRST_NULLIFIER + 99n, 0n])).not.to.emit(
      votes,
      "UnitsChanged",
    );
  });
});

describe("QuadraticVotes: locks", () => {
  const delayOf = async ({ parameters }: Pick<Awaited<ReturnType<typeof networkWithVoters>>, "parameters">) =>
    (await parameters.get(ethers.encodeBytes32String("voteUnlockDelay"))) as bigint;

  it("are of certified accounts only", async () => {
    const { votes, mallory, bob } = await networkHelpers.loadFixture(networkWithVoters);
    await expect(votes.connect(mallory).lock(MESH))
      .to.be.revertedWithCustomError(votes, "QuadraticVotes_NotCertified")
      .withArgs(mallory.address);
    await expect(votes.connect(bob).lock(0n)).to.be.revertedWithCustomError(votes, "QuadraticVotes_ZeroAmount");
    await expect(votes.connect(bob).lock(2n ** 96n), "more than there can be")
      .to.be.revertedWithCustomError(votes, "SafeCastOverflowedUintDowncast")
      .withArgs(96, 2n ** 96n + 2_500n * MESH);
  });

  it("leave after the delay, also when the identity is gone", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, identities, token, timelockSigner, bob } = network;
    await identities.connect(timelockSigner).revoke(FIRST_NULLIFIER);
    await votes.sync(FIRST_NULLIFIER);
    const askedAt = BigInt(await networkHelpers.time.latest()) + 1n;
    const maturesAt = askedAt + (await delayOf(network));
    await networkHelpers.time.setNextBlockTimestamp(askedAt);
    await expect(votes.connect(bob).requestUnlock(MaxUint256))
      .to.emit(votes, "UnlockRequested")
      .withArgs(bob.address, 2_500n * MESH, 0n, 2_500n * MESH, maturesAt);
    await expect(votes.connect(bob).withdraw())
      .to.be.revertedWithCustomError(votes, "QuadraticVotes_NothingMatured")
      .withArgs(maturesAt);
    await networkHelpers.time.setNextBlockTimestamp(maturesAt);
    await expect(votes.connect(bob).withdraw()).to.changeTokenBalances(
      connection.ethers,
      token,
      [bob, votes as never],
      [2_500n * MESH, -2_500n * MESH],
    );
    await expect(votes.connect(bob).withdraw())
      .to.be.revertedWithCustomError(votes, "QuadraticVotes_NothingMatured")
      .withArgs(0n);
  });

  it("begin the delay anew with a further request, for what was asked for before too", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, bob } = network;
    await votes.connect(bob).requestUnlock(100n * MESH);
    await networkHelpers.time.increase(25);
    await votes.connect(bob).requestUnlock(200n * MESH);
    const { amount, unlocking, maturesAt } = (await votes.lockOf(bob.address)) as Record<string, bigint>;
    expect([amount, unlocking], "counting and unlocking").to.deep.equal([2_200n * MESH, 300n * MESH]);
    expect(maturesAt, "maturity").to.equal(BigInt(await networkHelpers.time.latest()) + (await delayOf(network)));
  });

  it("refuse to unlock nothing, or more than there is", async () => {
    const { votes, bob, carol } = await networkHelpers.loadFixture(networkWithVoters);
    await expect(votes.connect(bob).requestUnlock(2_501n * MESH))
      .to.be.revertedWithCustomError(votes, "QuadraticVotes_InsufficientLock")
      .withArgs(2_501n * MESH, 2_500n * MESH);
    await expect(votes.connect(carol).requestUnlock(MaxUint256)).to.be.revertedWithCustomError(
      votes,
      "QuadraticVotes_ZeroAmount",
    );
  });

  it("take a permit, and survive one that is void when the allowance suffices", async () => {
    const { votes, token, bob } = await networkHelpers.loadFixture(networkWithVoters);
    const spender = await votes.getAddress();
    const signed = await signedPermit();
    await token.connect(bob).approve(spender, 0n);
    await votes.connect(bob).lockWithPermit(MESH, signed.deadline, signed.v, signed.r, signed.s);
    await token.connect(bob).approve(spender, MESH);
    await votes.connect(bob).lockWithPermit(MESH, 0n, 27, ethers.ZeroHash, ethers.ZeroHash);
    const { amount } = (await votes.lockOf(bob.address)) as { amount: bigint };
    expect(amount, "locked").to.equal(2_502n * MESH);

    async function signedPermit() {
      const { chainId } = await connection.ethers.provider.getNetwork();
      const domain = { name: "PQMesh", version: "1", chainId, verifyingContract: await token.getAddress() };
      const field = (name: string, type: string) => ({ name, type });
      const types = {
        Permit: [
          ...[field("owner", "address"), field("spender", "address"), field("value", "uint256")],
          ...[field("nonce", "uint256"), field("deadline", "uint256")],
        ],
      };
      const deadline = BigInt(await networkHelpers.time.latest()) + 1_000n;
      const permit = { owner: bob.address, spender, value: MESH, nonce: await token.nonces(bob.address), deadline };
      const { v, r, s } = ethers.Signature.from(await bob.signTypedData(domain, types, permit));
      return { deadline, v, r, s };
    }
  });

  it("count for the identity that their account has, once", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, identities, timelockSigner, bob, mallory } = network;
    await admit(network, mallory);
    await votes.sync(FIRST_NULLIFIER);
    expect(await votes.totalSupply(), "the lock stayed with bob").to.equal(rootOf(10_000));
    await admit(network, bob, FIRST_NULLIFIER + 2n);
    await votes.sync(FIRST_NULLIFIER + 2n);
    expect(await votes.balanceOf(bob.address), "for another identity").to.equal(rootOf(2_500));
    expect(await identities.identityOf(bob.address), "identity").to.equal(FIRST_NULLIFIER + 2n);
    await identities.connect(timelockSigner).revoke(FIRST_NULLIFIER + 2n);
    await votes.sync(FIRST_NULLIFIER + 2n);
    expect(await votes.totalSupply(), "for none").to.equal(rootOf(10_000));
  });
});
