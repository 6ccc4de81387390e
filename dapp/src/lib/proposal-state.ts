import type { Address } from "viem";

/** States of a proposal, as `IGovernor.ProposalState` counts. */
export const PROPOSAL_STATES = [
  "Pending",
  "Active",
  "Canceled",
  "Defeated",
  "Succeeded",
  "Queued",
  "Expired",
  "Executed",
] as const;

/** State of a proposal. */
export type ProposalState = (typeof PROPOSAL_STATES)[number];

/** What a proposal is judged by, and what was cast. Times are Unix seconds, units have 9 decimals, MESH is wei. */
export interface ProposalStanding {
  /** Snapshot: weights count as they were then; ballots are cast after it. */
  voteStart: number;
  /** Last second of voting. */
  voteEnd: number;
  terms: ProposalTerms;
  /** What the identity house has counted. */
  units: { for: bigint; against: bigint; abstain: bigint };
  /** What the token house has counted; abstaining counts nothing there. */
  tokens: { for: bigint; against: bigint };
  /** All units at the snapshot; undefined until it has passed. */
  unitsAtSnapshot?: bigint;
  /** When the timelock's delay is over; 0 while it was not queued. */
  eta: number;
  isExecuted: boolean;
  isCancelled: boolean;
}

/** Terms that are fixed when a proposal is made; shares are basis points. */
export interface ProposalTerms {
  quorumBp: number;
  vetoQuorumBp: number;
  tokenVetoBp: number;
  votableSupply: bigint;
  /** What the governor still holds of the bond. */
  bond: bigint;
}

/** Marks that ballots are measured against; those of the identity house are known from the snapshot on. */
export interface ProposalMarks {
  /** Units for and abstaining that it needs. */
  quorum?: bigint;
  /** Units against that burn the bond, if they exceed those for. */
  vetoQuorum?: bigint;
  /** MESH against with which the token house rejects it, if it exceeds that for. */
  tokenVeto: bigint;
}

/** The marks of a proposal, rounded up as the governor does. */
export function proposalMarks({ terms, unitsAtSnapshot: all }: ProposalStanding): ProposalMarks {
  const tokenVeto = shareOf(terms.votableSupply, terms.tokenVetoBp);
  if (all === undefined) return { tokenVeto };
  return { quorum: shareOf(all, terms.quorumBp), vetoQuorum: shareOf(all, terms.vetoQuorumBp), tokenVeto };
}

/** State of a proposal at a time (Unix seconds), as `MeshGovernor.state` says it. */
export function proposalState(standing: ProposalStanding, now: number): ProposalState {
  const { voteStart, voteEnd, eta, isExecuted, isCancelled } = standing;
  if (isExecuted) return "Executed";
  if (isCancelled) return "Canceled";
  if (voteStart >= Math.floor(now)) return "Pending";
  if (voteEnd >= Math.floor(now)) return "Active";
  if (!isPassing(standing)) return "Defeated";
  return eta === 0 ? "Succeeded" : "Queued";
}

/** Whether the ballots that were cast pass it: quorum and majority of the identity house, and no rejection by the token house. */
export function isPassing(standing: ProposalStanding): boolean {
  return isQuorate(standing) && standing.units.for > standing.units.against && !isRejectedByTokens(standing);
}

/** Whether units for and abstaining reach the quorum. */
function isQuorate(standing: ProposalStanding): boolean {
  const { quorum } = proposalMarks(standing);
  const { units } = standing;
  return quorum !== undefined && units.for + units.abstain >= quorum;
}

/** Whether the token house rejects it by the ballots that were cast. */
function isRejectedByTokens(standing: ProposalStanding): boolean {
  const { tokens } = standing;
  return tokens.against > tokens.for && tokens.against >= proposalMarks(standing).tokenVeto;
}

/** Whether the ballots that were cast burn the bond. */
export function isVetoed(standing: ProposalStanding): boolean {
  const { vetoQuorum } = proposalMarks(standing);
  const { units } = standing;
  return vetoQuorum !== undefined && units.against > units.for && units.against >= vetoQuorum;
}

/** Whether nothing can change the outcome any more. */
export function isOver(state: ProposalState): boolean {
  return state === "Canceled" || state === "Defeated" || state === "Expired" || state === "Executed";
}

/** Why a proposal does not pass by the ballots that were cast, one sentence for each cause. */
export function failingReasons(standing: ProposalStanding): string[] {
  const { units } = standing;
  return [
    ...(isQuorate(standing) ? [] : ["The identity house has not reached its quorum."]),
    ...(units.for > units.against ? [] : ["The identity house has no majority for it."]),
    ...(isRejectedByTokens(standing) ? ["The token house rejects it."] : []),
  ];
}

/** What can be done with a proposal, and by whom. */
export type ProposalAction = "vote" | "queue" | "approve" | "execute" | "cancel" | "releaseBond";

/** Dual control of a proposal's calls. */
export interface ProposalApproval {
  /** Whether one of its calls is critical. */
  isNeeded: boolean;
  isGiven: boolean;
  /** Whether the connected wallet is an approver. */
  isApprover: boolean;
  /** When it can be executed without approval, Unix seconds: only if it does nothing but replace approvers. */
  unapprovedFrom?: number;
}

/** Whether the timelock would refuse a proposal at a time (Unix seconds) because nobody approved it. */
export function waitsForApprover(approval: ProposalApproval | undefined, now: number): boolean {
  if (!approval || !approval.isNeeded || approval.isGiven) return false;
  return approval.unapprovedFrom === undefined || approval.unapprovedFrom > now;
}

/** Who looks at a proposal, and what else decides who may do what. */
export interface ProposalViewer {
  wallet: Address | undefined;
  proposer: Address;
  /** Who can cancel; undefined when nobody is guardian or its term is over. */
  guardian?: Address;
  /** What the timelock says of the approver; undefined while that is not known. */
  approval?: ProposalApproval;
  hasVoted: boolean;
}

/** What a wallet can do with a proposal at a time (Unix seconds). */
export function proposalActions(standing: ProposalStanding, viewer: ProposalViewer, now: number): ProposalAction[] {
  const { wallet, approval, hasVoted } = viewer;
  if (!wallet) return [];
  const state = proposalState(standing, now);
  const isWaiting = waitsForApprover(approval, now);
  const may: Record<ProposalAction, boolean> = {
    vote: state === "Active" && !hasVoted,
    queue: state === "Succeeded",
    approve: state === "Queued" && isWaiting && approval?.isApprover === true,
    execute: state === "Queued" && standing.eta <= now && !isWaiting,
    cancel: mayCancel(state, viewer),
    releaseBond: standing.terms.bond > 0n && state !== "Pending" && state !== "Active",
  };
  return (Object.keys(may) as ProposalAction[]).filter((action) => may[action]);
}

/** The guardian cancels what is not over; the proposer before voting begins, or when there is no guardian. */
function mayCancel(state: ProposalState, { wallet, proposer, guardian }: ProposalViewer): boolean {
  if (isOver(state)) return false;
  if (isSame(wallet, guardian)) return true;
  if (!isSame(wallet, proposer)) return false;
  return state === "Pending" || guardian === undefined;
}

function isSame(a: Address | undefined, b: Address | undefined): boolean {
  return a !== undefined && a.toLowerCase() === b?.toLowerCase();
}

/** Basis points of an amount, rounded up. */
function shareOf(amount: bigint, basisPoints: number): bigint {
  return (amount * BigInt(basisPoints) + 9_999n) / 10_000n;
}
