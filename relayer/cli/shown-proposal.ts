import { visibleText } from "@pqmesh/contracts/protocol/visible-text";
import { shortId } from "@pqmesh/contracts/protocol/proposal-id";
import { meshFigure, meshText, momentText, percentText, timeFigure, unitsFigure, unitsText } from "./figures.ts";
import { type MadeProposal, type ProposalStanding, titleOf } from "./proposal-state.ts";

/** What can be done with a proposal in each state. */
const NEXT: Readonly<Record<ProposalStanding["state"], string>> = {
  pending: "voting has not begun; the proposer can take it back (proposal cancel)",
  active: "it can be voted on (proposal vote)",
  cancelled: "it was cancelled; anyone can release its bond (proposal release-bond)",
  defeated: "it was rejected; anyone can release its bond (proposal release-bond)",
  succeeded: "anyone can queue it with the timelock (proposal queue)",
  queued: "anyone can execute it when the timelock's delay is over (proposal execute)",
  expired: "it was not executed in time",
  executed: "it was executed; anyone can release its bond (proposal release-bond)",
};

/** One line of a list. */
export function proposalLine(made: MadeProposal, { state, voteEnd }: ProposalStanding, now: bigint): string {
  const end = state === "active" ? `, voting until ${momentText(voteEnd, now)}` : "";
  return `${shortId(made.proposalId)}  ${state.padEnd(9)}  ${visibleText(titleOf(made))}${end}`;
}

/** A proposal as people read it. */
export function proposalRows(
  made: MadeProposal,
  standing: ProposalStanding,
  { now, next }: { now: bigint; next: string },
): string[] {
  const { state, voteEnd, executableAt, identityHouse, tokenHouse, terms } = standing;
  const { quorum, vetoFrom } = identityHouse;
  const cast = identityHouse.for + identityHouse.abstain;
  const reached =
    quorum === null
      ? "known when voting begins"
      : `${unitsText(cast)} of ${unitsText(quorum)}, ${cast < quorum ? "not reached yet" : "reached"}`;
  return [
    `Proposal ${made.proposalId}`,
    `  ${state}: ${next}`,
    `  proposed by ${made.proposer}, bond ${terms.bond === 0n ? "returned or none" : meshText(terms.bond)}`,
    `  voting from ${momentText(made.voteStart, now)} until ${momentText(voteEnd, now)}`,
    ...(executableAt > 0n ? [`  can be executed from ${momentText(executableAt, now)} on`] : []),
    "",
    ...descriptionRows(made.description),
    "",
    `Identity house: for ${unitsText(identityHouse.for)}, against ${unitsText(identityHouse.against)}, abstaining ${unitsText(identityHouse.abstain)}`,
    `  quorum (for and abstaining, ${percentText(terms.quorumBp)} of all): ${reached}`,
    ...(vetoFrom === null
      ? []
      : [
          `  the bond is burnt with more against than for, and at least ${unitsText(vetoFrom)} against (${percentText(terms.vetoQuorumBp)} of all)`,
        ]),
    `Token house: for ${meshText(tokenHouse.for)}, against ${meshText(tokenHouse.against)}`,
    `  it rejects with more against than for, and at least ${meshText(tokenHouse.vetoFrom)} against (${percentText(terms.tokenVetoBp)} of what can vote): ${tokenHouse.isRejected ? "REJECTED so far" : "not rejected so far"}`,
    "",
  ];
}

/** A description as its proposer wrote it, line by line, with nothing invisible. */
export function descriptionRows(description: string): string[] {
  return description.split("\n").map((line) => `  | ${visibleText(line)}`.trimEnd());
}

/** A proposal for `--json`. */
export function proposalFigures(made: MadeProposal, standing: ProposalStanding, now: bigint) {
  const { state, voteEnd, executableAt, identityHouse, tokenHouse, terms } = standing;
  const { quorum, vetoFrom } = identityHouse;
  return {
    ...{ ...made, title: titleOf(made), state, next: NEXT[state] },
    ...{ voteStart: timeFigure(made.voteStart, now), voteEnd: timeFigure(voteEnd, now) },
    executableAt: executableAt > 0n ? timeFigure(executableAt, now) : null,
    identityHouse: {
      ...{ for: unitsFigure(identityHouse.for), against: unitsFigure(identityHouse.against) },
      ...{ abstain: unitsFigure(identityHouse.abstain), quorum: quorum === null ? null : unitsFigure(quorum) },
      vetoFrom: vetoFrom === null ? null : unitsFigure(vetoFrom),
    },
    tokenHouse: {
      ...{ for: meshFigure(tokenHouse.for), against: meshFigure(tokenHouse.against) },
      ...{ vetoFrom: meshFigure(tokenHouse.vetoFrom), isRejected: tokenHouse.isRejected },
    },
    terms: { ...terms, votableSupply: meshFigure(terms.votableSupply), bond: meshFigure(terms.bond) },
  };
}
