import { expect } from "chai";
import type { Address } from "viem";
import {
  failingReasons,
  isPassing,
  isVetoed,
  type ProposalAction,
  proposalActions,
  proposalMarks,
  type ProposalStanding,
  proposalState,
  type ProposalViewer,
  waitsForApprover,
} from "../../../dapp/src/lib/proposal-state.ts";

const UNIT = 10n ** 9n;
const MESH = 10n ** 18n;
const PROPOSER: Address = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const GUARDIAN: Address = "0x3C44CdDdB6a900fa2b585dd299e03d12FA4293BC";
const STRANGER: Address = "0x90F79bf6EB2c4f870365E785982E1f101E93b906";
/** 1,000 units in all: quorum 150, veto quorum 200. 10,000 MESH can vote: 1,000 reject. */
const STANDING: ProposalStanding = {
  ...{ voteStart: 100, voteEnd: 200, eta: 0, isExecuted: false, isCancelled: false, unitsAtSnapshot: 1_000n * UNIT },
  terms: { quorumBp: 1_500, vetoQuorumBp: 2_000, tokenVetoBp: 1_000, votableSupply: 10_000n * MESH, bond: 5n * MESH },
  units: { for: 150n * UNIT, against: 0n, abstain: 0n },
  tokens: { for: 0n, against: 0n },
};
const units = (inFavour: bigint, against: bigint, abstain = 0n): ProposalStanding => ({
  ...STANDING,
  units: { for: inFavour * UNIT, against: against * UNIT, abstain: abstain * UNIT },
});
const tokens = (inFavour: bigint, against: bigint): ProposalStanding => ({
  ...STANDING,
  tokens: { for: inFavour * MESH, against: against * MESH },
});

describe("proposalState", () => {
  it("is pending at the snapshot and active until the last second", () => {
    expect(proposalState(STANDING, 100)).to.equal("Pending");
    expect(proposalState(STANDING, 101)).to.equal("Active");
    expect(proposalState(STANDING, 200.9)).to.equal("Active");
    expect(proposalState(STANDING, 201)).to.equal("Succeeded");
  });

  it("is queued for as long as it has a time of execution", () => {
    expect(proposalState({ ...STANDING, eta: 300 }, 250)).to.equal("Queued");
    expect(proposalState({ ...STANDING, eta: 300 }, 9_999)).to.equal("Queued");
  });

  it("ends with execution or cancellation whatever was cast", () => {
    expect(proposalState({ ...units(0n, 9n), isExecuted: true }, 500)).to.equal("Executed");
    expect(proposalState({ ...STANDING, isCancelled: true }, 50)).to.equal("Canceled");
  });

  it("needs the quorum, to which abstaining counts, and a majority, to which it does not", () => {
    expect(proposalState(units(149n, 0n), 201)).to.equal("Defeated");
    expect(isPassing(units(2n, 1n, 148n))).to.equal(true);
    expect(isPassing(units(1n, 1n, 149n))).to.equal(false);
    expect(failingReasons(units(1n, 2n, 0n))).to.deep.equal([
      "The identity house has not reached its quorum.",
      "The identity house has no majority for it.",
    ]);
  });

  it("is rejected by tokens only with the veto share and more against than for", () => {
    expect(isPassing(tokens(0n, 999n))).to.equal(true);
    expect(isPassing(tokens(0n, 1_000n))).to.equal(false);
    expect(isPassing(tokens(1_000n, 1_000n))).to.equal(true);
    expect(failingReasons(tokens(0n, 1_000n))).to.deep.equal(["The token house rejects it."]);
  });

  it("passes nothing before its units are known", () => {
    const { unitsAtSnapshot: _, ...unknown } = STANDING;
    expect(isPassing(unknown)).to.equal(false);
    expect(proposalMarks(unknown)).to.deep.equal({ tokenVeto: 1_000n * MESH });
  });
});

describe("isVetoed", () => {
  it("asks for the veto quorum and more against than for", () => {
    expect(isVetoed(units(150n, 199n))).to.equal(false);
    expect(isVetoed(units(150n, 200n))).to.equal(true);
    expect(isVetoed(units(200n, 200n))).to.equal(false);
  });

  it("rounds marks up, as the governor does", () => {
    const marks = proposalMarks({ ...STANDING, unitsAtSnapshot: 1n });
    expect([marks.quorum, marks.vetoQuorum]).to.deep.equal([1n, 1n]);
  });
});

describe("proposalActions", () => {
  const viewer: ProposalViewer = { wallet: STRANGER, proposer: PROPOSER, guardian: GUARDIAN, hasVoted: false };
  const actions = (
    changes: Partial<ProposalViewer>,
    now: number,
    standing: ProposalStanding = STANDING,
  ): ProposalAction[] => proposalActions(standing, { ...viewer, ...changes }, now);
  const { guardian: _, ...unguarded } = viewer;

  it("lets nobody act without a wallet", () => {
    expect(actions({ wallet: undefined }, 250)).to.deep.equal([]);
  });

  it("lets each wallet vote once", () => {
    expect(actions({}, 150)).to.deep.equal(["vote"]);
    expect(actions({ hasVoted: true }, 150)).to.deep.equal([]);
  });

  it("lets proposers cancel before voting, and as long as they like without a guardian", () => {
    expect(actions({ wallet: PROPOSER }, 50)).to.deep.equal(["cancel"]);
    expect(actions({ wallet: PROPOSER, hasVoted: true }, 150)).to.deep.equal([]);
    expect(proposalActions(STANDING, { ...unguarded, wallet: PROPOSER, hasVoted: true }, 150)).to.deep.equal([
      "cancel",
    ]);
    expect(actions({ wallet: GUARDIAN, hasVoted: true }, 150)).to.deep.equal(["cancel"]);
    expect(actions({ wallet: GUARDIAN }, 50, { ...STANDING, isCancelled: true })).to.deep.equal(["releaseBond"]);
  });

  it("lets anyone queue, execute after the delay, and release the bond", () => {
    expect(actions({}, 201)).to.deep.equal(["queue", "releaseBond"]);
    expect(actions({}, 299, { ...STANDING, eta: 300 })).to.deep.equal(["releaseBond"]);
    expect(actions({}, 300, { ...STANDING, eta: 300 })).to.deep.equal(["execute", "releaseBond"]);
    const paid = { ...STANDING, terms: { ...STANDING.terms, bond: 0n }, isExecuted: true };
    expect(actions({}, 300, paid)).to.deep.equal([]);
  });

  it("waits for the approver where a call is critical", () => {
    const approval = { isNeeded: true, isGiven: false, isApprover: false };
    const queued = { ...STANDING, eta: 300 };
    expect(actions({ approval }, 400, queued)).to.deep.equal(["releaseBond"]);
    expect(actions({ approval: { ...approval, isApprover: true } }, 400, queued)).to.deep.equal([
      "approve",
      "releaseBond",
    ]);
    expect(actions({ approval: { ...approval, isGiven: true } }, 400, queued)).to.deep.equal([
      "execute",
      "releaseBond",
    ]);
  });

  it("replaces a lost approver without approval, late", () => {
    const approval = { isNeeded: true, isGiven: false, isApprover: false, unapprovedFrom: 500 };
    expect(waitsForApprover(approval, 499)).to.equal(true);
    expect(waitsForApprover(approval, 500)).to.equal(false);
    expect(waitsForApprover(undefined, 500)).to.equal(false);
  });
});
