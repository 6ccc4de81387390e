import { Address, BigInt, Bytes } from "@graphprotocol/graph-ts";
import {
  BondDeposited,
  BondWithdrawn,
  CredentialDelivered,
  DeliveryKeySet,
  EarnedPaid,
  LeaseAccepted,
  LeaseClosed,
  LeaseDisputeSet,
  LeaseExtended,
  LeaseOpened,
  LeaseSettled,
  LeaseToppedUp,
  NoticeGiven,
  SweepSkipped,
  TokenRuleSet,
  Withdrawn,
} from "../generated/LeaseEscrow/LeaseEscrow";
import {
  CredentialDelivery,
  DeliveryKey,
  Lease,
  LeaseSettlement,
  LeaseTopUp,
  ListingVersion,
  NodeBreach,
  ProviderBond,
  SweepSkip,
  TokenRule,
  VoucherPayment,
} from "../generated/schema";
import { eventId, mustLoadNode } from "./entities";
import { mustLoadDispute } from "./lease-disputes";
import { moveUnits, versionKey } from "./listings";
import { credit, debit, LEASE_STATUSES, loadMarket, mustLoadLease, mustLoadListing, SWEEP_OUTCOMES } from "./market";
import { audit } from "./uptime";

const ZERO = BigInt.zero();
const WORD_EPOCHS = BigInt.fromI32(256);

export function handleLeaseOpened(event: LeaseOpened): void {
  const listing = mustLoadListing(event.params.listingId);
  listing.leaseCount += 1;
  moveUnits(listing, event.params.units);

  const lease = new Lease(event.params.leaseId.toString());
  lease.number = event.params.leaseId;
  lease.listing = listing.id;
  lease.version = event.params.version;
  lease.terms = versionKey(listing, event.params.version);
  lease.node = listing.node;
  lease.operator = listing.operator;
  lease.client = event.params.client;
  lease.token = listing.token;
  lease.units = event.params.units;
  lease.rate = event.params.rate;
  lease.status = "Pending";
  lease.isMetered = listing.isMetered;
  lease.feeBp = event.params.feeBp;
  lease.term = event.params.epochs;
  lease.acceptBy = event.params.acceptBy;
  lease.deposited = event.params.balance.plus(event.params.janitorFee);
  lease.balance = event.params.balance;
  lease.janitorFee = event.params.janitorFee;
  clearCounts(lease);
  lease.openedAt = event.block.timestamp;
  lease.transaction = event.transaction.hash;
  lease.save();
  countLeases(1, 1, 0);
}

export function handleLeaseAccepted(event: LeaseAccepted): void {
  const lease = mustLoadLease(event.params.leaseId);
  lease.status = "Active";
  lease.start = event.params.start;
  lease.end = event.params.end;
  lease.settledUntil = event.params.start;
  lease.bond = event.params.bond;
  lease.acceptedAt = event.block.timestamp;
  saveFunded(lease);
  moveBond(lease, event.params.bond);
  countLeases(0, -1, 1);
}

export function handleCredentialDelivered(event: CredentialDelivered): void {
  const lease = mustLoadLease(event.params.leaseId);
  const delivery = new CredentialDelivery(lease.id + "-" + lease.deliveryCount.toString());
  delivery.lease = lease.id;
  delivery.number = lease.deliveryCount;
  delivery.sealed = event.params.sealed_;
  delivery.timestamp = event.block.timestamp;
  delivery.transaction = event.transaction.hash;
  delivery.save();
  lease.deliveryCount += 1;
  lease.save();
}

export function handleDeliveryKeySet(event: DeliveryKeySet): void {
  const key = new DeliveryKey(event.params.client.toHexString());
  key.client = event.params.client;
  key.key = event.params.key;
  key.updatedAt = event.block.timestamp;
  key.transaction = event.transaction.hash;
  key.save();
}

export function handleLeaseToppedUp(event: LeaseToppedUp): void {
  const lease = mustLoadLease(event.params.leaseId);
  lease.deposited = lease.deposited.plus(event.params.amount);
  lease.balance = event.params.balance;
  saveFunded(lease);

  const topUp = new LeaseTopUp(eventId(event));
  topUp.lease = lease.id;
  topUp.from = event.params.from;
  topUp.amount = event.params.amount;
  topUp.balanceAfter = event.params.balance;
  topUp.timestamp = event.block.timestamp;
  topUp.transaction = event.transaction.hash;
  topUp.save();
}

export function handleLeaseExtended(event: LeaseExtended): void {
  const lease = mustLoadLease(event.params.leaseId);
  lease.end = event.params.end;
  lease.term = event.params.end.minus(lease.start!);
  saveFunded(lease);
}

export function handleNoticeGiven(event: NoticeGiven): void {
  const lease = mustLoadLease(event.params.leaseId);
  lease.noticeEnd = event.params.noticeEnd;
  lease.isNoticeByProvider = event.params.isByProvider;
  saveFunded(lease);
}

export function handleLeaseSettled(event: LeaseSettled): void {
  const lease = mustLoadLease(event.params.leaseId);
  const epochs = event.params.until.minus(event.params.from);
  const unreported = epochs.minus(event.params.proven).minus(event.params.missed);
  lease.settledUntil = event.params.until;
  lease.provenEpochs = lease.provenEpochs.plus(event.params.proven);
  lease.missedEpochs = lease.missedEpochs.plus(event.params.missed);
  lease.unreportedEpochs = lease.unreportedEpochs.plus(unreported);
  lease.balance = lease.balance.minus(epochs.times(lease.rate));
  lease.fees = lease.fees.plus(event.params.fee);
  lease.returnedToClient = lease.returnedToClient.plus(event.params.toClient);
  if (lease.isMetered) lease.earned = lease.earned.plus(event.params.toProvider);
  else lease.paidToProvider = lease.paidToProvider.plus(event.params.toProvider);
  lease.lastSettledAt = event.block.timestamp;
  saveFunded(lease);

  const isPaid = event.params.beneficiary.notEqual(Address.zero());
  if (isPaid) credit(event.address, lease.token, event.params.beneficiary, event.params.toProvider);
  payTreasury(event.address, lease, event.params.fee);
  credit(event.address, lease.token, lease.client, event.params.toClient);

  const page = new LeaseSettlement(eventId(event));
  page.lease = lease.id;
  page.from = event.params.from;
  page.until = event.params.until;
  page.proven = event.params.proven;
  page.missed = event.params.missed;
  page.unreported = unreported;
  if (isPaid) page.beneficiary = event.params.beneficiary;
  page.toProvider = event.params.toProvider;
  page.fee = event.params.fee;
  page.toClient = event.params.toClient;
  page.timestamp = event.block.timestamp;
  page.transaction = event.transaction.hash;
  page.save();
}

export function handleLeaseClosed(event: LeaseClosed): void {
  const lease = mustLoadLease(event.params.leaseId);
  countLeases(0, lease.status == "Pending" ? -1 : 0, lease.status == "Active" ? -1 : 0);
  releaseBond(lease, event.params.bond);
  lease.status = LEASE_STATUSES[event.params.status];
  lease.balance = ZERO;
  lease.janitorFee = ZERO;
  lease.bondPaid = event.params.bond;
  lease.returnedToClient = lease.returnedToClient.plus(event.params.toClient);
  if (!event.params.vouchersUntil.isZero()) lease.vouchersUntil = event.params.vouchersUntil;
  lease.closedAt = event.block.timestamp;
  lease.closedBy = event.transaction.hash;
  if (event.params.janitor.notEqual(Address.zero())) {
    lease.janitor = event.params.janitor;
    lease.janitorPaid = event.params.janitorFee;
    credit(event.address, lease.token, event.params.janitor, event.params.janitorFee);
  }
  lease.save();
  credit(event.address, lease.token, lease.client, event.params.toClient);
  moveUnits(mustLoadListing(BigInt.fromString(lease.listing)), -lease.units);
  if (lease.status == "Breached") noteBreach(lease, event.block.timestamp);
}

export function handleSweepSkipped(event: SweepSkipped): void {
  const skip = new SweepSkip(eventId(event));
  skip.number = event.params.leaseId;
  const lease = Lease.load(event.params.leaseId.toString());
  if (lease != null) skip.lease = lease.id;
  skip.outcome = SWEEP_OUTCOMES[event.params.outcome];
  skip.reason = event.params.reason;
  skip.timestamp = event.block.timestamp;
  skip.transaction = event.transaction.hash;
  skip.save();
}

export function handleEarnedPaid(event: EarnedPaid): void {
  const lease = mustLoadLease(event.params.leaseId);
  const isToClient = event.params.account.equals(lease.client);
  lease.redeemed = event.params.redeemed;
  lease.fees = lease.fees.plus(event.params.fee);
  if (isToClient) lease.returnedToClient = lease.returnedToClient.plus(event.params.amount);
  else lease.paidToProvider = lease.paidToProvider.plus(event.params.amount);
  lease.save();
  credit(event.address, lease.token, event.params.account, event.params.amount);
  payTreasury(event.address, lease, event.params.fee);

  const payment = new VoucherPayment(eventId(event));
  payment.lease = lease.id;
  payment.account = event.params.account;
  payment.isToClient = isToClient;
  payment.amount = event.params.amount;
  payment.fee = event.params.fee;
  payment.redeemedAfter = event.params.redeemed;
  payment.timestamp = event.block.timestamp;
  payment.transaction = event.transaction.hash;
  payment.save();
}

export function handleLeaseDisputeSet(event: LeaseDisputeSet): void {
  const lease = mustLoadLease(event.params.leaseId);
  lease.isDisputed = event.params.isDisputed;
  lease.disputedUntil = event.params.disputedUntil;
  lease.clientShareBp = event.params.clientShareBp;
  lease.save();
  const dispute = mustLoadDispute(lease);
  dispute.disputedUntil = event.params.disputedUntil;
  dispute.save();
}

export function handleTokenRuleSet(event: TokenRuleSet): void {
  const rule = new TokenRule(event.params.token.toHexString());
  rule.token = event.params.token;
  rule.isAllowed = event.params.isAllowed;
  rule.janitorFee = event.params.janitorFee;
  rule.minDeposit = event.params.minDeposit;
  rule.updatedAt = event.block.timestamp;
  rule.save();
}

export function handleProviderBondDeposited(event: BondDeposited): void {
  const bond = loadBond(event.params.identityId.toString(), event.params.token);
  bond.free = bond.free.plus(event.params.amount);
  bond.deposited = bond.deposited.plus(event.params.amount);
  bond.save();
}

export function handleProviderBondWithdrawn(event: BondWithdrawn): void {
  const bond = loadBond(event.params.identityId.toString(), event.params.token);
  bond.free = bond.free.minus(event.params.amount);
  bond.withdrawn = bond.withdrawn.plus(event.params.amount);
  bond.save();
  credit(event.address, event.params.token, event.params.beneficiary, event.params.amount);
}

export function handleEscrowWithdrawn(event: Withdrawn): void {
  debit(event.address, event.params.token, event.params.account, event.params.amount);
}

function clearCounts(lease: Lease): void {
  lease.provenEpochs = ZERO;
  lease.missedEpochs = ZERO;
  lease.unreportedEpochs = ZERO;
  lease.paidToProvider = ZERO;
  lease.fees = ZERO;
  lease.returnedToClient = ZERO;
  lease.earned = ZERO;
  lease.redeemed = ZERO;
  lease.bond = ZERO;
  lease.bondPaid = ZERO;
  lease.isDisputed = false;
  lease.clientShareBp = 0;
  lease.disputeCount = 0;
  lease.deliveryCount = 0;
  lease.janitorPaid = ZERO;
}

/** Sets how far an active lease is paid for, as `runwayOf` says, and saves it. */
function saveFunded(lease: Lease): void {
  let end = lease.end!;
  const noticeEnd = lease.noticeEnd;
  if (noticeEnd !== null && noticeEnd.lt(end)) end = noticeEnd;
  const funded = lease.settledUntil!.plus(lease.balance.div(lease.rate));
  if (funded.lt(end)) {
    lease.fundedUntil = funded;
    lease.graceUntil = funded.plus(BigInt.fromI32(ListingVersion.load(lease.terms)!.graceEpochs));
  } else {
    lease.fundedUntil = end;
    lease.graceUntil = end;
  }
  lease.save();
}

/** Rates the node by the word of the epoch that broke the terms, the last one that was settled; once for each word. */
function noteBreach(lease: Lease, timestamp: BigInt): void {
  const word = lease.settledUntil!.minus(BigInt.fromI32(1)).div(WORD_EPOCHS);
  const id = lease.node + "-" + word.toString();
  if (NodeBreach.load(id) != null) return;
  const breach = new NodeBreach(id);
  breach.node = lease.node;
  breach.word = word;
  breach.lease = lease.id;
  breach.timestamp = timestamp;
  breach.save();

  const node = mustLoadNode(BigInt.fromString(lease.node));
  node.breachedWords += 1;
  audit(node, timestamp);
}

/** Locks a part of the provider's free bond for a lease; frees it when negative. */
function moveBond(lease: Lease, amount: BigInt): void {
  if (amount.isZero()) return;
  const bond = loadBond(lease.operator, lease.token);
  bond.free = bond.free.minus(amount);
  bond.locked = bond.locked.plus(amount);
  bond.save();
}

/** Frees the bond of a lease, or takes it for the client. */
function releaseBond(lease: Lease, toClient: BigInt): void {
  if (toClient.isZero()) {
    moveBond(lease, lease.bond.neg());
    return;
  }
  const bond = loadBond(lease.operator, lease.token);
  bond.locked = bond.locked.minus(toClient);
  bond.paidToClients = bond.paidToClients.plus(toClient);
  bond.save();
}

function loadBond(operator: string, token: Bytes): ProviderBond {
  const id = operator + "-" + token.toHexString();
  let bond = ProviderBond.load(id);
  if (bond == null) {
    bond = new ProviderBond(id);
    bond.operator = operator;
    bond.token = token;
    bond.free = ZERO;
    bond.locked = ZERO;
    bond.deposited = ZERO;
    bond.withdrawn = ZERO;
    bond.paidToClients = ZERO;
  }
  return bond;
}

function payTreasury(escrow: Bytes, lease: Lease, fee: BigInt): void {
  if (!fee.isZero()) credit(escrow, lease.token, loadMarket().treasury!, fee);
}

function countLeases(opened: i32, pending: i32, active: i32): void {
  const market = loadMarket();
  market.leaseCount += opened;
  market.pendingLeaseCount += pending;
  market.activeLeaseCount += active;
  market.save();
}
