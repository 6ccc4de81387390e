import { Address, BigInt, ethereum } from "@graphprotocol/graph-ts";
import { Governance, IdentityChange, Proposal, VotingAccount, VotingIdentity } from "../generated/schema";
import { eventId } from "./entities";

const ZERO = BigInt.zero();
const BASIS_POINTS = BigInt.fromI32(10_000);
/** Smallest nullifier of a voter; identities below are operators'. */
const FIRST_NULLIFIER = BigInt.fromI32(2).pow(32);

/** The DAO's one entity, created on first use. */
export function loadGovernance(): Governance {
  let governance = Governance.load("pqmesh");
  if (governance == null) {
    governance = new Governance("pqmesh");
    governance.proposalCount = 0;
    governance.totalUnits = ZERO;
    governance.heldIdentityCount = 0;
    governance.totalLocked = ZERO;
    governance.syncBudget = ZERO;
    governance.guardianUntil = ZERO;
    governance.timelockDelay = ZERO;
    governance.votingDelay = ZERO;
    governance.votingPeriod = ZERO;
    governance.proposalThreshold = ZERO;
    governance.pendingProposals = [];
    governance.seasonCount = 0;
    governance.roundCount = 0;
  }
  return governance;
}

/** An account in governance, created on first use. */
export function loadAccount(address: Address): VotingAccount {
  const id = address.toHexString();
  let account = VotingAccount.load(id);
  if (account == null) {
    account = new VotingAccount(id);
    account.units = ZERO;
    account.delegate = id;
    account.votes = ZERO;
    account.lockedMesh = ZERO;
    account.unlockingMesh = ZERO;
    account.ballotCount = 0;
    account.save();
  }
  return account;
}

/** An identity, created on first use. */
export function loadIdentity(nullifier: BigInt): VotingIdentity {
  const id = nullifier.toString();
  let identity = VotingIdentity.load(id);
  if (identity == null) {
    identity = new VotingIdentity(id);
    identity.identity = nullifier;
    identity.isOperator = nullifier.lt(FIRST_NULLIFIER);
    if (identity.isOperator) identity.operator = id;
    identity.units = ZERO;
    identity.isSuspended = false;
  }
  return identity;
}

/** A change of an identity that is about to be saved; the caller fills in what belongs to its kind, and saves. */
export function changeOf(identity: VotingIdentity, kind: string, event: ethereum.Event): IdentityChange {
  const change = new IdentityChange(eventId(event));
  change.identity = identity.id;
  change.kind = kind;
  change.account = identity.account;
  change.unitsAfter = identity.units;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  return change;
}

/** Changes the sum of all units, which proposals whose snapshot is not past yet are measured by; saves nothing of `governance`. */
export function changeTotalUnits(governance: Governance, change: BigInt, time: BigInt): void {
  governance.totalUnits = governance.totalUnits.plus(change);
  const pending = governance.pendingProposals;
  const left: string[] = [];
  for (let i = 0; i < pending.length; i++) {
    const proposal = Proposal.load(pending[i])!;
    if (proposal.voteStart.lt(time)) continue;
    measure(proposal, governance.totalUnits);
    proposal.save();
    left.push(proposal.id);
  }
  if (left.length != pending.length) governance.pendingProposals = left;
}

/** Sets what a proposal needs from the sum of all units. */
export function measure(proposal: Proposal, totalUnits: BigInt): void {
  proposal.totalUnits = totalUnits;
  proposal.quorumUnits = partOf(totalUnits, proposal.quorumBp);
  proposal.vetoUnits = partOf(totalUnits, proposal.vetoQuorumBp);
}

/** Basis points of an amount, rounded up. */
export function partOf(amount: BigInt, basisPoints: i32): BigInt {
  const product = amount.times(BigInt.fromI32(basisPoints));
  return product.plus(BASIS_POINTS).minus(BigInt.fromI32(1)).div(BASIS_POINTS);
}
