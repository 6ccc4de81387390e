import { expect } from "chai";
import { encodeBytes32String, id, ZeroAddress, ZeroHash } from "ethers";
import { handOverOperation } from "../../../scripts/deploy/hand-over.ts";
import { approveOperation, executeOperation, scheduleOperation } from "../../../scripts/deploy/timelock-operation.ts";
import { attestationKey } from "../support/attestation-key.ts";
import { connection, deployedNetwork, type DeployedNetwork, MESH } from "../support/deployed-network.ts";

const { networkHelpers } = connection;
const VOTER = 2n ** 32n + 7n;
const FOR = 1;

async function delayOf({ parameters }: DeployedNetwork, parameter: string): Promise<bigint> {
  return (await parameters.get(encodeBytes32String(parameter))) as bigint;
}

/** Alice operates a node with 40,000 MESH, bob is an admitted voter who locked 10,000; both have aged and been counted. */
async function votingNetwork() {
  const network = await deployedNetwork();
  const { registry, staking, votes, identities, token, governor, timelockSigner, alice, bob } = network;
  await registry.connect(alice).registerOperator(ZeroAddress, ZeroAddress, id("alice's root key"));
  await registry.connect(alice).registerNode(attestationKey("alice"), ZeroHash);
  await staking.connect(alice).stake(0, 40_000n * MESH);
  await identities.connect(timelockSigner).admit(bob.address, VOTER, 2n ** 40n);
  await token.connect(bob).approve(await votes.getAddress(), 10_000n * MESH);
  await votes.connect(bob).lock(10_000n * MESH);
  await networkHelpers.time.increase(2n * (await delayOf(network, "voteAgeRamp")) + 1n);
  await votes.syncMany([1n, VOTER]);
  await networkHelpers.time.increase(2);
  await token.connect(alice).approve(await governor.getAddress(), 10_000n * MESH);
  return network;
}

/** Alice proposes a lower pace of emissions; returns what queue and execute take. */
async function proposed(network: DeployedNetwork) {
  const { governor, parameters, alice } = network;
  const data = parameters.interface.encodeFunctionData("set", [encodeBytes32String("emissionPaceBp"), 5_000n]);
  const calls: [string[], bigint[], string[]] = [[await parameters.getAddress()], [0n], [data]];
  await governor.connect(alice).propose(...calls, "Slower emissions");
  const act = [...calls, id("Slower emissions")] as const;
  const proposalId = (await governor.getProposalId(...act)) as bigint;
  await networkHelpers.time.increaseTo(((await governor.proposalSnapshot(proposalId)) as bigint) + 1n);
  return { act, proposalId };
}

describe("MeshGovernor: real stack", () => {
  it("lets operators and voters change a parameter after the foundation has handed over", async () => {
    const network = await networkHelpers.loadFixture(votingNetwork);
    const { governor, parameters, deployment, council, approver, alice, bob, mallory } = network;
    const timelock = deployment.instances.MeshTimelock;
    const parties = { interimProposer: council.address, governor: deployment.contracts.MeshGovernor };
    const handOver = await handOverOperation(timelock, parties);
    await networkHelpers.time.increaseTo(await scheduleOperation(timelock.connect(council) as never, handOver));
    await approveOperation(timelock.connect(approver) as never, handOver);
    await executeOperation(timelock.connect(mallory) as never, handOver);
    const { act, proposalId } = await proposed(network);
    await governor.connect(alice).castVote(proposalId, FOR);
    await governor.connect(bob).castVote(proposalId, FOR);
    expect(await governor.proposalVotes(proposalId), "roots of stake and of what is locked").to.deep.equal([
      0n,
      300n * 10n ** 9n,
      0n,
    ]);
    await networkHelpers.time.increaseTo(((await governor.proposalDeadline(proposalId)) as bigint) + 1n);
    await governor.connect(mallory).queue(...act);
    await networkHelpers.time.increase(2);
    await governor.connect(mallory).execute(...act);
    await networkHelpers.time.increase(10);
    expect(await parameters.get(encodeBytes32String("emissionPaceBp")), "pace").to.equal(5_000n);
    await expect(governor.connect(mallory).releaseBond(proposalId)).to.emit(governor, "BondReleased");
  });

  it("gives nothing to who registers after the snapshot", async () => {
    const network = await networkHelpers.loadFixture(votingNetwork);
    const { governor, registry, staking, votes, carol } = network;
    const { proposalId } = await proposed(network);
    await registry.connect(carol).registerOperator(ZeroAddress, ZeroAddress, id("carol's root key"));
    await registry.connect(carol).registerNode(attestationKey("carol"), ZeroHash);
    await staking.connect(carol).stake(1, 100_000n * MESH);
    await votes.sync(2n);
    await expect(governor.connect(carol).castVote(proposalId, FOR))
      .to.be.revertedWithCustomError(governor, "MeshGovernor_NoVotes")
      .withArgs(proposalId, carol.address);
  });

  it("gives nothing to who is revoked or suspended while voting", async () => {
    const network = await networkHelpers.loadFixture(votingNetwork);
    const { governor, identities, timelockSigner, alice, bob } = network;
    const { proposalId } = await proposed(network);
    await identities.connect(timelockSigner).revoke(VOTER);
    await identities.connect(timelockSigner).suspend(1n);
    for (const voter of [alice, bob]) {
      await expect(governor.connect(voter).castVote(proposalId, FOR))
        .to.be.revertedWithCustomError(governor, "MeshGovernor_NoVotes")
        .withArgs(proposalId, voter.address);
    }
  });

  it("gives no second vote to an identity that moves to another account", async () => {
    const network = await networkHelpers.loadFixture(votingNetwork);
    const { governor, identities, votes, timelockSigner, bob, carol } = network;
    const { proposalId } = await proposed(network);
    await governor.connect(bob).castVote(proposalId, FOR);

    await identities.connect(timelockSigner).admit(carol.address, VOTER, 2n ** 40n);
    await votes.sync(VOTER);
    await expect(governor.connect(carol).castVote(proposalId, FOR))
      .to.be.revertedWithCustomError(governor, "MeshGovernor_NoVotes")
      .withArgs(proposalId, carol.address);
  });

  it("counts staked and locked MESH in the identity house only", async () => {
    const network = await networkHelpers.loadFixture(votingNetwork);
    const { governor, token, votes, bob } = network;
    const before = (await governor.votableSupply()) as bigint;
    await token.connect(bob).delegate(bob.address);
    const tokens = (await token.getVotes(bob.address)) as bigint;
    await token.connect(bob).approve(await votes.getAddress(), 5_000n * MESH);
    await votes.connect(bob).lock(5_000n * MESH);
    expect(await token.getVotes(bob.address), "votes in the token house").to.equal(tokens - 5_000n * MESH);
    expect(await governor.votableSupply(), "votable supply").to.equal(before - 5_000n * MESH);
  });
});
