import { expect } from "chai";
import { proposalIdOf, shortId } from "../../../contracts/protocol/proposal-id.ts";
import { filteredProposals, type ProposalFilter, readFilter } from "../../../dapp/src/lib/proposal-list.ts";
import type { ProposalStanding } from "../../../dapp/src/lib/proposal-state.ts";
import { proposalMoments, proposalPhases } from "../../../dapp/src/lib/proposal-story.ts";
import { titleOf } from "../../../dapp/src/lib/proposal-view.ts";

const PROPOSER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const PASSED: ProposalStanding = {
  ...{ voteStart: 100, voteEnd: 200, eta: 0, isExecuted: false, isCancelled: false, unitsAtSnapshot: 100n },
  terms: { quorumBp: 1_000, vetoQuorumBp: 2_000, tokenVetoBp: 1_000, votableSupply: 10n, bond: 0n },
  ...{ units: { for: 10n, against: 0n, abstain: 0n }, tokens: { for: 0n, against: 0n } },
};
const MADE = { voteStart: 100, plannedEnd: 200 };

describe("filteredProposals", () => {
  const proposals = (
    [
      [1n, { ...PASSED, isExecuted: true }],
      [2n, { ...PASSED, units: { for: 0n, against: 1n, abstain: 0n } }],
      [3n, PASSED],
      [4n, { ...PASSED, voteEnd: 900 }],
      [5n, { ...PASSED, voteEnd: 900 }],
    ] as const
  ).map(([id, standing]) => ({ id, standing, proposer: PROPOSER, title: "" }) as const);
  const ids = (filter: ProposalFilter) =>
    filteredProposals(proposals, filter, { now: 500, voted: new Set([5n]) }).map(({ id }) => Number(id));

  it("tells what is open, voted on and over", () => {
    expect(ids("all")).to.deep.equal([1, 2, 3, 4, 5]);
    expect(ids("open")).to.deep.equal([3, 4, 5]);
    expect(ids("voting")).to.deep.equal([4, 5]);
    expect(ids("mine")).to.deep.equal([4]);
    expect(ids("executed")).to.deep.equal([1]);
    expect(ids("failed")).to.deep.equal([2]);
  });

  it("shows all where the address says nothing that is known", () => {
    expect([null, "", "toString", "open"].map(readFilter)).to.deep.equal(["all", "all", "all", "open"]);
  });
});

describe("titleOf", () => {
  it("is the first line that says something", () => {
    expect(titleOf("\n\n# Dearer reports\nMore")).to.equal("Dearer reports");
    expect(titleOf(" \n")).to.equal("Without a title");
    expect(titleOf("x".repeat(100_000))).to.equal(`${"x".repeat(200)}…`);
    expect(shortId(1234567890123n)).to.equal("1234567890");
  });
});

describe("proposalIdOf", () => {
  it("changes with every part that is executed", () => {
    const call = { target: PROPOSER, value: 0n, data: "0x01" } as const;
    const id = proposalIdOf({ calls: [call], description: "a" });
    expect(proposalIdOf({ calls: [call], description: "b" })).not.to.equal(id);
    expect(proposalIdOf({ calls: [{ ...call, value: 1n }], description: "a" })).not.to.equal(id);
    expect(proposalIdOf({ calls: [{ ...call, data: "0x02" }], description: "a" })).not.to.equal(id);
  });
});

describe("proposalPhases and proposalMoments", () => {
  const names = (story: Parameters<typeof proposalMoments>[2]["story"], isDefeated = false) =>
    proposalMoments(MADE, { voteEnd: 200, eta: 0, isDefeated }, { story, now: 250, needsApproval: false }).map(
      ({ name, isDone }) => `${isDone ? "✓" : "○"} ${name}`,
    );

  it("shows an extension and the delay of the timelock", () => {
    const phases = proposalPhases(MADE, { voteEnd: 230, eta: 300 }, { createdAt: 50, queuedAt: 240 });
    expect(phases).to.deep.equal([
      { name: "Notice", from: 50, until: 100 },
      { name: "Voting", from: 100, until: 200 },
      { name: "Extended", from: 200, until: 230 },
      { name: "Timelock", from: 240, until: 300 },
    ]);
  });

  it("ends with what ended it", () => {
    expect(names({ createdAt: 50, cancelledAt: 120 })).to.deep.equal([
      "✓ Proposed, with a bond",
      "✓ Weights are taken, voting begins",
      "✓ Cancelled",
    ]);
    expect(names({ createdAt: 50 }, true).at(-1)).to.equal("✓ Rejected");
    expect(names({ createdAt: 50 }).slice(-3)).to.deep.equal([
      "○ Queued with the timelock",
      "○ Delay over",
      "○ Executed",
    ]);
  });
});
