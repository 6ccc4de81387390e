import { expect } from "chai";
import { TypedDataEncoder } from "ethers";
import { deployPqAccount } from "../PQAccount/support/post-quantum-account.ts";
import { connection } from "../support/deployed-network.ts";
import { AGAINST, FOR, governedNetwork, openVote, UNIT } from "./support/governed-network.ts";

const { networkHelpers } = connection;
const BALLOT = {
  Ballot: [
    { name: "proposalId", type: "uint256" },
    { name: "support", type: "uint8" },
    { name: "voter", type: "address" },
    { name: "nonce", type: "uint256" },
  ],
};

/** A vote in which an account of an ML-DSA-65 key has 300 units. */
async function openBallot() {
  const network = await governedNetwork();
  const voter = await deployPqAccount();
  await network.votes.getFunction("setUnits")(voter.address, 300n * UNIT);
  const { proposalId } = await openVote(network);
  const domain = {
    ...{ name: "MeshGovernor", version: "1", chainId: 31337 },
    verifyingContract: network.governorAddress,
  };
  const signBallot = (support: number, nonce: bigint): Uint8Array => {
    const ballot = { proposalId, support, voter: voter.address, nonce };
    return voter.signHash(TypedDataEncoder.hash(domain, BALLOT, ballot));
  };
  return { ...network, voter, proposalId, signBallot };
}

describe("MeshGovernor: votes of post-quantum keys", () => {
  it("counts a ballot signed with ML-DSA-65, whoever sends it", async () => {
    const { governor, proposalId, voter, signBallot, mallory } = await networkHelpers.loadFixture(openBallot);
    const vote = governor.connect(mallory).castVoteBySig(proposalId, FOR, voter.address, signBallot(FOR, 0n));
    await expect(vote)
      .to.emit(governor, "VoteCast")
      .withArgs(voter.address, proposalId, FOR, 300n * UNIT, "");
  });

  it("refuses a ballot changed after it was signed", async () => {
    const { governor, proposalId, voter, signBallot } = await networkHelpers.loadFixture(openBallot);
    await expect(governor.castVoteBySig(proposalId, AGAINST, voter.address, signBallot(FOR, 0n)))
      .to.be.revertedWithCustomError(governor, "GovernorInvalidSignature")
      .withArgs(voter.address);
  });

  it("votes by a call of the account itself", async () => {
    const { governor, governorAddress, proposalId, voter } = await networkHelpers.loadFixture(openBallot);
    const data = governor.interface.encodeFunctionData("castVote", [proposalId, FOR]);
    const calls = [{ target: governorAddress, value: 0n, data }];
    await voter.account.execute(calls, 2n ** 40n, voter.signCalls(calls, 0n, 2n ** 40n));
    expect(await governor.hasVoted(proposalId, voter.address), "has voted").to.equal(true);
  });
});
