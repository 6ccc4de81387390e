import { expect } from "chai";
import { encodeBytes32String, ZeroAddress } from "ethers";
import { connection, MESH } from "../support/deployed-network.ts";
import {
  ACTIVE,
  approve,
  CANCELED,
  cast,
  closeVote,
  DEFEATED,
  draftOf,
  EXECUTED,
  FOR,
  governedNetwork,
  type GovernedNetwork,
  openVote,
  PENDING,
  QUEUED,
  SUCCEEDED,
  TIMELOCK_DELAY,
  UNIT,
} from "./support/governed-network.ts";

const { networkHelpers } = connection;
const DAY = 86_400;

/** A proposal that was queued. */
async function queuedProposal() {
  const network = await governedNetwork();
  const draft = await openVote(network);
  await cast(network, draft.proposalId, [[network.dave, FOR]]);
  await closeVote(network, draft.proposalId);
  await network.governor.queue(...draft.act);
  return { network, ...draft };
}

/** The timelock changes a parameter at once. */
async function change({ parameters, timelockSigner }: GovernedNetwork, id: string, value: bigint): Promise<void> {
  await parameters.connect(timelockSigner).set(encodeBytes32String(id), value);
}

/** A vote has the governor call itself, which needs an approval; returns the execution. */
async function decide(network: GovernedNetwork, name: string, args: unknown[]) {
  const { governor, governorAddress, alice, dave } = network;
  const draft = await draftOf(network, name, {
    to: governorAddress,
    data: governor.interface.encodeFunctionData(name, args as never),
  });
  await governor.connect(alice).propose(...draft.propose);
  await networkHelpers.time.increase(2 * DAY);
  await cast(network, draft.proposalId, [[dave, FOR]]);
  await closeVote(network, draft.proposalId);
  await governor.queue(...draft.act);
  await networkHelpers.time.increase(TIMELOCK_DELAY);
  await expect(governor.execute(...draft.act)).to.be.revertedWithCustomError(
    network.timelock,
    "MeshTimelock_NotApproved",
  );
  await approve(network, draft.act);
  return governor.execute(...draft.act);
}

describe("MeshGovernor: life of a proposal", () => {
  it("goes from pending to executed, and the parameter changes", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, parameters, alice, dave } = network;
    const { propose, act, proposalId } = await draftOf(network);
    await governor.connect(alice).propose(...propose);
    expect(await governor.state(proposalId), "proposed").to.equal(PENDING);
    await networkHelpers.time.increase(2 * DAY + 1);
    expect(await governor.state(proposalId), "voting").to.equal(ACTIVE);
    await cast(network, proposalId, [[dave, FOR]]);
    await closeVote(network, proposalId);
    expect(await governor.state(proposalId), "voted").to.equal(SUCCEEDED);
    await governor.queue(...act);
    expect(await governor.state(proposalId), "queued").to.equal(QUEUED);
    await networkHelpers.time.increase(TIMELOCK_DELAY);
    await governor.execute(...act);
    expect(await governor.state(proposalId), "executed").to.equal(EXECUTED);
    const row = (await parameters.parameter(encodeBytes32String("proposalBond"))) as { pending: bigint };
    expect(row.pending, "new bond").to.equal(2_000n * MESH);
  });

  it("executes nothing before the delay of the timelock", async () => {
    const { network, act } = await networkHelpers.loadFixture(queuedProposal);
    await networkHelpers.time.increase(TIMELOCK_DELAY - 10);
    await expect(network.governor.execute(...act)).to.be.revertedWithCustomError(
      network.timelock,
      "TimelockUnexpectedOperationState",
    );
  });

  it("refuses a proposer with too few units", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, votes, alice } = network;
    const { propose } = await draftOf(network);
    await votes.getFunction("setUnits")(alice.address, 100n * UNIT - 1n);
    await networkHelpers.mine();
    await expect(governor.connect(alice).propose(...propose))
      .to.be.revertedWithCustomError(governor, "GovernorInsufficientProposerVotes")
      .withArgs(alice.address, 100n * UNIT - 1n, 100n * UNIT);
  });

  it("lets nobody take a proposal that names its proposer", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, alice, bob } = network;
    const { propose } = await draftOf(network, `Raise the bond #proposer=${alice.address}`);
    await expect(governor.connect(bob).propose(...propose))
      .to.be.revertedWithCustomError(governor, "GovernorRestrictedProposer")
      .withArgs(bob.address);
    await governor.connect(alice).propose(...propose);
  });

  it("tells the terms of a proposal", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, alice } = network;
    const { propose, proposalId } = await draftOf(network);
    const terms = [1_500n, 2_000n, 1_000n, 40_000_000n * MESH, 172_800n, 1_000n * MESH];
    await expect(governor.connect(alice).propose(...propose))
      .to.emit(governor, "BallotOpened")
      .withArgs(proposalId, ...terms);
    expect(await governor.proposalTerms(proposalId), "terms").to.deep.equal(terms);
  });
});

describe("MeshGovernor: changes of parameters", () => {
  it("does not revive a defeated proposal", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, alice } = network;
    const { proposalId } = await openVote(network);
    await cast(network, proposalId, [[alice, FOR]]);
    await closeVote(network, proposalId);
    expect(await governor.state(proposalId), "before").to.equal(DEFEATED);
    await change(network, "quorumBp", 100n);
    await networkHelpers.time.increase(DAY);
    expect(await governor.quorumNumerator(), "quorum now").to.equal(100n);
    expect(await governor.state(proposalId), "after").to.equal(DEFEATED);
  });

  it("does not fell a proposal that passed", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, carol, tom } = network;
    const { proposalId } = await openVote(network);
    await cast(network, proposalId, [
      [carol, FOR],
      [tom, 0],
    ]);
    await closeVote(network, proposalId);
    await change(network, "quorumBp", 2_000n);
    await change(network, "tokenVetoBp", 100n);
    await networkHelpers.time.increase(DAY);
    expect(await governor.state(proposalId), "state").to.equal(SUCCEEDED);
  });

  it("moves no vote that is under way", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor } = network;
    const { proposalId } = await openVote(network);
    const end = (await governor.proposalDeadline(proposalId)) as bigint;
    await change(network, "votingPeriod", BigInt(10 * DAY));
    await change(network, "votingDelay", BigInt(4 * DAY));
    await networkHelpers.time.increase(7 * DAY);
    expect(await governor.votingPeriod(), "period now").to.equal(BigInt(10 * DAY));
    expect(await governor.proposalDeadline(proposalId), "end").to.equal(end);
  });
});

describe("MeshGovernor: settings", () => {
  it("are those of the table as soon as they are in force", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, alice, bob } = network;
    const periodOf = async ({ propose, proposalId }: Awaited<ReturnType<typeof draftOf>>): Promise<bigint> => {
      await governor.connect(bob).propose(...propose);
      const [start, end] = [await governor.proposalSnapshot(proposalId), await governor.proposalDeadline(proposalId)];
      return (end as bigint) - (start as bigint);
    };
    await governor.connect(alice).propose(...(await draftOf(network, "before")).propose);
    await change(network, "votingPeriod", BigInt(9 * DAY));
    expect(await periodOf(await draftOf(network, "in the notice")), "within the notice").to.equal(BigInt(7 * DAY));
    await networkHelpers.time.increase(7 * DAY - 10);
    expect(await periodOf(await draftOf(network, "at its end")), "at its end").to.equal(BigInt(7 * DAY));
    await networkHelpers.time.increase(10);
    expect(await governor.votingPeriod(), "view").to.equal(BigInt(9 * DAY));
    const { propose } = await draftOf(network, "afterwards");
    await expect(governor.connect(alice).propose(...propose))
      .to.emit(governor, "VotingPeriodSet")
      .withArgs(BigInt(7 * DAY), BigInt(9 * DAY));
    expect(await periodOf(await draftOf(network, "later")), "later").to.equal(BigInt(9 * DAY));
  });

  it("are told the same before and after a proposal has copied them", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, alice } = network;
    const told = async () => [
      await governor.quorumNumerator(),
      await governor.quorumDenominator(),
      await governor.lateQuorumVoteExtension(),
      await governor.proposalBond(),
      await governor.proposalThreshold(),
      await governor.votingDelay(),
      await governor.votingPeriod(),
    ];
    const expected = [1_500n, 10_000n, BigInt(2 * DAY), 1_000n * MESH, 100n * UNIT, BigInt(2 * DAY), BigInt(7 * DAY)];
    expect(await told(), "from the table").to.deep.equal(expected);
    await governor.connect(alice).propose(...(await draftOf(network)).propose);
    await networkHelpers.mine();
    expect(await told(), "from the copy").to.deep.equal(expected);
  });

  it("follow a change in the same second", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, alice, bob } = network;
    await change(network, "proposalThreshold", 50n * UNIT);
    const { effectiveAt } = (await network.parameters.parameter(encodeBytes32String("proposalThreshold"))) as {
      effectiveAt: bigint;
    };
    await networkHelpers.time.setNextBlockTimestamp(effectiveAt - 1n);
    await governor.connect(alice).propose(...(await draftOf(network, "before")).propose);
    expect(await governor.proposalThreshold(), "before").to.equal(100n * UNIT);
    await networkHelpers.time.setNextBlockTimestamp(effectiveAt);
    await governor.connect(bob).propose(...(await draftOf(network, "at it")).propose);
    expect(await governor.proposalThreshold(), "in force").to.equal(50n * UNIT);
  });
});

describe("MeshGovernor: cancelling", () => {
  it("lets the guardian cancel what is queued", async () => {
    const { network, proposalId, act } = await networkHelpers.loadFixture(queuedProposal);
    const { governor, council } = network;
    await governor.connect(council).cancel(...act);
    expect(await governor.state(proposalId), "state").to.equal(CANCELED);
    await expect(governor.execute(...act)).to.be.revertedWithCustomError(governor, "GovernorUnexpectedProposalState");
  });

  it("lets a proposer cancel while a guardian is there only before voting", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, alice } = network;
    const { act, proposalId } = await openVote(network);
    await expect(governor.connect(alice).cancel(...act))
      .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
      .withArgs(proposalId, alice.address);
  });

  it("ends the guardian's power with its term, and lets proposers cancel then", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, alice, council } = network;
    expect(await governor.proposalGuardian(), "guardian").to.equal(council.address);
    await networkHelpers.time.increaseTo((await governor.guardianUntil()) as bigint);
    expect(await governor.proposalGuardian(), "guardian afterwards").to.equal(`0x${"0".repeat(40)}`);
    const { act, proposalId } = await openVote(network);
    await expect(governor.connect(council).cancel(...act))
      .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
      .withArgs(proposalId, council.address);
    await governor.connect(alice).cancel(...act);
    expect(await governor.state(proposalId), "state").to.equal(CANCELED);
  });

  it("lets nobody but a vote name a guardian", async () => {
    const { governor, timelockSigner, mallory } = await networkHelpers.loadFixture(governedNetwork);
    await expect(governor.connect(mallory).setProposalGuardian(mallory.address))
      .to.be.revertedWithCustomError(governor, "GovernorOnlyExecutor")
      .withArgs(mallory.address);
    await expect(governor.connect(timelockSigner).setProposalGuardian(mallory.address)).to.be.revertedWithPanic(0x31);
  });

  it("gives a guardian that a vote names a new term", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, bob } = network;
    await expect(decide(network, "setProposalGuardian", [bob.address])).to.emit(governor, "GuardianTermSet");
    const until = BigInt(await networkHelpers.time.latest()) + BigInt(365 * DAY);
    expect(await governor.proposalGuardian(), "guardian").to.equal(bob.address);
    expect(await governor.guardianUntil(), "until").to.equal(until);
  });

  it("has no guardian when a vote names nobody", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor } = network;
    await expect(decide(network, "setProposalGuardian", [ZeroAddress]))
      .to.emit(governor, "GuardianTermSet")
      .withArgs(ZeroAddress, 0);
    expect(await governor.guardianUntil(), "until").to.equal(0n);
  });
});

describe("MeshGovernor: itself", () => {
  it("makes calls that a vote has it make, to get back what was sent to it", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { votes, mallory } = network;
    const data = votes.interface.encodeFunctionData("setUnits", [mallory.address, 7n]);
    await decide(network, "relay", [await votes.getAddress(), 0n, data]);
    expect(await votes.getFunction("getVotes")(mallory.address), "the call was made").to.equal(7n);
  });

  it("needs a timelock", async () => {
    const { governor, links, council } = await networkHelpers.loadFixture(governedNetwork);
    await expect(connection.ethers.deployContract("MeshGovernor", [links, ZeroAddress, council.address]))
      .to.be.revertedWithCustomError(governor, "Governed_ZeroAddress")
      .withArgs("timelock");
  });
});
