import { expect } from "chai";
import { Wallet } from "ethers";
import { connection } from "../support/deployed-network.ts";
import {
  ABSTAIN,
  AGAINST,
  cast,
  closeVote,
  DEFEATED,
  FOR,
  governedNetwork,
  type GovernedNetwork,
  openVote,
  SUCCEEDED,
  UNIT,
} from "./support/governed-network.ts";

const { ethers, networkHelpers } = connection;
const DAY = 86_400;

/** A vote that has begun. */
async function openBallot() {
  const network = await governedNetwork();
  return { network, ...(await openVote(network)) };
}

/** Leaves a proposal without quorum until carol completes it just before the end. */
async function swingAtTheEnd(network: GovernedNetwork, proposalId: bigint): Promise<{ before: bigint; now: bigint }> {
  const { governor, alice, carol } = network;
  await cast(network, proposalId, [[alice, FOR]]);
  const before = (await governor.proposalDeadline(proposalId)) as bigint;
  await networkHelpers.time.increaseTo(before - 10n);
  await governor.connect(carol).castVote(proposalId, FOR);
  return { before, now: BigInt(await networkHelpers.time.latest()) };
}

describe("MeshGovernor: casting a ballot", () => {
  it("refuses a second ballot", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await cast(network, proposalId, [[network.bob, FOR]]);
    await expect(network.governor.connect(network.bob).castVote(proposalId, AGAINST))
      .to.be.revertedWithCustomError(network.governor, "GovernorAlreadyCastVote")
      .withArgs(network.bob.address);
    expect(await network.governor.hasVoted(proposalId, network.bob.address), "has voted").to.equal(true);
  });

  it("does not lock out a voter without votes", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    const { governor, mallory } = network;
    await expect(governor.connect(mallory).castVote(proposalId, FOR))
      .to.be.revertedWithCustomError(governor, "MeshGovernor_NoVotes")
      .withArgs(proposalId, mallory.address);
    expect(await governor.hasVoted(proposalId, mallory.address), "has voted").to.equal(false);
  });

  it("refuses an unknown kind of vote", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await expect(network.governor.connect(network.bob).castVote(proposalId, 3)).to.be.revertedWithCustomError(
      network.governor,
      "GovernorInvalidVoteType",
    );
  });

  it("refuses parameters that stock indexers would not show", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    const vote = network.governor.connect(network.bob).castVoteWithReasonAndParams(proposalId, FOR, "", "0x01");
    await expect(vote).to.be.revertedWithCustomError(network.governor, "MeshGovernor_ParamsNotSupported");
  });

  it("takes no ballot before the snapshot or after the end", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, bob } = network;
    const { proposalId } = await openVote(network);
    await closeVote(network, proposalId);
    await expect(governor.connect(bob).castVote(proposalId, FOR)).to.be.revertedWithCustomError(
      governor,
      "GovernorUnexpectedProposalState",
    );
  });

  it("takes a signed ballot from anyone, once", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    const { governor, governorAddress, carol, mallory } = network;
    const domain = { name: "MeshGovernor", version: "1", chainId: 31337, verifyingContract: governorAddress };
    const Ballot = ["uint256 proposalId", "uint8 support", "address voter", "uint256 nonce"].map((field) => {
      const [type = "", name = ""] = field.split(" ");
      return { type, name };
    });
    const ballot = { proposalId, support: FOR, voter: carol.address, nonce: 0n };
    const signature = await carol.signTypedData(domain, { Ballot }, ballot);
    const by = governor.connect(mallory);
    await expect(by.castVoteBySig(proposalId, AGAINST, carol.address, signature))
      .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
      .withArgs(carol.address);
    await by.castVoteBySig(proposalId, FOR, carol.address, signature);
    expect(await governor.proposalVotes(proposalId), "units").to.deep.equal([0n, 200n * UNIT, 0n]);
    await expect(by.castVoteBySig(proposalId, FOR, carol.address, signature)).to.be.revertedWithCustomError(
      governor,
      "GovernorInvalidSignature",
    );
  });
});

describe("MeshGovernor: late turns", () => {
  it("prolongs a vote whose outcome turns late", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    const { before, now } = await swingAtTheEnd(network, proposalId);
    const after = (await network.governor.proposalDeadline(proposalId)) as bigint;
    expect(after, "end").to.equal(now + BigInt(2 * DAY));
    expect(after, "later than before").to.be.greaterThan(before);
  });

  it("lets the others answer", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    const { before } = await swingAtTheEnd(network, proposalId);
    await networkHelpers.time.increaseTo(before + 10n);
    await cast(network, proposalId, [[network.dave, AGAINST]]);
    await closeVote(network, proposalId);
    expect(await network.governor.state(proposalId), "state").to.equal(DEFEATED);
  });

  it("prolongs a vote that a late veto of tokens turns", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    const { governor, dave, tina } = network;
    await cast(network, proposalId, [[dave, FOR]]);
    const before = (await governor.proposalDeadline(proposalId)) as bigint;
    await networkHelpers.time.increaseTo(before - 10n);
    await expect(governor.connect(tina).castVote(proposalId, AGAINST)).to.emit(governor, "ProposalExtended");
    await cast(network, proposalId, [[network.whale, FOR]]);
    await closeVote(network, proposalId);
    expect(await governor.state(proposalId), "state").to.equal(SUCCEEDED);
  });

  it("prolongs nothing when the outcome stays", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    const { governor, dave, carol } = network;
    await cast(network, proposalId, [[dave, FOR]]);
    const before = (await governor.proposalDeadline(proposalId)) as bigint;
    await networkHelpers.time.increaseTo(before - 10n);
    await expect(governor.connect(carol).castVote(proposalId, AGAINST)).not.to.emit(governor, "ProposalExtended");
    expect(await governor.proposalDeadline(proposalId), "end").to.equal(before);
  });

  it("prolongs a vote by a voting period at most", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, votes, bob } = network;
    const crowd = Array.from({ length: 5 }, (_, i) => new Wallet(`0x${(i + 1).toString(16).padStart(64, "0")}`));
    for (const [i, { address }] of crowd.entries()) {
      await votes.getFunction("setUnits")(address, 200n * UNIT * 2n ** BigInt(i));
      await networkHelpers.setBalance(address, 10n ** 18n);
    }
    await votes.getFunction("setUnits")(bob.address, 5_000n * UNIT);
    const { proposalId } = await openVote(network);
    await cast(network, proposalId, [[bob, ABSTAIN]]);
    const snapshot = (await governor.proposalSnapshot(proposalId)) as bigint;
    let end = (await governor.proposalDeadline(proposalId)) as bigint;
    for (const [i, wallet] of crowd.entries()) {
      await networkHelpers.time.increaseTo(end - 10n);
      await governor.connect(wallet.connect(ethers.provider)).castVote(proposalId, i % 2 === 0 ? FOR : AGAINST);
      end = (await governor.proposalDeadline(proposalId)) as bigint;
    }
    expect(end, "end").to.equal(snapshot + BigInt(14 * DAY));
  });

  it("counts an abstention that completes the quorum as a turn", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    const { governor, alice, bob } = network;
    await cast(network, proposalId, [[alice, FOR]]);
    await networkHelpers.time.increaseTo(((await governor.proposalDeadline(proposalId)) as bigint) - 10n);
    await expect(governor.connect(bob).castVote(proposalId, ABSTAIN)).to.emit(governor, "ProposalExtended");
  });
});
