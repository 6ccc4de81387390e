import { expect } from "chai";
import { connection, MESH } from "../support/deployed-network.ts";
import {
  ABSTAIN,
  AGAINST,
  ALL_UNITS,
  cast,
  CIRCULATING,
  closeVote,
  DEFEATED,
  FOR,
  governedNetwork,
  openVote,
  SUCCEEDED,
  UNIT,
} from "./support/governed-network.ts";

const { networkHelpers } = connection;

/** A vote that has begun. */
async function openBallot() {
  const network = await governedNetwork();
  return { network, ...(await openVote(network)) };
}

describe("MeshGovernor: identity house", () => {
  it("passes with quorum and majority", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await cast(network, proposalId, [[network.carol, FOR]]);
    await closeVote(network, proposalId);
    expect(await network.governor.state(proposalId), "state").to.equal(SUCCEEDED);
  });

  it("defeats a proposal without quorum", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await cast(network, proposalId, [[network.alice, FOR]]);
    await closeVote(network, proposalId);
    expect(await network.governor.proposalQuorum(proposalId), "quorum").to.equal((ALL_UNITS * 15n) / 100n);
    expect(await network.governor.state(proposalId), "state").to.equal(DEFEATED);
  });

  it("counts abstentions for the quorum only", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await cast(network, proposalId, [
      [network.alice, FOR],
      [network.bob, ABSTAIN],
    ]);
    await closeVote(network, proposalId);
    expect(await network.governor.state(proposalId), "state").to.equal(SUCCEEDED);
  });

  it("passes nothing by abstentions alone", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await cast(network, proposalId, [[network.carol, ABSTAIN]]);
    await closeVote(network, proposalId);
    expect(await network.governor.state(proposalId), "state").to.equal(DEFEATED);
  });

  it("defeats a tie", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await cast(network, proposalId, [
      [network.alice, FOR],
      [network.bob, AGAINST],
      [network.carol, ABSTAIN],
    ]);
    await closeVote(network, proposalId);
    expect(await network.governor.state(proposalId), "state").to.equal(DEFEATED);
  });

  it("answers what the quorum of a time is by the share in force", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    const snapshot = (await network.governor.proposalSnapshot(proposalId)) as bigint;
    expect(await network.governor.quorum(snapshot), "15 % of all units then").to.equal((ALL_UNITS * 15n) / 100n);
    expect(await network.governor.quorum(1n), "before there were any").to.equal(0n);
  });

  it("rounds the quorum up", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    await network.votes.getFunction("setUnits")(network.dave.address, 600n * UNIT + 1n);
    const { proposalId } = await openVote(network);
    expect(await network.governor.proposalQuorum(proposalId), "quorum").to.equal(150n * UNIT + 1n);
  });

  it("gives no weight to units that came after the snapshot", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await network.votes.getFunction("setUnits")(network.mallory.address, 500n * UNIT);
    await networkHelpers.mine();
    await expect(network.governor.connect(network.mallory).castVote(proposalId, FOR))
      .to.be.revertedWithCustomError(network.governor, "MeshGovernor_NoVotes")
      .withArgs(proposalId, network.mallory.address);
  });

  it("gives no weight to a voter whose certificate is gone", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await network.votes.getFunction("setOut")(network.carol.address, true);
    await expect(network.governor.connect(network.carol).castVote(proposalId, FOR))
      .to.be.revertedWithCustomError(network.governor, "MeshGovernor_NoVotes")
      .withArgs(proposalId, network.carol.address);
  });
});

describe("MeshGovernor: token house", () => {
  it("knows what circulates", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    expect(await network.governor.votableSupply(), "votable supply").to.equal(CIRCULATING);
    const { staking } = network.holders;
    await network.token.connect(network.whale).transfer(staking.address, 10_000_000n * MESH);
    expect(await network.governor.votableSupply(), "less stake").to.equal(CIRCULATING - 10_000_000n * MESH);
  });

  it("never takes the votable supply as less than a hundredth", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    await network.token.connect(network.whale).transfer(network.holders.staking.address, 30_000_000n * MESH);
    await network.token.connect(network.tina).transfer(network.holders.staking.address, 6_000_000n * MESH);
    expect(await network.governor.votableSupply(), "a hundredth").to.equal(10_000_000n * MESH);
  });

  it("rejects with a share of the votable supply against", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await cast(network, proposalId, [
      [network.dave, FOR],
      [network.tina, AGAINST],
    ]);
    expect(await network.governor.isRejectedByTokens(proposalId), "rejected").to.equal(true);
    await closeVote(network, proposalId);
    expect(await network.governor.state(proposalId), "state").to.equal(DEFEATED);
  });

  it("rejects nothing with less than the share", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await cast(network, proposalId, [
      [network.dave, FOR],
      [network.tom, AGAINST],
    ]);
    expect(await network.governor.isRejectedByTokens(proposalId), "rejected").to.equal(false);
    await closeVote(network, proposalId);
    expect(await network.governor.state(proposalId), "state").to.equal(SUCCEEDED);
  });

  it("rejects nothing when tokens for outweigh those against", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await cast(network, proposalId, [
      [network.dave, FOR],
      [network.tina, AGAINST],
      [network.whale, FOR],
    ]);
    await closeVote(network, proposalId);
    expect(await network.governor.state(proposalId), "state").to.equal(SUCCEEDED);
  });

  it("passes nothing by itself", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await cast(network, proposalId, [
      [network.whale, FOR],
      [network.tina, FOR],
    ]);
    await closeVote(network, proposalId);
    expect(await network.governor.state(proposalId), "state").to.equal(DEFEATED);
  });

  it("judges by the supply at the proposal", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await network.token.connect(network.whale).transfer(network.holders.staking.address, 30_000_000n * MESH);
    await cast(network, proposalId, [
      [network.dave, FOR],
      [network.tom, AGAINST],
    ]);
    const { votableSupply } = (await network.governor.proposalTerms(proposalId)) as { votableSupply: bigint };
    expect(votableSupply, "votable supply").to.equal(CIRCULATING);
    expect(await network.governor.isRejectedByTokens(proposalId), "rejected").to.equal(false);
  });

  it("counts whole tokens, and not the dust", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { token, governor, tom, mallory, timelockSigner } = network;
    await token.connect(timelockSigner).transfer(tom.address, MESH - 1n);
    await token.connect(mallory).transfer(tom.address, 249_999n * MESH);
    await token.connect(mallory).transfer(tom.address, 1n);
    await token.connect(mallory).delegate(mallory.address);
    const { proposalId } = await openVote(network);
    await expect(governor.connect(tom).castVote(proposalId, AGAINST))
      .to.emit(governor, "TokenVoteCast")
      .withArgs(tom.address, proposalId, 3_250_000n * MESH);
    expect(await governor.tokenVotes(proposalId), "tally").to.deep.equal([3_250_000n * MESH, 0n]);
    await expect(governor.connect(mallory).castVote(proposalId, AGAINST))
      .to.be.revertedWithCustomError(governor, "MeshGovernor_NoVotes")
      .withArgs(proposalId, mallory.address);
  });

  it("counts a voter's weight in both houses by one ballot", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { token, governor, bob } = network;
    await token.connect(bob).delegate(bob.address);
    const { proposalId } = await openVote(network);
    await expect(governor.connect(bob).castVote(proposalId, FOR))
      .to.emit(governor, "VoteCast")
      .withArgs(bob.address, proposalId, FOR, 100n * UNIT, "")
      .and.to.emit(governor, "TokenVoteCast")
      .withArgs(bob.address, proposalId, 250_000n * MESH);
    expect(await governor.proposalVotes(proposalId), "units").to.deep.equal([0n, 100n * UNIT, 0n]);
    expect(await governor.tokenVotes(proposalId), "tokens").to.deep.equal([0n, 250_000n * MESH]);
  });
});
