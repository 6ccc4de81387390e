import { BigInt, ethereum } from "@graphprotocol/graph-ts";
import {
  Staked,
  StakeRestored,
  StakeSlashed,
  UnbondCancelled,
  UnbondingsHeld,
  UnbondingSlashed,
  UnbondRequested,
  Withdrawn,
} from "../generated/NodeStaking/NodeStaking";
import { Node, Operator, StakeChange, Unbonding } from "../generated/schema";
import { eventId, loadNetwork, mustLoadNode } from "./entities";

export function handleStaked(event: Staked): void {
  const node = mustLoadNode(event.params.nodeIndex);
  moveStake(node, event.params.amount, BigInt.zero());
  recordChange(node, "Staked", event.params.amount, event);
}

export function handleUnbondRequested(event: UnbondRequested): void {
  const node = mustLoadNode(event.params.nodeIndex);
  const unbonding = new Unbonding(node.id + "-" + event.params.unbondingId.toString());
  unbonding.node = node.id;
  unbonding.unbondingId = event.params.unbondingId.toI32();
  unbonding.amount = event.params.amount;
  unbonding.maturesAt = event.params.maturesAt;
  unbonding.state = "Pending";
  unbonding.requestedAt = event.block.timestamp;
  unbonding.save();
  moveStake(node, event.params.amount.neg(), event.params.amount);
  recordChange(node, "UnbondRequested", event.params.amount, event);
}

export function handleUnbondCancelled(event: UnbondCancelled): void {
  const node = mustLoadNode(event.params.nodeIndex);
  endUnbonding(node, event.params.unbondingId, "Cancelled", event);
  moveStake(node, event.params.amount, event.params.amount.neg());
  recordChange(node, "UnbondCancelled", event.params.amount, event);
}

export function handleStakingWithdrawn(event: Withdrawn): void {
  const node = mustLoadNode(event.params.nodeIndex);
  endUnbonding(node, event.params.unbondingId, "Withdrawn", event);
  moveStake(node, BigInt.zero(), event.params.amount.neg());
  recordChange(node, "Withdrawn", event.params.amount, event);
}

export function handleStakeSlashed(event: StakeSlashed): void {
  const node = mustLoadNode(event.params.nodeIndex);
  moveStake(node, event.params.amount.neg(), BigInt.zero());
  recordChange(node, "Slashed", event.params.amount, event);
}

export function handleUnbondingSlashed(event: UnbondingSlashed): void {
  const node = mustLoadNode(event.params.nodeIndex);
  const unbonding = Unbonding.load(node.id + "-" + event.params.unbondingId.toString())!;
  unbonding.amount = event.params.amountAfter;
  if (unbonding.amount.isZero()) {
    unbonding.state = "Slashed";
    unbonding.endedAt = event.block.timestamp;
  }
  unbonding.save();
  moveStake(node, BigInt.zero(), event.params.amount.neg());
  recordChange(node, "UnbondingSlashed", event.params.amount, event);
}

export function handleStakeRestored(event: StakeRestored): void {
  const node = mustLoadNode(event.params.nodeIndex);
  moveStake(node, event.params.amount, BigInt.zero());
  recordChange(node, "Restored", event.params.amount, event);
}

export function handleUnbondingsHeld(event: UnbondingsHeld): void {
  const node = mustLoadNode(event.params.nodeIndex);
  node.unbondingsHeldUntil = event.params.until;
  node.save();
}

function endUnbonding(node: Node, unbondingId: BigInt, state: string, event: ethereum.Event): void {
  const unbonding = Unbonding.load(node.id + "-" + unbondingId.toString())!;
  unbonding.state = state;
  unbonding.endedAt = event.block.timestamp;
  unbonding.save();
}

function moveStake(node: Node, bonded: BigInt, unbonding: BigInt): void {
  node.stake = node.stake.plus(bonded);
  node.unbonding = node.unbonding.plus(unbonding);
  node.save();
  const operator = Operator.load(node.operator)!;
  operator.stake = operator.stake.plus(bonded);
  operator.save();
  const network = loadNetwork();
  network.totalStaked = network.totalStaked.plus(bonded);
  network.totalUnbonding = network.totalUnbonding.plus(unbonding);
  network.save();
}

function recordChange(node: Node, kind: string, amount: BigInt, event: ethereum.Event): void {
  const change = new StakeChange(eventId(event));
  change.node = node.id;
  change.kind = kind;
  change.amount = amount;
  change.stakeAfter = node.stake;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  change.save();
}
