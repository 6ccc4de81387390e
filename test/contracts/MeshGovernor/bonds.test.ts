import { expect } from "chai";
import { encodeBytes32String } from "ethers";
import { connection, MESH } from "../support/deployed-network.ts";
import {
  ABSTAIN,
  AGAINST,
  cast,
  closeVote,
  draftOf,
  FOR,
  governedNetwork,
  openVote,
  UNIT,
} from "./support/governed-network.ts";

const { networkHelpers } = connection;
const BOND = 1_000n * MESH;

/** A vote that has begun. */
async function openBallot() {
  const network = await governedNetwork();
  return { network, ...(await openVote(network)) };
}

describe("MeshGovernor: bonds", () => {
  it("takes the bond with the proposal", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, governorAddress, token, alice } = network;
    const { propose } = await draftOf(network);
    await expect(governor.connect(alice).propose(...propose)).to.changeTokenBalances(
      connection.ethers,
      token,
      [alice.address, governorAddress],
      [-BOND, BOND],
    );
  });

  it("refuses a proposer who cannot pay it", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, token, votes, dave } = network;
    const { propose } = await draftOf(network);
    expect(await votes.getFunction("getVotes")(dave.address), "units").to.equal(600n * UNIT);
    await expect(governor.connect(dave).propose(...propose))
      .to.be.revertedWithCustomError(token, "ERC20InsufficientAllowance")
      .withArgs(network.governorAddress, 0n, BOND);
  });

  it("gives it back after the end, to the proposer, whoever asks", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    const { governor, token, alice, mallory } = network;
    await cast(network, proposalId, [[network.dave, FOR]]);
    await closeVote(network, proposalId);
    const release = governor.connect(mallory).releaseBond(proposalId);
    await expect(release).to.emit(governor, "BondReleased").withArgs(proposalId, alice.address, BOND);
    await expect(release).to.changeTokenBalance(connection.ethers, token, alice.address, BOND);
    await expect(governor.releaseBond(proposalId))
      .to.be.revertedWithCustomError(governor, "MeshGovernor_NoBond")
      .withArgs(proposalId);
  });

  it("keeps it while the proposal is pending or in voting", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, alice } = network;
    const draft = await draftOf(network);
    await governor.connect(alice).propose(...draft.propose);
    const end = (await governor.proposalDeadline(draft.proposalId)) as bigint;
    for (const moment of [end - 604_800n, end]) {
      await networkHelpers.time.increaseTo(moment - 1n);
      await expect(governor.releaseBond(draft.proposalId))
        .to.be.revertedWithCustomError(governor, "MeshGovernor_VotingNotOver")
        .withArgs(draft.proposalId, end);
    }
  });

  it("burns it when a veto quorum is against", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    const { governor, token, alice, carol, links } = network;
    await cast(network, proposalId, [[carol, AGAINST]]);
    await closeVote(network, proposalId);
    const release = governor.releaseBond(proposalId);
    await expect(release).to.emit(governor, "BondBurnt").withArgs(proposalId, alice.address, BOND);
    await expect(release).to.changeTokenBalances(
      connection.ethers,
      token,
      [links.emissions, alice.address],
      [BOND, 0n],
    );
  });

  it("gives it back below the veto quorum", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await cast(network, proposalId, [[network.bob, AGAINST]]);
    await closeVote(network, proposalId);
    await expect(network.governor.releaseBond(proposalId)).to.emit(network.governor, "BondReleased");
  });

  it("gives it back when as many are for", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await cast(network, proposalId, [
      [network.carol, AGAINST],
      [network.alice, FOR],
      [network.bob, FOR],
    ]);
    await closeVote(network, proposalId);
    await expect(network.governor.releaseBond(proposalId)).to.emit(network.governor, "BondReleased");
  });

  it("gives it back when only the token house is against", async () => {
    const { network, proposalId } = await networkHelpers.loadFixture(openBallot);
    await cast(network, proposalId, [
      [network.carol, ABSTAIN],
      [network.whale, AGAINST],
    ]);
    await closeVote(network, proposalId);
    await expect(network.governor.releaseBond(proposalId)).to.emit(network.governor, "BondReleased");
  });

  it("gives it back when the proposal is cancelled before anybody votes", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, alice } = network;
    const draft = await draftOf(network);
    await governor.connect(alice).propose(...draft.propose);
    await governor.connect(alice).cancel(...draft.act);
    await expect(governor.releaseBond(draft.proposalId)).to.emit(governor, "BondReleased");
  });

  it("burns it also when the proposer cancels after a veto quorum", async () => {
    const { network, proposalId, act } = await networkHelpers.loadFixture(openBallot);
    const { governor, alice, carol, council } = network;
    await cast(network, proposalId, [[carol, AGAINST]]);
    await expect(governor.connect(alice).cancel(...act))
      .to.be.revertedWithCustomError(governor, "GovernorUnableToCancel")
      .withArgs(proposalId, alice.address);
    await governor.connect(council).cancel(...act);
    await expect(governor.releaseBond(proposalId)).to.emit(governor, "BondBurnt");
  });

  it("lets governance relay no call to the token of bonds", async () => {
    const { governor, token, timelockSigner, mallory } = await networkHelpers.loadFixture(governedNetwork);
    const data = token.interface.encodeFunctionData("transfer", [mallory.address, 1n]);
    await expect(governor.connect(timelockSigner).relay(await token.getAddress(), 0n, data))
      .to.be.revertedWithCustomError(governor, "MeshGovernor_BondsOnly")
      .withArgs(await token.getAddress());
  });

  it("holds every proposal to the bond of its day", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, parameters, timelockSigner, alice } = network;
    const draft = await draftOf(network);
    await governor.connect(alice).propose(...draft.propose);
    await parameters.connect(timelockSigner).set(encodeBytes32String("proposalBond"), 5n * MESH);
    await networkHelpers.time.increase(86_400);
    expect(await governor.proposalBond(), "bond now").to.equal(5n * MESH);
    await governor.connect(alice).cancel(...draft.act);
    await expect(governor.releaseBond(draft.proposalId))
      .to.emit(governor, "BondReleased")
      .withArgs(draft.proposalId, alice.address, BOND);
  });
});
