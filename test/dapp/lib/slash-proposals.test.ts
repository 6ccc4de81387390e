import { expect } from "chai";
import { readBp, readProposalDraft } from "../../../dapp/src/lib/proposal-draft.ts";
import { slashBonds } from "../../../dapp/src/lib/slash-bonds.ts";
import { outcomeOf, slashActions, type SlashProposalView } from "../../../dapp/src/lib/slash-proposals.ts";

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

describe("outcomeOf", () => {
  const outcome = (amountLeft: bigint, toProposer: bigint, toDisputer: bigint) =>
    outcomeOf({ amountLeft, toProposer, toDisputer });

  it("tells by the bonds how a proposal ended", () => {
    expect(outcome(0n, 5n, 0n)).to.equal("Executed");
    expect(outcome(10n, 4n, 0n)).to.equal("Withdrawn");
    expect(outcome(10n, 0n, 0n)).to.equal("Vetoed");
    expect(outcome(10n, 0n, 10n)).to.equal("DisputerWon");
    expect(outcome(10n, 4n, 5n)).to.equal("Lapsed");
  });
});

describe("slashBonds", () => {
  const bonds = (changes: Partial<SlashProposalView>) =>
    slashBonds({ ...OPEN, bond: 1_000n * 10n ** 18n, disputer: STRANGER, state: "Closed", ...changes });

  it("says who has which bond when the DAO vetoes", () => {
    const { disputer: _, ...undisputed } = { ...OPEN, disputer: STRANGER, state: "Closed", outcome: "Vetoed" } as const;
    expect(slashBonds({ ...undisputed, bond: 10n ** 18n })).to.equal(
      "The proposer's bond of 1 MESH went to the treasury.",
    );
    expect(bonds({ outcome: "Vetoed" })).to.equal(
      "The disputer's bond of 1,000 MESH went to the treasury; the proposer has its own back.",
    );
    expect(bonds({ outcome: "DisputerWon" })).to.equal(
      "The disputer has its bond of 1,000 MESH back, and the proposer's.",
    );
  });

  it("says that only the disputer's bond is held once a proposal is upheld", () => {
    expect(bonds({ state: "Upheld" })).to.match(
      /^The proposer has its bond of 1,000 MESH back; the disputer's is held/,
    );
    expect(bonds({ outcome: "Executed" })).to.include("and the disputer's");
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
