import { expect } from "chai";
import { Interface, ZeroAddress } from "ethers";
import stockGovernor from "@openzeppelin/contracts/build/contracts/IGovernor.json" with { type: "json" };
import { meshGovernorAbi } from "@pqmesh/contracts/generated/mesh-governor-abi";
import { connection } from "../support/deployed-network.ts";
import { cast, closeVote, draftOf, FOR, governedNetwork, openVote } from "./support/governed-network.ts";

const { networkHelpers } = connection;
const own = new Interface(meshGovernorAbi);

/** Events of governors that Tally and the subgraph of Snapshot index. */
const INDEXED_EVENTS = [
  "ProposalCreated(uint256,address,address[],uint256[],string[],bytes[],uint256,uint256,string)",
  "ProposalQueued(uint256,uint256)",
  "ProposalCanceled(uint256)",
  "ProposalExecuted(uint256)",
  "VoteCast(address,uint256,uint8,uint256,string)",
  "ProposalThresholdSet(uint256,uint256)",
  "VotingDelaySet(uint256,uint256)",
  "VotingPeriodSet(uint256,uint256)",
  "TimelockChange(address,address)",
  "ProposalExtended(uint256,uint64)",
];

/** Indexed fields of those events; the others have none. */
const TOPICS: Record<string, string[]> = { VoteCast: ["voter"], ProposalExtended: ["proposalId"] };

/** Functions that those indexers and their user interfaces call. */
const CALLED_FUNCTIONS = [
  "quorum(uint256)",
  "quorumNumerator()",
  "quorumDenominator()",
  "timelock()",
  "token()",
  "proposalThreshold()",
  "votingDelay()",
  "votingPeriod()",
  "proposalVotes(uint256)",
  "lateQuorumVoteExtension()",
  "proposalGuardian()",
];

describe("MeshGovernor: stock interface", () => {
  it("has every function, event and error of IGovernor", () => {
    const stock = new Interface(stockGovernor.abi);
    const missing = stock.fragments.map((fragment) => fragment.format("full")).filter((text) => !has(text));
    expect(stock.fragments.length, "fragments compared").to.be.greaterThan(40);
    expect(missing, "missing").to.deep.equal([]);
  });

  it("emits the events that stock indexers read, with the fields indexed that they expect", () => {
    for (const signature of INDEXED_EVENTS) {
      const event = own.getEvent(signature);
      expect(event?.format("sighash"), signature).to.equal(signature);
      const topics = event?.inputs.filter(({ indexed }) => indexed).map(({ name }) => name);
      expect(topics, `indexed fields of ${signature}`).to.deep.equal(TOPICS[event?.name ?? ""] ?? []);
    }
  });

  it("answers the calls of stock user interfaces", () => {
    for (const signature of CALLED_FUNCTIONS) {
      expect(own.getFunction(signature)?.format("sighash"), signature).to.equal(signature);
    }
  });

  it("supports the interface of IGovernor by ERC-165", async () => {
    const { governor } = await networkHelpers.loadFixture(governedNetwork);
    for (const interfaceId of ["0x01ffc9a7", interfaceIdOf(new Interface(stockGovernor.abi))]) {
      expect(await governor.supportsInterface(interfaceId), interfaceId).to.equal(true);
    }
    expect(await governor.supportsInterface("0xffffffff"), "no interface").to.equal(false);
  });

  it("says how it counts, by which clock", async () => {
    const { governor, votes, token } = await networkHelpers.loadFixture(governedNetwork);
    expect(await governor.COUNTING_MODE(), "counting").to.equal("support=bravo&quorum=for,abstain");
    expect(await governor.CLOCK_MODE(), "clock").to.equal("mode=timestamp");
    expect(await votes.getFunction("CLOCK_MODE")(), "clock of units").to.equal("mode=timestamp");
    expect(await token.CLOCK_MODE(), "clock of the token").to.equal("mode=timestamp");
    expect(await governor.token(), "units").to.equal(await votes.getAddress());
  });

  it("casts with VoteCast, never with parameters, on the default paths", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, alice, bob } = network;
    const { proposalId } = await openVote(network);
    await expect(governor.connect(alice).castVote(proposalId, FOR)).to.emit(governor, "VoteCast");
    const withReason = governor.connect(bob).castVoteWithReason(proposalId, FOR, "cheaper");
    await expect(withReason).to.emit(governor, "VoteCast").and.not.to.emit(governor, "VoteCastWithParams");
  });

  it("gives a proposal the id that hashProposal foretells", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { propose, act, proposalId } = await draftOf(network);
    await network.governor.connect(network.alice).propose(...propose);
    expect(await network.governor.getProposalId(...act), "id").to.equal(proposalId);
    expect(await network.governor.proposalProposer(proposalId), "proposer").to.equal(network.alice.address);
    await expect(network.governor.connect(network.bob).propose(...propose)).to.be.revertedWithCustomError(
      network.governor,
      "GovernorUnexpectedProposalState",
    );
  });

  it("takes no ether and refuses to be given away by strangers", async () => {
    const { governor, governorAddress, mallory } = await networkHelpers.loadFixture(governedNetwork);
    await expect(mallory.sendTransaction({ to: governorAddress, value: 1n })).to.be.revertedWithCustomError(
      governor,
      "GovernorDisabledDeposit",
    );
    await expect(governor.connect(mallory).updateTimelock(ZeroAddress))
      .to.be.revertedWithCustomError(governor, "GovernorOnlyExecutor")
      .withArgs(mallory.address);
  });

  it("shows a proposal that was cancelled or executed on the timelock itself", async () => {
    const network = await networkHelpers.loadFixture(governedNetwork);
    const { governor, timelock } = network;
    const { act, proposalId } = await openVote(network);
    await cast(network, proposalId, [[network.dave, FOR]]);
    await closeVote(network, proposalId);
    await governor.queue(...act);
    await networkHelpers.time.increase(172_800);
    const [targets, values, payloads, descriptionHash] = act;
    const salt = BigInt(descriptionHash) ^ (BigInt(network.governorAddress) << 96n);
    const predecessor = `0x${"0".repeat(64)}`;
    await timelock.executeBatch(targets, values, payloads, predecessor, `0x${salt.toString(16).padStart(64, "0")}`);
    expect(await governor.state(proposalId), "state").to.equal(7n);
  });
});

function has(text: string): boolean {
  return own.fragments.some((fragment) => withoutNames(fragment.format("full")) === withoutNames(text));
}

/** Types and what is indexed; names of parameters are no part of an interface, and what is pure is a view. */
function withoutNames(text: string): string {
  return text
    .replaceAll(/ (?!indexed|view|pure|payable|returns)[A-Za-z_]\w*(?=[,)])/g, "")
    .replaceAll(/\s+/g, " ")
    .replace(" pure ", " view ");
}

/** XOR of the selectors, without those of inherited interfaces. */
function interfaceIdOf(stock: Interface): string {
  const inherited = new Set(["supportsInterface", "clock", "CLOCK_MODE"]);
  let id = 0n;
  stock.forEachFunction(({ name, selector }) => {
    if (!inherited.has(name)) id ^= BigInt(selector);
  });
  return `0x${id.toString(16).padStart(8, "0")}`;
}
