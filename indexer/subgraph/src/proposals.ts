import { BigInt, ethereum } from "@graphprotocol/graph-ts";
import {
  BallotOpened,
  BondBurnt,
  BondReleased,
  GuardianTermSet,
  ProposalCanceled,
  ProposalCreated,
  ProposalExecuted,
  ProposalExtended,
  ProposalGuardianSet,
  ProposalQueued,
  ProposalThresholdSet,
  TimelockChange,
  TokenVoteCast,
  VoteCast,
  VotingDelaySet,
  VotingPeriodSet,
} from "../generated/MeshGovernor/MeshGovernor";
import { Ballot, Proposal, ProposalAction, ProposalExtension, TimelockOperation } from "../generated/schema";
import { eventId } from "./entities";
import { loadAccount, loadGovernance, measure, partOf } from "./governance";

const ZERO = BigInt.zero();
/** UTF-16 units that are kept of a reason, like `MAX_REASON` of the protocol. */
const MAX_REASON = 1000;
const SUPPORTS = ["Against", "For", "Abstain"];

/** Its terms follow with {@link handleBallotOpened}. */
export function handleProposalCreated(event: ProposalCreated): void {
  const governance = loadGovernance();
  governance.proposalCount += 1;
  const proposal = new Proposal(event.params.proposalId.toString());
  proposal.number = governance.proposalCount;
  proposal.proposer = loadAccount(event.params.proposer).id;
  proposal.title = titleOf(event.params.description);
  proposal.description = event.params.description;
  proposal.createdAt = event.block.timestamp;
  proposal.createdTransaction = event.transaction.hash;
  proposal.voteStart = event.params.voteStart;
  proposal.voteEnd = event.params.voteEnd;
  proposal.extendedBy = ZERO;
  proposal.quorumBp = 0;
  proposal.vetoQuorumBp = 0;
  proposal.tokenVetoBp = 0;
  proposal.votableSupply = ZERO;
  proposal.tokenVeto = ZERO;
  proposal.lateExtension = ZERO;
  proposal.bond = ZERO;
  measure(proposal, governance.totalUnits);
  beginTallies(proposal);
  proposal.save();
  recordActions(proposal, event);

  const pending = governance.pendingProposals;
  pending.push(proposal.id);
  governance.pendingProposals = pending;
  governance.save();
}

export function handleBallotOpened(event: BallotOpened): void {
  const proposal = mustLoadProposal(event.params.proposalId);
  proposal.quorumBp = event.params.quorumBp;
  proposal.vetoQuorumBp = event.params.vetoQuorumBp;
  proposal.tokenVetoBp = event.params.tokenVetoBp;
  proposal.votableSupply = event.params.votableSupply;
  proposal.tokenVeto = partOf(proposal.votableSupply, proposal.tokenVetoBp);
  proposal.lateExtension = event.params.lateExtension;
  proposal.bond = event.params.bond;
  if (!proposal.bond.isZero()) proposal.bondState = "Held";
  measure(proposal, proposal.totalUnits);
  proposal.save();
}

/** Comes right before the vote that it belongs to, which says for what. */
export function handleTokenVoteCast(event: TokenVoteCast): void {
  const ballot = new Ballot(event.params.proposalId.toString() + "-" + event.params.voter.toHexString());
  ballot.proposal = event.params.proposalId.toString();
  ballot.voter = loadAccount(event.params.voter).id;
  ballot.support = "Abstain";
  ballot.units = ZERO;
  ballot.tokens = event.params.weight;
  ballot.reason = "";
  ballot.reasonLength = 0;
  ballot.castAt = event.block.timestamp;
  ballot.transaction = event.transaction.hash;
  ballot.save();
}

export function handleVoteCast(event: VoteCast): void {
  const voter = loadAccount(event.params.voter);
  voter.ballotCount += 1;
  voter.save();
  const proposal = mustLoadProposal(event.params.proposalId);
  const id = proposal.id + "-" + voter.id;
  let ballot = Ballot.load(id);
  if (ballot == null) {
    ballot = new Ballot(id);
    ballot.proposal = proposal.id;
    ballot.voter = voter.id;
    ballot.tokens = ZERO;
    ballot.castAt = event.block.timestamp;
    ballot.transaction = event.transaction.hash;
  }
  ballot.identity = voter.identity;
  ballot.support = SUPPORTS[event.params.support];
  ballot.units = event.params.weight;
  ballot.reason = beginningOf(event.params.reason);
  ballot.reasonLength = event.params.reason.length;
  ballot.save();
  count(proposal, ballot);
}

export function handleProposalExtended(event: ProposalExtended): void {
  const proposal = mustLoadProposal(event.params.proposalId);
  proposal.extendedBy = proposal.extendedBy.plus(event.params.extendedDeadline).minus(proposal.voteEnd);
  proposal.voteEnd = event.params.extendedDeadline;
  proposal.save();
  const extension = new ProposalExtension(eventId(event));
  extension.proposal = proposal.id;
  extension.voteEnd = proposal.voteEnd;
  extension.timestamp = event.block.timestamp;
  extension.transaction = event.transaction.hash;
  extension.save();
}

/** The timelock told of the operation right before. */
export function handleProposalQueued(event: ProposalQueued): void {
  const proposal = mustLoadProposal(event.params.proposalId);
  proposal.queuedAt = event.block.timestamp;
  proposal.queuedTransaction = event.transaction.hash;
  proposal.eta = event.params.etaSeconds;
  const newest = loadGovernance().newestOperation;
  if (newest !== null) {
    const operation = TimelockOperation.load(newest)!;
    if (operation.scheduledTransaction == event.transaction.hash) {
      proposal.operation = operation.id;
      operation.proposal = proposal.id;
      operation.save();
    }
  }
  proposal.save();
}

export function handleProposalExecuted(event: ProposalExecuted): void {
  endExecuted(mustLoadProposal(event.params.proposalId), event);
}

export function handleProposalCanceled(event: ProposalCanceled): void {
  endCancelled(mustLoadProposal(event.params.proposalId), event);
}

export function handleBondReleased(event: BondReleased): void {
  endBond(event.params.proposalId, "Released", event);
}

export function handleBondBurnt(event: BondBurnt): void {
  endBond(event.params.proposalId, "Burnt", event);
}

export function handleGuardianTermSet(event: GuardianTermSet): void {
  const governance = loadGovernance();
  governance.guardianUntil = event.params.until;
  governance.save();
}

export function handleProposalGuardianSet(event: ProposalGuardianSet): void {
  const governance = loadGovernance();
  governance.proposalGuardian = event.params.newProposalGuardian;
  governance.save();
}

export function handleTimelockChange(event: TimelockChange): void {
  const governance = loadGovernance();
  governance.timelock = event.params.newTimelock;
  governance.save();
}

export function handleVotingDelaySet(event: VotingDelaySet): void {
  const governance = loadGovernance();
  governance.votingDelay = event.params.newVotingDelay;
  governance.save();
}

export function handleVotingPeriodSet(event: VotingPeriodSet): void {
  const governance = loadGovernance();
  governance.votingPeriod = event.params.newVotingPeriod;
  governance.save();
}

export function handleProposalThresholdSet(event: ProposalThresholdSet): void {
  const governance = loadGovernance();
  governance.proposalThreshold = event.params.newProposalThreshold;
  governance.save();
}

/** Records that a proposal was executed, by the governor or in the timelock, whichever tells first. */
export function endExecuted(proposal: Proposal, event: ethereum.Event): void {
  if (proposal.executedAt !== null) return;
  proposal.executedAt = event.block.timestamp;
  proposal.executedTransaction = event.transaction.hash;
  proposal.save();
}

/** Records that a proposal was cancelled, by the governor or in the timelock, whichever tells first. */
export function endCancelled(proposal: Proposal, event: ethereum.Event): void {
  if (proposal.cancelledAt !== null) return;
  proposal.cancelledAt = event.block.timestamp;
  proposal.cancelledTransaction = event.transaction.hash;
  proposal.save();
}

function mustLoadProposal(proposalId: BigInt): Proposal {
  return Proposal.load(proposalId.toString())!;
}

function beginTallies(proposal: Proposal): void {
  proposal.forUnits = ZERO;
  proposal.againstUnits = ZERO;
  proposal.abstainUnits = ZERO;
  proposal.forTokens = ZERO;
  proposal.againstTokens = ZERO;
  proposal.abstainTokens = ZERO;
  proposal.voterCount = 0;
}

function recordActions(proposal: Proposal, event: ProposalCreated): void {
  const targets = event.params.targets;
  const values = event.params.values;
  const signatures = event.params.signatures;
  const calldatas = event.params.calldatas;
  for (let i = 0; i < targets.length; i++) {
    const action = new ProposalAction(proposal.id + "-" + i.toString());
    action.proposal = proposal.id;
    action.index = i;
    action.target = targets[i];
    action.value = values[i];
    action.signature = signatures[i];
    action.calldata = calldatas[i];
    action.save();
  }
}

function count(proposal: Proposal, ballot: Ballot): void {
  proposal.voterCount += 1;
  if (ballot.support == "For") {
    proposal.forUnits = proposal.forUnits.plus(ballot.units);
    proposal.forTokens = proposal.forTokens.plus(ballot.tokens);
  } else if (ballot.support == "Against") {
    proposal.againstUnits = proposal.againstUnits.plus(ballot.units);
    proposal.againstTokens = proposal.againstTokens.plus(ballot.tokens);
  } else {
    proposal.abstainUnits = proposal.abstainUnits.plus(ballot.units);
    proposal.abstainTokens = proposal.abstainTokens.plus(ballot.tokens);
  }
  proposal.save();
}

function endBond(proposalId: BigInt, state: string, event: ethereum.Event): void {
  const proposal = mustLoadProposal(proposalId);
  proposal.bondState = state;
  proposal.bondEndedAt = event.block.timestamp;
  proposal.save();
}

/** What is kept of a reason: half of a surrogate pair at its end is left out. */
function beginningOf(reason: string): string {
  if (reason.length <= MAX_REASON) return reason;
  const isSplit = (reason.charCodeAt(MAX_REASON - 1) & 0xfc00) == 0xd800;
  return reason.slice(0, isSplit ? MAX_REASON - 1 : MAX_REASON);
}

/** The first line that says something, without the signs that make it a heading. */
function titleOf(description: string): string {
  const lines = description.split("\n");
  for (let i = 0; i < lines.length; i++) {
    if (lines[i].trim().length > 0) return withoutHeading(lines[i]).trim();
  }
  return "";
}

function withoutHeading(line: string): string {
  let signs = 0;
  while (signs < line.length && line.charAt(signs) == "#") signs++;
  return signs > 0 && line.charAt(signs) == " " ? line.slice(signs) : line;
}
