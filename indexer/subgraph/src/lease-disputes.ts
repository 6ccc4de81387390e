import { BigInt } from "@graphprotocol/graph-ts";
import {
  ArbitratorSet,
  DisputeEnded,
  DisputeOpened,
  SettlementOffered,
  Withdrawn,
} from "../generated/LeaseDisputes/LeaseDisputes";
import { Lease, LeaseDispute } from "../generated/schema";
import { credit, debit, DISPUTE_OUTCOMES, loadMarket, mustLoadLease } from "./market";

/** The contract is deployed before any lease is opened, and names the timelock, which is the treasury, first. */
export function handleArbitratorSet(event: ArbitratorSet): void {
  const market = loadMarket();
  if (market.treasury === null) market.treasury = event.params.arbitrator;
  market.arbitrator = event.params.arbitrator;
  market.save();
}

/** The escrow says in the same transaction until which epoch it is. */
export function handleDisputeOpened(event: DisputeOpened): void {
  const lease = mustLoadLease(event.params.leaseId);
  const dispute = new LeaseDispute(lease.id + "-" + lease.disputeCount.toString());
  dispute.lease = lease.id;
  dispute.number = lease.disputeCount;
  dispute.client = event.params.client;
  dispute.token = event.params.token;
  dispute.bond = event.params.bond;
  dispute.evidence = event.params.evidence;
  dispute.deadline = event.params.deadline;
  dispute.disputedUntil = BigInt.zero();
  dispute.isOpen = true;
  dispute.openedAt = event.block.timestamp;
  dispute.transaction = event.transaction.hash;
  dispute.save();
  lease.dispute = dispute.id;
  lease.disputeCount += 1;
  lease.save();
}

export function handleSettlementOffered(event: SettlementOffered): void {
  const dispute = mustLoadDispute(mustLoadLease(event.params.leaseId));
  dispute.offerBp = event.params.clientShareBp;
  dispute.isOfferByClient = event.params.isByClient;
  dispute.save();
}

export function handleDisputeEnded(event: DisputeEnded): void {
  const dispute = mustLoadDispute(mustLoadLease(event.params.leaseId));
  dispute.isOpen = false;
  dispute.outcome = DISPUTE_OUTCOMES[event.params.outcome];
  dispute.clientShareBp = event.params.clientShareBp;
  dispute.bondTo = event.params.bondTo;
  dispute.endedAt = event.block.timestamp;
  dispute.save();
  credit(event.address, dispute.token, event.params.bondTo, event.params.bond);
}

export function handleDisputeBondWithdrawn(event: Withdrawn): void {
  debit(event.address, event.params.token, event.params.account, event.params.amount);
}

/** The newest dispute of a lease. */
export function mustLoadDispute(lease: Lease): LeaseDispute {
  return LeaseDispute.load(lease.dispute!)!;
}
