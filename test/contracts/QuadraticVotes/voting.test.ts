import { expect } from "chai";
import { ZeroAddress } from "ethers";
import { connection, MESH, setParameter } from "../support/deployed-network.ts";
import { registerOperator } from "../support/registered-node.ts";
import {
  admit,
  ageAndSync,
  FIRST_NULLIFIER,
  networkWithVoters,
  rootOf,
  ROUNDING,
  takeSnapshot,
} from "../support/quadratic-voters.ts";

const { networkHelpers } = connection;

describe("QuadraticVotes: delegation", () => {
  it("moves all votes, and back to oneself with zero or one's own address", async () => {
    const { votes, bob, carol } = await networkHelpers.loadFixture(networkWithVoters);
    await votes.connect(bob).delegate(carol.address);
    expect(await votes.getVotes(carol.address), "votes of the delegate").to.equal(rootOf(2_500));
    expect(await votes.getVotes(bob.address), "votes of the delegator").to.equal(0n);
    expect(await votes.balanceOf(bob.address), "units stay").to.equal(rootOf(2_500));
    for (const own of [ZeroAddress, bob.address]) {
      await votes.connect(bob).delegate(carol.address);
      await votes.connect(bob).delegate(own);
      expect(await votes.delegates(bob.address), "delegate").to.equal(bob.address);
      expect(await votes.getVotes(bob.address), "votes").to.equal(rootOf(2_500));
    }
  });

  it("needs a certified delegate", async () => {
    const { votes, bob, mallory } = await networkHelpers.loadFixture(networkWithVoters);
    await expect(votes.connect(bob).delegate(mallory.address))
      .to.be.revertedWithCustomError(votes, "QuadraticVotes_DelegateNotCertified")
      .withArgs(mallory.address);
  });

  it("records the delegate, so that nothing it was given is lost at the next snapshot", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, bob, mallory } = network;
    await admit(network, mallory, FIRST_NULLIFIER + 5n);
    await votes.connect(bob).delegate(mallory.address);
    expect(await votes.votesAt(mallory.address, await takeSnapshot()), "votes").to.equal(rootOf(2_500));
  });

  it("follows the account, not the identity, when units move", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, alice, bob, carol, mallory, registry } = network;
    await votes.connect(alice).delegate(carol.address);
    await registry.connect(alice).proposeOwner(1, mallory.address);
    await networkHelpers.time.increase(100);
    await registry.connect(mallory).acceptOwner(1);
    await votes.connect(bob).sync(1n);
    expect(await votes.getVotes(carol.address), "the delegate of the previous owner").to.equal(0n);
    expect(await votes.getVotes(mallory.address), "the new owner").to.equal(rootOf(10_000));
  });
});

describe("QuadraticVotes: who votes with what at a snapshot", () => {
  it("gives an identity that comes back with another account what that one has", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, identities, timelockSigner, bob, mallory } = network;
    await identities.connect(timelockSigner).revoke(FIRST_NULLIFIER);
    await votes.sync(FIRST_NULLIFIER);
    await admit(network, mallory);
    await votes.connect(mallory).lock(400n * MESH);
    await ageAndSync(network, FIRST_NULLIFIER);
    const snapshot = await takeSnapshot();
    expect(await votes.votesAt(mallory.address, snapshot), "the account that it has").to.equal(rootOf(400));
    expect(await votes.votesAt(bob.address, snapshot), "the one that it had").to.equal(0n);
    expect(await votes.recordedIdentityOf(bob.address), "recorded").to.equal(0n);
  });

  it("counts who was there, and nobody who registers or is admitted after it", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, alice, bob, mallory } = network;
    const snapshot = await takeSnapshot();
    await admit(network, mallory, FIRST_NULLIFIER + 7n);
    await votes.connect(mallory).lock(500_000n * MESH);
    await ageAndSync(network, FIRST_NULLIFIER + 7n);
    expect(await votes.votesAt(mallory.address, snapshot), "too late").to.equal(0n);
    expect(await votes.votesAt(alice.address, snapshot), "operator").to.equal(rootOf(10_000));
    expect(await votes.votesAt(bob.address, snapshot), "voter").to.equal(rootOf(2_500));
  });

  it("gives a voter who moves after it no vote on either account", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, bob, mallory } = network;
    const snapshot = await takeSnapshot();
    await admit(network, mallory);
    expect(await votes.votesAt(bob.address, snapshot), "old account").to.equal(0n);
    expect(await votes.votesAt(mallory.address, snapshot), "new account").to.equal(0n);
    await votes.sync(FIRST_NULLIFIER);
    expect(await votes.votesAt(bob.address, snapshot), "old account after a sync").to.equal(0n);
    expect(await votes.votesAt(mallory.address, snapshot), "new account after a sync").to.equal(0n);
  });

  it("gives a voter who moved before it, and was synced, one vote", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, alice, registry, mallory } = network;
    await registry.connect(alice).proposeOwner(1, mallory.address);
    await networkHelpers.time.increase(100);
    await registry.connect(mallory).acceptOwner(1);
    await votes.sync(1n);
    const snapshot = await takeSnapshot();
    expect(await votes.votesAt(alice.address, snapshot), "previous owner").to.equal(0n);
    expect(await votes.votesAt(mallory.address, snapshot), "owner").to.equal(rootOf(10_000));
  });

  it("gives a voter who moved away and back, synced in between, no vote", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, bob, mallory } = network;
    const snapshot = await takeSnapshot();
    await admit(network, mallory);
    await votes.sync(FIRST_NULLIFIER);
    await admit(network, bob);
    await votes.sync(FIRST_NULLIFIER);
    expect(await votes.votesAt(bob.address, snapshot), "held anew").to.equal(0n);
  });

  it("takes the vote at once from who is revoked or expires, and gives it back with the certificate", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, identities, timelockSigner, bob, alice } = network;
    const snapshot = await takeSnapshot();
    await networkHelpers.time.increase(86_400);
    expect(await votes.votesAt(bob.address, snapshot), "expired").to.equal(0n);
    await admit(network, bob);
    expect(await votes.votesAt(bob.address, snapshot), "renewed").to.equal(rootOf(2_500));
    await identities.connect(timelockSigner).revoke(FIRST_NULLIFIER);
    expect(await votes.votesAt(bob.address, snapshot), "revoked").to.equal(0n);
    await identities.connect(timelockSigner).suspend(1);
    expect(await votes.votesAt(alice.address, snapshot), "suspended").to.equal(0n);
  });

  it("gives an identity whose units were taken no vote at older snapshots when it returns", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, identities, timelockSigner, alice } = network;
    const snapshot = await takeSnapshot();
    await identities.connect(timelockSigner).suspend(1);
    await votes.sync(1n);
    await identities.connect(timelockSigner).release(1);
    await expect(votes.sync(1n)).to.emit(votes, "IdentityHeld").withArgs(1n, alice.address);
    expect(await votes.balanceOf(alice.address), "units are back").to.equal(rootOf(10_000));
    expect(await votes.votesAt(alice.address, snapshot), "older snapshot").to.equal(0n);
    expect(await votes.votesAt(alice.address, await takeSnapshot()), "next snapshot").to.equal(rootOf(10_000));
  });

  it("gives a voter who becomes an operator the votes of one identity", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, bob } = network;
    const snapshot = await takeSnapshot();
    await registerOperator(network, bob);
    expect(await votes.votesAt(bob.address, snapshot), "of neither at the old snapshot").to.equal(0n);
    await expect(votes.sync(2n)).to.emit(votes, "IdentityReleased").withArgs(FIRST_NULLIFIER, bob.address);
    await votes.sync(FIRST_NULLIFIER);
    expect(await votes.recordedIdentityOf(bob.address), "identity").to.equal(2n);
    expect(await votes.totalSupply(), "bob's 2,500 MESH are too few for an operator").to.equal(rootOf(10_000));
  });
});

describe("QuadraticVotes: rewards of syncs", () => {
  it("pay who takes units from an identity that is not certified any more, once", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, token, identities, timelockSigner, alice, mallory } = network;
    await votes.connect(alice).fundSyncRewards(MESH + MESH / 2n);
    await identities.connect(timelockSigner).revoke(FIRST_NULLIFIER);
    await identities.connect(timelockSigner).suspend(1);
    const before = (await token.balanceOf(mallory.address)) as bigint;
    await expect(votes.connect(mallory).syncMany([FIRST_NULLIFIER, FIRST_NULLIFIER, 1n, FIRST_NULLIFIER + 1n]))
      .to.emit(votes, "SyncRewarded")
      .withArgs(mallory.address, MESH);
    expect(await token.balanceOf(mallory.address), "one reward, as there is no more for a second").to.equal(
      before + MESH,
    );
    expect(await votes.syncBudget(), "what is left").to.equal(MESH / 2n);
    expect(await votes.totalSupply(), "units").to.equal(0n);
    await expect(votes.connect(mallory).sync(1n)).not.to.emit(votes, "SyncRewarded");
  });

  it("pay nothing for a move or for what a sync adds", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, alice, mallory } = network;
    await votes.connect(alice).fundSyncRewards(10n * MESH);
    await admit(network, mallory);
    await expect(votes.sync(FIRST_NULLIFIER)).not.to.emit(votes, "SyncRewarded");
    await expect(votes.connect(alice).fundSyncRewards(0n)).to.be.revertedWithCustomError(
      votes,
      "QuadraticVotes_ZeroAmount",
    );
  });

  it("are what the DAO says, also nothing", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, identities, timelockSigner, alice } = network;
    await votes.connect(alice).fundSyncRewards(10n * MESH);
    await setParameter(network, "voteSyncReward", 0n);
    await identities.connect(timelockSigner).suspend(1);
    await expect(votes.sync(1n)).not.to.emit(votes, "SyncRewarded");
    expect(await votes.balanceOf(alice.address), "units").to.equal(0n);
  });
});

describe("QuadraticVotes: terms", () => {
  it("obey a new gate at once", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, registry, timelock, timelockSigner, alice, bob } = network;
    const snapshot = await takeSnapshot();
    const gate = await connection.ethers.deployContract("AdmittedIdentities", [
      await registry.getAddress(),
      await timelock.getAddress(),
    ]);
    await expect(votes.connect(timelockSigner).setGate(ZeroAddress))
      .to.be.revertedWithCustomError(votes, "Governed_ZeroAddress")
      .withArgs("gate");
    await expect(votes.connect(timelockSigner).setGate(gate)).to.emit(votes, "GateSet").withArgs(gate);
    expect(await votes.votesAt(alice.address, snapshot), "operators are operators").to.equal(rootOf(10_000));
    expect(await votes.votesAt(bob.address, snapshot), "not admitted there").to.equal(0n);
    await votes.sync(FIRST_NULLIFIER);
    expect(await votes.totalSupply(), "units").to.equal(rootOf(10_000));
  });

  it("follow the ramp in force from the next sync on", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, staking, alice } = network;
    await setParameter(network, "voteAgeRamp", 1_000n);
    await votes.sync(FIRST_NULLIFIER);
    await votes.sync(1n);
    await networkHelpers.time.increase(2_000);
    await staking.connect(alice).stake(0, 30_000n * MESH);
    await networkHelpers.time.increase(900);
    await votes.sync(1n);
    expect(await votes.balanceOf(alice.address), "within a ramp").to.be.closeTo(rootOf(10_000), ROUNDING);
    await networkHelpers.time.increase(1_100);
    await votes.sync(1n);
    expect(await votes.balanceOf(alice.address), "after two").to.equal(rootOf(40_000));
  });

  it("follow the least stake of a node in force from the next sync on", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, alice } = network;
    await setParameter(network, "minNodeStake", 10_001n * MESH);
    expect(await votes.balanceOf(alice.address), "before a sync").to.equal(rootOf(10_000));
    await votes.sync(1n);
    expect(await votes.balanceOf(alice.address), "less than a node needs").to.equal(0n);
  });

  it("are bound to a staking contract once, never to none", async () => {
    const network = await networkHelpers.loadFixture(networkWithVoters);
    const { votes, staking, token, parameters, identities, timelock } = network;
    const links = await Promise.all([token, parameters, identities, timelock].map((each) => each.getAddress()));
    const unbound = await connection.ethers.deployContract("QuadraticVotes", links);
    const bind = unbound.getFunction("bindStaking");
    await expect(bind(ZeroAddress)).to.be.revertedWithCustomError(unbound, "Governed_ZeroAddress").withArgs("staking");
    await bind(await staking.getAddress());
    await expect(bind(await staking.getAddress())).to.be.revertedWithCustomError(unbound, "Governed_BindingClosed");
    expect(await votes.staking(), "of the network").to.equal(await staking.getAddress());
  });

  it("keep time in seconds", async () => {
    const { votes } = await networkHelpers.loadFixture(networkWithVoters);
    expect(await votes.CLOCK_MODE(), "mode").to.equal("mode=timestamp");
    expect(await votes.clock(), "clock").to.equal(BigInt(await networkHelpers.time.latest()));
    expect(await votes.name(), "name").to.equal("PQMesh Quadratic Votes");
    expect(await votes.symbol(), "symbol").to.equal("vMESH");
  });
});
