import { expect } from "chai";
import { readBp, readProposalDraft } from "../../../dapp/src/lib/proposal-draft.ts";
import { slashActions, type SlashProposalView } from "../../../dapp/src/lib/slash-proposals.ts";

const PROPOSER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const STRANGER = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const OPEN: SlashProposalView = {
  ...{ id: 1, nodeIndex: 2, proposer: PROPOSER, epoch: 7, amount: 10n, taken: 0n, bond: 5n },
  ...{ evidence: "0x", state: "Open", disputeUntil: 100, vetoUntil: 200 },
};

describe("slashActions", () => {
  const actions = (state: SlashProposalView["state"], now: number, wallet: typeof PROPOSER | typeof STRANGER) =>
    slashActions({ ...OPEN, state }, now, wallet);

  it("lets anyone dispute until the time is over, and execute after the veto", () => {
    expect(actions("Open", 99, STRANGER)).to.deep.equal(["dispute"]);
    expect(actions("Open", 100, STRANGER)).to.deep.equal([]);
    expect(actions("Open", 200, STRANGER)).to.deep.equal(["execute"]);
    expect(actions("Upheld", 200, STRANGER)).to.deep.equal(["execute"]);
  });

  it("lets only the proposer take it back, as long as it is not upheld", () => {
    expect(actions("Open", 50, PROPOSER)).to.deep.equal(["dispute", "cancel"]);
    expect(actions("Disputed", 50, PROPOSER)).to.deep.equal(["cancel"]);
    expect(actions("Upheld", 50, PROPOSER)).to.deep.equal([]);
  });

  it("lets a disputed one lapse when the DAO is silent", () => {
    expect(actions("Disputed", 199, STRANGER)).to.deep.equal([]);
    expect(actions("Disputed", 200, STRANGER)).to.deep.equal(["lapse"]);
    expect(actions("Closed", 200, STRANGER)).to.deep.equal([]);
    expect(slashActions(OPEN, 50, undefined)).to.deep.equal([]);
  });
});

describe("readProposalDraft", () => {
  const read = (changes: Record<string, string>) =>
    readProposalDraft({ node: "3", epoch: "8", percent: "12.5", ...changes }, { running: 9, maxBp: 5_000 });

  it("reads node, epoch and share", () => {
    expect(read({})).to.deep.equal({ nodeIndex: 3, epoch: 8, shareBp: 1_250 });
  });

  it("names what is wrong", () => {
    expect(read({ node: "x" })).to.deep.equal({ problem: "The node is its index: a whole number." });
    expect(read({ epoch: "9" })).to.deep.equal({ problem: "Epoch 9 is not over yet." });
    expect(read({ percent: "0" }))
      .to.have.property("problem")
      .that.includes("above zero");
    expect(read({ percent: "50.01" })).to.deep.equal({ problem: "The share must be at most 50 %." });
  });

  it("reads percentages with at most two decimals", () => {
    expect(["5", "2.55 %", "0.01", "100"].map(readBp)).to.deep.equal([500, 255, 1, 10_000]);
    expect(["", "1.234", "-1", "101", "1e2"].map(readBp)).to.deep.equal(Array(5).fill(undefined));
  });
});
