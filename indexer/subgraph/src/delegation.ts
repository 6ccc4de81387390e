import { BigInt, Bytes, ethereum } from "@graphprotocol/graph-ts";
import {
  CommissionSet,
  Delegated,
  DelegationWithdrawn,
  PoolEmptied,
  PoolGrew,
  PoolRescaled,
  PoolRestored,
  PoolSlashed,
  StakingBound,
  Undelegated,
  UndelegationCancelled,
} from "../generated/NodeDelegation/NodeDelegation";
import {
  CommissionChange,
  DelegatedUnbonding,
  Delegation,
  DelegationChange,
  DelegationPool,
  PoolChange,
} from "../generated/schema";
import { bindStaking } from "./bindings";
import { eventId, loadNetwork } from "./entities";

const ZERO = BigInt.zero();

export function handleDelegated(event: Delegated): void {
  const pool = mustLoadPool(event.params.nodeIndex);
  const delegation = loadDelegation(pool, event.params.delegator);
  addShares(delegation, event.params.shares, event.params.amount);
  delegation.delegated = delegation.delegated.plus(event.params.amount);
  delegation.save();
  setPool(pool, event.params.assetsAfter, event.params.sharesAfter);
  recordChange(delegation, "Delegated", event.params.amount, event.params.shares, event);
}

export function handleUndelegated(event: Undelegated): void {
  const pool = mustLoadPool(event.params.nodeIndex);
  const delegation = loadDelegation(pool, event.params.delegator);
  const sharesBefore = delegation.shares;
  delegation.shares = sharesBefore.minus(event.params.shares);
  delegation.basis = delegation.basis.times(delegation.shares).div(sharesBefore);
  delegation.save();

  const unbonding = new DelegatedUnbonding(unbondingKey(delegation, event.params.unbondingId));
  unbonding.pool = pool.id;
  unbonding.delegation = delegation.id;
  unbonding.delegator = delegation.delegator;
  unbonding.unbondingId = event.params.unbondingId.toI32();
  unbonding.amount = event.params.amount;
  unbonding.shares = event.params.unbondingShares;
  unbonding.maturesAt = event.params.maturesAt;
  unbonding.state = "Pending";
  unbonding.requestedAt = event.block.timestamp;
  unbonding.save();

  moveUnbonding(pool, event.params.amount, event.params.unbondingShares);
  setPool(pool, event.params.assetsAfter, event.params.sharesAfter);
  recordChange(delegation, "Undelegated", event.params.amount, event.params.shares, event);
}

export function handleUndelegationCancelled(event: UndelegationCancelled): void {
  const pool = mustLoadPool(event.params.nodeIndex);
  const delegation = loadDelegation(pool, event.params.delegator);
  endUnbonding(pool, unbondingKey(delegation, event.params.unbondingId), "Cancelled", event.params.amount, event);
  addShares(delegation, event.params.shares, event.params.amount);
  delegation.save();
  setPool(pool, event.params.assetsAfter, event.params.sharesAfter);
  recordChange(delegation, "UndelegationCancelled", event.params.amount, event.params.shares, event);
}

export function handleDelegationWithdrawn(event: DelegationWithdrawn): void {
  const pool = mustLoadPool(event.params.nodeIndex);
  const delegation = loadDelegation(pool, event.params.delegator);
  endUnbonding(pool, unbondingKey(delegation, event.params.unbondingId), "Withdrawn", event.params.amount, event);
  pool.save();
  delegation.withdrawn = delegation.withdrawn.plus(event.params.amount);
  delegation.save();
  recordChange(delegation, "Withdrawn", event.params.amount, ZERO, event);
}

export function handlePoolGrew(event: PoolGrew): void {
  const pool = mustLoadPool(event.params.nodeIndex);
  pool.totalGrown = pool.totalGrown.plus(event.params.amount);
  setPool(pool, event.params.assetsAfter, pool.shares);
  recordPoolChange(pool, "Grew", event.params.amount, ZERO, event);
}

export function handlePoolSlashed(event: PoolSlashed): void {
  const pool = mustLoadPool(event.params.nodeIndex);
  pool.totalSlashed = pool.totalSlashed.plus(event.params.amount).plus(event.params.unbondingAmount);
  moveUnbonding(pool, event.params.unbondingAmount.neg(), ZERO);
  setPool(pool, event.params.assetsAfter, pool.shares);
  recordPoolChange(pool, "Slashed", event.params.amount, event.params.unbondingAmount, event);
}

export function handlePoolRestored(event: PoolRestored): void {
  const pool = mustLoadPool(event.params.nodeIndex);
  pool.totalRestored = pool.totalRestored.plus(event.params.amount).plus(event.params.unbondingAmount);
  moveUnbonding(pool, event.params.unbondingAmount, ZERO);
  setPool(pool, event.params.assetsAfter, pool.shares);
  recordPoolChange(pool, "Restored", event.params.amount, event.params.unbondingAmount, event);
}

/** Follows the slash that took everything: shares of the generation before are worth nothing. */
export function handlePoolEmptied(event: PoolEmptied): void {
  const pool = mustLoadPool(event.params.nodeIndex);
  if (event.params.isUnbonding) {
    pool.unbondingShares = ZERO;
    pool.unbondingGeneration = event.params.generation;
    voidUnbondings(pool);
  } else {
    pool.shares = ZERO;
    pool.generation = event.params.generation;
    voidDelegations(pool);
  }
  pool.save();
  recordPoolChange(pool, event.params.isUnbonding ? "UnbondingEmptied" : "Emptied", ZERO, ZERO, event);
}

/** Follows the slash that left next to nothing: for each generation that passed, 256 shares are one, rounded down. */
export function handlePoolRescaled(event: PoolRescaled): void {
  const pool = mustLoadPool(event.params.nodeIndex);
  if (event.params.isUnbonding) {
    const bits = rescaledBits(pool.unbondingGeneration, event.params.generation);
    pool.unbondingShares = event.params.sharesAfter;
    pool.unbondingGeneration = event.params.generation;
    const unbondings: DelegatedUnbonding[] = pool.unbondings.load();
    for (let i = 0; i < unbondings.length; i++) {
      if (unbondings[i].state != "Pending") continue;
      unbondings[i].shares = unbondings[i].shares.rightShift(bits);
      unbondings[i].save();
    }
  } else {
    const bits = rescaledBits(pool.generation, event.params.generation);
    pool.shares = event.params.sharesAfter;
    pool.generation = event.params.generation;
    const delegations: Delegation[] = pool.delegations.load();
    for (let i = 0; i < delegations.length; i++) {
      delegations[i].shares = delegations[i].shares.rightShift(bits);
      delegations[i].save();
    }
  }
  pool.save();
  recordPoolChange(pool, event.params.isUnbonding ? "UnbondingRescaled" : "Rescaled", ZERO, ZERO, event);
}

/** Bits that shares lose between two generations of a pool that still has assets: 144 at most. */
function rescaledBits(before: i32, after: i32): u8 {
  return u8(8 * (after - before));
}

export function handleCommissionSet(event: CommissionSet): void {
  const pool = mustLoadPool(event.params.nodeIndex);
  const isInForce = event.block.timestamp.ge(pool.commissionFrom);
  if (isInForce) pool.commissionBp = pool.nextCommissionBp;
  pool.nextCommissionBp = event.params.bp;
  pool.commissionFrom = event.params.fromTime;
  if (event.block.timestamp.ge(event.params.fromTime)) pool.commissionBp = event.params.bp;
  pool.save();

  const change = new CommissionChange(eventId(event));
  change.pool = pool.id;
  change.bp = event.params.bp;
  change.fromTime = event.params.fromTime;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  change.save();
}

export function handleDelegationStakingBound(event: StakingBound): void {
  bindStaking(event.params.staking, event);
}

/** The pool of a node; it began with the node's registration. */
function mustLoadPool(nodeIndex: BigInt): DelegationPool {
  return DelegationPool.load(nodeIndex.toString())!;
}

function loadDelegation(pool: DelegationPool, delegator: Bytes): Delegation {
  const id = pool.id + "-" + delegator.toHexString();
  let delegation = Delegation.load(id);
  if (delegation == null) {
    delegation = new Delegation(id);
    delegation.pool = pool.id;
    delegation.delegator = delegator;
    delegation.shares = ZERO;
    delegation.basis = ZERO;
    delegation.delegated = ZERO;
    delegation.withdrawn = ZERO;
  }
  return delegation;
}

function unbondingKey(delegation: Delegation, unbondingId: BigInt): string {
  return delegation.id + "-" + unbondingId.toString();
}

function addShares(delegation: Delegation, shares: BigInt, amount: BigInt): void {
  delegation.shares = delegation.shares.plus(shares);
  delegation.basis = delegation.basis.plus(amount);
}

/** Sets what is in a pool and saves it. */
function setPool(pool: DelegationPool, assets: BigInt, shares: BigInt): void {
  const network = loadNetwork();
  network.totalDelegated = network.totalDelegated.plus(assets).minus(pool.assets);
  network.save();
  pool.assets = assets;
  pool.shares = shares;
  pool.save();
}

/** Changes what is unbonding from a pool; the caller saves the pool. */
function moveUnbonding(pool: DelegationPool, assets: BigInt, shares: BigInt): void {
  pool.unbondingAssets = pool.unbondingAssets.plus(assets);
  pool.unbondingShares = pool.unbondingShares.plus(shares);
  const network = loadNetwork();
  network.totalUndelegating = network.totalUndelegating.plus(assets);
  network.save();
}

function endUnbonding(pool: DelegationPool, id: string, state: string, paid: BigInt, event: ethereum.Event): void {
  const unbonding = DelegatedUnbonding.load(id)!;
  moveUnbonding(pool, paid.neg(), unbonding.shares.neg());
  unbonding.state = state;
  unbonding.paid = paid;
  unbonding.endedAt = event.block.timestamp;
  unbonding.save();
}

function voidDelegations(pool: DelegationPool): void {
  const delegations: Delegation[] = pool.delegations.load();
  for (let i = 0; i < delegations.length; i++) {
    delegations[i].shares = ZERO;
    delegations[i].basis = ZERO;
    delegations[i].save();
  }
}

function voidUnbondings(pool: DelegationPool): void {
  const unbondings: DelegatedUnbonding[] = pool.unbondings.load();
  for (let i = 0; i < unbondings.length; i++) {
    if (unbondings[i].state != "Pending") continue;
    unbondings[i].shares = ZERO;
    unbondings[i].save();
  }
}

function recordChange(
  delegation: Delegation,
  kind: string,
  amount: BigInt,
  shares: BigInt,
  event: ethereum.Event,
): void {
  const change = new DelegationChange(eventId(event));
  change.delegation = delegation.id;
  change.delegator = delegation.delegator;
  change.kind = kind;
  change.amount = amount;
  change.shares = shares;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  change.save();
}

function recordPoolChange(
  pool: DelegationPool,
  kind: string,
  amount: BigInt,
  unbondingAmount: BigInt,
  event: ethereum.Event,
): void {
  const change = new PoolChange(eventId(event));
  change.pool = pool.id;
  change.kind = kind;
  change.amount = amount;
  change.unbondingAmount = unbondingAmount;
  change.assetsAfter = pool.assets;
  change.unbondingAfter = pool.unbondingAssets;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  change.save();
}
