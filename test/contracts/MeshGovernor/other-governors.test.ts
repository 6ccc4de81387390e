import { expect } from "chai";
import { encodeBytes32String, id } from "ethers";
import { connection, MESH, setParameter } from "../support/deployed-network.ts";
import { networkWithVoters, rootOf, ROUNDING } from "../support/quadratic-voters.ts";

const { ethers, networkHelpers } = connection;
const FOR = 1;

/** Alice, operator 1 with 100 units, has proposed a lower pace of emissions, and voting has begun. */
async function openVote() {
  const network = await networkWithVoters();
  const { governor, parameters, token, alice } = network;
  await networkHelpers.time.increase(1);
  await token.connect(alice).approve(await governor.getAddress(), ethers.MaxUint256);
  const data = parameters.interface.encodeFunctionData("set", [encodeBytes32String("emissionPaceBp"), 5_000n]);
  const calls: [string[], bigint[], string[]] = [[await parameters.getAddress()], [0n], [data]];
  await governor.connect(alice).propose(...calls, "Slower emissions");
  const proposalId = (await governor.getProposalId(...calls, id("Slower emissions"))) as bigint;
  await networkHelpers.time.increaseTo(((await governor.proposalSnapshot(proposalId)) as bigint) + 1n);
  return { ...network, proposalId };
}

describe("MeshGovernor: what failed in other governors", () => {
  it("gives wallets without an identity no units, however many share the MESH", async () => {
    const { votes, token, mallory, others } = await networkHelpers.loadFixture(networkWithVoters);
    const before = (await votes.totalSupply()) as bigint;
    for (const wallet of [mallory, ...others.slice(0, 5)]) {
      await expect(votes.connect(wallet).lock(1_000n * MESH))
        .to.be.revertedWithCustomError(votes, "QuadraticVotes_NotCertified")
        .withArgs(wallet.address);
      await token.connect(wallet).transfer(await votes.getAddress(), 1_000n * MESH);
    }
    expect(await votes.totalSupply(), "all units").to.equal(before);
  });

  it("counts a voter who has never delegated", async () => {
    const { governor, votes, alice, proposalId } = await networkHelpers.loadFixture(openVote);
    expect(await votes.delegates(alice.address), "its own delegate").to.equal(alice.address);
    await governor.connect(alice).castVote(proposalId, FOR);
    const [, units] = (await governor.proposalVotes(proposalId)) as [bigint, bigint];
    expect(units, "units").to.be.within(rootOf(10_000), rootOf(10_000) + ROUNDING);
  });

  it("locks nobody out who tries too early", async () => {
    const { governor, alice, mallory, proposalId } = await networkHelpers.loadFixture(openVote);
    await expect(governor.connect(mallory).castVote(proposalId, FOR))
      .to.be.revertedWithCustomError(governor, "MeshGovernor_NoVotes")
      .withArgs(proposalId, mallory.address);
    expect(await governor.hasVoted(proposalId, mallory.address), "mallory").to.equal(false);
    await governor.connect(alice).castVote(proposalId, FOR);
    expect(await governor.hasVoted(proposalId, alice.address), "alice").to.equal(true);
  });

  it("keeps the quorum below half of all units for ever, and that of a vote under way as it was", async () => {
    const network = await networkHelpers.loadFixture(openVote);
    const { governor, parameters, timelockSigner, alice, proposalId } = network;
    const quorum = (await governor.proposalQuorum(proposalId)) as bigint;
    await expect(
      parameters.connect(timelockSigner).set(encodeBytes32String("quorumBp"), 5_001n),
    ).to.be.revertedWithCustomError(parameters, "NetworkParameters_OutOfBounds");
    await setParameter(network, "vetoQuorumBp", 5_000n);
    await setParameter(network, "quorumBp", 5_000n);
    expect(await governor.proposalQuorum(proposalId), "quorum").to.equal(quorum);
    expect(await governor.proposalThreshold(), "threshold").to.be.at.most(rootOf(10_000));
    expect(await governor.proposalProposer(proposalId), "proposer").to.equal(alice.address);
  });
});
