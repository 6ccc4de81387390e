import { Address, BigInt, ethereum } from "@graphprotocol/graph-ts";
import {
  DelegateChanged,
  DelegateVotesChanged,
  GateSet,
  IdentityHeld,
  IdentityReleased,
  Locked,
  StakingBound,
  SyncRewarded,
  SyncRewardsFunded,
  UnitsChanged,
  UnlockRequested,
  Withdrawn,
} from "../generated/QuadraticVotes/QuadraticVotes";
import { SyncBudgetChange, VoteDelegation, VoteLockChange, VotingAccount } from "../generated/schema";
import { bindStaking } from "./bindings";
import { eventId } from "./entities";
import { changeOf, changeTotalUnits, loadAccount, loadGovernance, loadIdentity } from "./governance";

const ZERO = BigInt.zero();

export function handleIdentityHeld(event: IdentityHeld): void {
  const account = loadAccount(event.params.account);
  const identity = loadIdentity(event.params.identity);
  identity.account = account.id;
  identity.heldSince = event.block.timestamp;
  identity.save();
  account.identity = identity.id;
  account.save();
  changeOf(identity, "Held", event).save();
  countHeld(1);
}

export function handleIdentityReleased(event: IdentityReleased): void {
  const identity = loadIdentity(event.params.identity);
  identity.heldSince = null;
  identity.save();
  const account = loadAccount(event.params.account);
  account.identity = null;
  account.save();
  changeOf(identity, "Released", event).save();
  countHeld(-1);
}

/** Units are of the account that held the identity last: it was told before. */
export function handleUnitsChanged(event: UnitsChanged): void {
  const identity = loadIdentity(event.params.identity);
  const governance = loadGovernance();
  changeTotalUnits(governance, event.params.units.minus(identity.units), event.block.timestamp);
  governance.save();
  identity.units = event.params.units;
  identity.save();
  const account = VotingAccount.load(identity.account!)!;
  account.units = event.params.units;
  account.save();
  changeOf(identity, "UnitsChanged", event).save();
}

export function handleVoteDelegateChanged(event: DelegateChanged): void {
  const account = loadAccount(event.params.delegator);
  const delegation = new VoteDelegation(eventId(event));
  delegation.account = account.id;
  delegation.from = loadAccount(event.params.fromDelegate).id;
  delegation.to = loadAccount(event.params.toDelegate).id;
  delegation.units = account.units;
  delegation.timestamp = event.block.timestamp;
  delegation.transaction = event.transaction.hash;
  delegation.save();
  account.delegate = delegation.to;
  account.save();
}

export function handleDelegateVotesChanged(event: DelegateVotesChanged): void {
  const delegate = loadAccount(event.params.delegate);
  delegate.votes = event.params.newVotes;
  delegate.save();
}

export function handleLocked(event: Locked): void {
  const account = loadAccount(event.params.account);
  account.lockedMesh = event.params.lockedAfter;
  recordLock(account, "Locked", event.params.amount, event);
  moveLocked(event.params.amount);
}

export function handleVoteUnlockRequested(event: UnlockRequested): void {
  const account = loadAccount(event.params.account);
  account.lockedMesh = event.params.lockedAfter;
  account.unlockingMesh = event.params.unlockingAfter;
  account.unlockAt = event.params.maturesAt;
  recordLock(account, "UnlockRequested", event.params.amount, event);
}

export function handleVoteLockWithdrawn(event: Withdrawn): void {
  const account = loadAccount(event.params.account);
  account.unlockingMesh = ZERO;
  account.unlockAt = null;
  recordLock(account, "Withdrawn", event.params.amount, event);
  moveLocked(event.params.amount.neg());
}

export function handleSyncRewarded(event: SyncRewarded): void {
  recordBudget("Paid", event.params.caller, event.params.amount, event);
}

export function handleSyncRewardsFunded(event: SyncRewardsFunded): void {
  recordBudget("Funded", event.params.from, event.params.amount, event);
}

export function handleGateSet(event: GateSet): void {
  const governance = loadGovernance();
  governance.gate = event.params.gate;
  governance.save();
}

export function handleVotesStakingBound(event: StakingBound): void {
  bindStaking(event.params.staking, event);
}

function countHeld(change: i32): void {
  const governance = loadGovernance();
  governance.heldIdentityCount += change;
  governance.save();
}

function moveLocked(change: BigInt): void {
  const governance = loadGovernance();
  governance.totalLocked = governance.totalLocked.plus(change);
  governance.save();
}

/** Saves the account, too. */
function recordLock(account: VotingAccount, kind: string, amount: BigInt, event: ethereum.Event): void {
  account.save();
  const change = new VoteLockChange(eventId(event));
  change.account = account.id;
  change.kind = kind;
  change.amount = amount;
  change.lockedAfter = account.lockedMesh;
  change.unlockingAfter = account.unlockingMesh;
  change.unlockAt = account.unlockAt;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  change.save();
}

function recordBudget(kind: string, account: Address, amount: BigInt, event: ethereum.Event): void {
  const governance = loadGovernance();
  governance.syncBudget = kind == "Funded" ? governance.syncBudget.plus(amount) : governance.syncBudget.minus(amount);
  governance.save();
  const change = new SyncBudgetChange(eventId(event));
  change.kind = kind;
  change.account = account;
  change.amount = amount;
  change.budgetAfter = governance.syncBudget;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  change.save();
}
