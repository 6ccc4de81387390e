import { BigInt } from "@graphprotocol/graph-ts";
import {
  SlashClosed,
  SlashDisputed,
  SlashExecuted,
  SlashProposed,
  SlashUpheld,
} from "../generated/SlashProposals/SlashProposals";
import { NodeSlash, SlashProposal } from "../generated/schema";
import { loadNetwork, mustLoadNode } from "./entities";

const ZERO = BigInt.zero();

export function handleSlashProposed(event: SlashProposed): void {
  const proposal = new SlashProposal(event.params.proposalId.toString());
  proposal.number = event.params.proposalId;
  proposal.node = mustLoadNode(event.params.nodeIndex).id;
  proposal.proposer = event.params.proposer;
  proposal.epoch = event.params.epoch;
  proposal.shareBp = event.params.shareBp.toI32();
  proposal.amount = event.params.amount;
  proposal.amountLeft = event.params.amount;
  proposal.taken = ZERO;
  proposal.bond = event.params.bond;
  proposal.evidence = event.params.evidence;
  proposal.state = "Open";
  proposal.disputeUntil = event.params.disputeUntil;
  proposal.vetoUntil = event.params.vetoUntil;
  proposal.toProposer = ZERO;
  proposal.toDisputer = ZERO;
  proposal.toTreasury = ZERO;
  proposal.timestamp = event.block.timestamp;
  proposal.transaction = event.transaction.hash;
  proposal.save();
  countOpen(1);
}

export function handleSlashDisputed(event: SlashDisputed): void {
  const proposal = mustLoadProposal(event.params.proposalId);
  proposal.state = "Disputed";
  proposal.disputer = event.params.disputer;
  proposal.disputedAt = event.block.timestamp;
  proposal.save();
}

export function handleSlashUpheld(event: SlashUpheld): void {
  const proposal = mustLoadProposal(event.params.proposalId);
  proposal.state = "Upheld";
  proposal.upheldAt = event.block.timestamp;
  proposal.toProposer = proposal.bond;
  proposal.save();
}

export function handleSlashExecuted(event: SlashExecuted): void {
  const proposal = mustLoadProposal(event.params.proposalId);
  proposal.taken = proposal.taken.plus(event.params.amount);
  proposal.amountLeft = event.params.amountLeft;
  proposal.save();

  const slash = NodeSlash.load(event.params.slashId.toString());
  if (slash == null) return;
  slash.kind = "Proposed";
  slash.proposal = proposal.id;
  slash.save();
}

export function handleSlashClosed(event: SlashClosed): void {
  const proposal = mustLoadProposal(event.params.proposalId);
  proposal.outcome = outcomeOf(proposal, event);
  proposal.state = "Closed";
  proposal.closedAt = event.block.timestamp;
  proposal.toProposer = proposal.toProposer.plus(event.params.toProposer);
  proposal.toDisputer = event.params.toDisputer;
  proposal.toTreasury = event.params.toTreasury;
  proposal.save();
  countOpen(-1);
}

/** Who has the bonds tells how a proposal ended. */
function outcomeOf(proposal: SlashProposal, event: SlashClosed): string {
  if (proposal.amountLeft.isZero()) return "Executed";
  if (proposal.state != "Disputed") return event.params.toProposer.isZero() ? "Vetoed" : "Withdrawn";
  return event.params.toProposer.isZero() ? "DisputerWon" : "Lapsed";
}

function mustLoadProposal(proposalId: BigInt): SlashProposal {
  return SlashProposal.load(proposalId.toString())!;
}

function countOpen(change: i32): void {
  const network = loadNetwork();
  network.openSlashProposalCount += change;
  network.save();
}
