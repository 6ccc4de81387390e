import { formatMesh, formatRelative, formatTime, formatVotingUnits } from "./format.ts";
import {
  failingReasons,
  isPassing,
  isVetoed,
  type ProposalState,
  type ProposalStanding,
  proposalMarks,
  proposalState,
} from "./proposal-state.ts";

/** States as people read them. */
export const STATE_WORDS: Readonly<Record<ProposalState, string>> = {
  Pending: "Announced",
  Active: "In voting",
  Canceled: "Cancelled",
  Defeated: "Rejected",
  Succeeded: "Accepted",
  Queued: "In the timelock",
  Expired: "Expired",
  Executed: "Executed",
};

/** How a ballot says what it is for, as `GovernorCountingSimple.VoteType` counts. */
export const SUPPORT_WORDS = ["Against", "For", "Abstain"] as const;

/** What happens next to a proposal at a time (Unix seconds), and what anybody can do about it. */
export function nextSentence(standing: ProposalStanding, now: number, isWaitingForApprover = false): string {
  const { voteStart, voteEnd, eta } = standing;
  const moment = (at: number): string => `${formatTime(at)} (${formatRelative(at, now)})`;
  switch (proposalState(standing, now)) {
    case "Pending":
      return `Voting begins at ${moment(voteStart)}. Weights count as they are then: lock, sync and delegate before.`;
    case "Active":
      return `Voting ends at ${moment(voteEnd)}. ${isPassing(standing) ? "As it stands, it passes." : failingReasons(standing).join(" ")}`;
    case "Succeeded":
      return "It passed. Anyone can queue it with the timelock now.";
    case "Queued":
      if (isWaitingForApprover)
        return "It changes something critical: the approver must approve it before it is executed.";
      return eta > now
        ? `It can be executed from ${moment(eta)} on, by anyone.`
        : "Its delay is over: anyone can execute it now.";
    case "Defeated":
      return failingReasons(standing).join(" ");
    case "Canceled":
      return "It was cancelled and does nothing.";
    case "Executed":
      return "The timelock made all its calls. Governed numbers that it changed come into force after their notice.";
    case "Expired":
      return "It was not executed in time.";
  }
}

/** What becomes of a bond, in one sentence. */
export function bondSentence(standing: ProposalStanding, now: number): string {
  const { bond } = standing.terms;
  if (bond === 0n) return "No bond is held: there was none, or it was paid out.";
  const amount = `${formatMesh(bond)} MESH`;
  const { vetoQuorum } = proposalMarks(standing);
  const state = proposalState(standing, now);
  if (state === "Pending" || state === "Active") {
    const mark = vetoQuorum === undefined ? "" : ` (${formatVotingUnits(vetoQuorum)})`;
    return `${amount} of the proposer are held until voting is over. They are burnt when units against reach the veto quorum${mark} and exceed those for.`;
  }
  return isVetoed(standing)
    ? `${amount} are held. A veto quorum was against: whoever releases the bond burns it.`
    : `${amount} are held. Anyone can release them to the proposer.`;
}
