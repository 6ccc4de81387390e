import { BigInt, ethereum } from "@graphprotocol/graph-ts";
import {
  AttestationKeyRotated,
  BeneficiaryChanged,
  BeneficiaryChangeProposed,
  CertificatesBound,
  NodeActivated,
  NodeBarred,
  NodeDeactivated,
  NodeExitRequested,
  NodeRegistered,
  NodeUnbarred,
  OperatorRegistered,
  OperatorWalletSet,
  OwnerChanged,
  OwnerChangeProposed,
  PendingChangesCancelled,
  QuantumLockSet,
  RootKeyChanged,
  RootOrderExecuted,
  StakingBound,
  UnlockRequested,
} from "../generated/NodeRegistry/NodeRegistry";
import {
  ActiveInterval,
  AttestationKey,
  DelegationPool,
  Node,
  Operator,
  QuantumLock,
  QuantumLockChange,
  RootKeyChange,
  RootOrder,
} from "../generated/schema";
import { eventId, loadNetwork, loadShard, mustLoadNode, mustLoadOperator, SHARD_SIZE } from "./entities";
import { FULL_BP } from "../../../contracts/protocol/trust-score";

export function handleOperatorRegistered(event: OperatorRegistered): void {
  const operator = new Operator(event.params.identityId.toString());
  operator.identityId = event.params.identityId.toI32();
  operator.owner = event.params.owner;
  operator.operatorWallet = event.params.operatorWallet;
  operator.beneficiary = event.params.beneficiary;
  operator.rootKey = event.params.rootKey;
  operator.stake = BigInt.zero();
  operator.nodeCount = 0;
  operator.registeredAt = event.block.timestamp;
  operator.quantumLock = operator.id;
  operator.save();

  const lock = new QuantumLock(operator.id);
  lock.operator = operator.id;
  lock.locked = false;
  lock.nonce = 0;
  lock.save();

  const network = loadNetwork();
  network.operatorCount += 1;
  network.save();
}

export function handleOperatorWalletSet(event: OperatorWalletSet): void {
  const operator = mustLoadOperator(event.params.identityId);
  operator.operatorWallet = event.params.operatorWallet;
  operator.save();
}

export function handleOwnerChangeProposed(event: OwnerChangeProposed): void {
  const operator = mustLoadOperator(event.params.identityId);
  operator.pendingOwner = event.params.newOwner;
  operator.pendingOwnerReadyAt = event.params.readyAt;
  operator.save();
}

export function handleOwnerChanged(event: OwnerChanged): void {
  const operator = mustLoadOperator(event.params.identityId);
  operator.owner = event.params.newOwner;
  operator.pendingOwner = null;
  operator.pendingOwnerReadyAt = null;
  operator.save();
}

export function handleBeneficiaryChangeProposed(event: BeneficiaryChangeProposed): void {
  const operator = mustLoadOperator(event.params.identityId);
  operator.pendingBeneficiary = event.params.newBeneficiary;
  operator.pendingBeneficiaryReadyAt = event.params.readyAt;
  operator.save();
}

export function handleBeneficiaryChanged(event: BeneficiaryChanged): void {
  const operator = mustLoadOperator(event.params.identityId);
  operator.beneficiary = event.params.newBeneficiary;
  operator.pendingBeneficiary = null;
  operator.pendingBeneficiaryReadyAt = null;
  operator.save();
}

export function handlePendingChangesCancelled(event: PendingChangesCancelled): void {
  const operator = mustLoadOperator(event.params.identityId);
  operator.pendingOwner = null;
  operator.pendingOwnerReadyAt = null;
  operator.pendingBeneficiary = null;
  operator.pendingBeneficiaryReadyAt = null;
  operator.save();
}

export function handleNodeRegistered(event: NodeRegistered): void {
  const nodeIndex = event.params.nodeIndex.toI32();
  const shard = loadShard(nodeIndex / SHARD_SIZE);
  shard.nodeCount += 1;
  shard.save();

  const node = new Node(nodeIndex.toString());
  node.nodeIndex = nodeIndex;
  node.shard = shard.shard;
  node.operator = event.params.identityId.toString();
  node.keyHash = event.params.keyHash;
  node.rotations = 0;
  node.metadata = event.params.metadata;
  node.stake = BigInt.zero();
  node.unbonding = BigInt.zero();
  node.weight = BigInt.zero();
  node.isBarred = false;
  node.slashCount = 0;
  node.breachedWords = 0;
  node.pool = openPool(node).id;
  node.rewardsToOperator = BigInt.zero();
  node.rewardsToPool = BigInt.zero();
  node.rewardsReturned = BigInt.zero();
  node.exited = false;
  node.registeredAt = event.block.timestamp;
  node.attestedCount = BigInt.zero();
  node.absentCount = BigInt.zero();
  node.degradedCount = BigInt.zero();
  node.lastQuality = 0;
  node.attestedRatio = 0;
  node.behaviourRatio = 0;
  node.auditBp = FULL_BP;
  node.trustScore = 0;
  node.save();

  const key = new AttestationKey(node.id + "-0");
  key.node = node.id;
  key.keyHash = event.params.keyHash;
  key.publicKey = event.params.attestationKey;
  key.fromEpoch = BigInt.zero();
  key.timestamp = event.block.timestamp;
  key.transaction = event.transaction.hash;
  key.save();

  const operator = mustLoadOperator(event.params.identityId);
  operator.nodeCount += 1;
  operator.save();
  const network = loadNetwork();
  network.nodeCount += 1;
  network.save();
}

export function handleNodeActivated(event: NodeActivated): void {
  const node = mustLoadNode(event.params.nodeIndex);
  node.activeFrom = event.params.fromEpoch;
  node.activeUntil = null;
  node.save();

  const interval = new ActiveInterval(node.id + "-" + event.params.fromEpoch.toString());
  interval.node = node.id;
  interval.fromEpoch = event.params.fromEpoch;
  // An interval that was closed before it began can open again with the same first epoch.
  interval.untilEpoch = null;
  interval.save();
}

export function handleNodeDeactivated(event: NodeDeactivated): void {
  endInterval(mustLoadNode(event.params.nodeIndex), event.params.untilEpoch);
}

/** Ends the newest active interval of a node. */
function endInterval(node: Node, untilEpoch: BigInt): void {
  const from = node.activeFrom;
  node.activeUntil = untilEpoch;
  node.save();
  if (from === null) return;

  const interval = ActiveInterval.load(node.id + "-" + from.toString());
  if (interval == null) return;
  interval.untilEpoch = untilEpoch;
  interval.save();
}

export function handleNodeExitRequested(event: NodeExitRequested): void {
  const node = mustLoadNode(event.params.nodeIndex);
  node.exited = true;
  node.save();
}

export function handleAttestationKeyRotated(event: AttestationKeyRotated): void {
  const node = mustLoadNode(event.params.nodeIndex);
  node.keyHash = event.params.newKeyHash;
  node.rotations += 1;
  node.save();

  const key = new AttestationKey(node.id + "-" + event.params.fromEpoch.toString());
  key.node = node.id;
  key.keyHash = event.params.newKeyHash;
  key.publicKey = event.params.attestationKey;
  key.previousKeyHash = event.params.previousKeyHash;
  key.fromEpoch = event.params.fromEpoch;
  key.timestamp = event.block.timestamp;
  key.transaction = event.transaction.hash;
  key.save();
}

export function handleRootOrderExecuted(event: RootOrderExecuted): void {
  const lock = mustLoadLock(event.params.identityId);
  const nonce = event.params.nonce.toI32();
  lock.nonce = nonce + 1;
  lock.save();

  const order = new RootOrder(lock.id + "-" + nonce.toString());
  order.lock = lock.id;
  order.nonce = nonce;
  order.operation = operationName(event.params.operation);
  order.timestamp = event.block.timestamp;
  order.transaction = event.transaction.hash;
  order.save();
}

export function handleQuantumLockSet(event: QuantumLockSet): void {
  const lock = mustLoadLock(event.params.identityId);
  lock.locked = event.params.locked;
  lock.unlockRequestedAt = null;
  lock.unlockAt = null;
  lock.save();
  newLockChange(lock, event.params.locked ? "Locked" : "Unlocked", event).save();
}

export function handleUnlockRequested(event: UnlockRequested): void {
  const lock = mustLoadLock(event.params.identityId);
  lock.unlockRequestedAt = event.block.timestamp;
  lock.unlockAt = event.params.unlockAt;
  lock.save();
  const change = newLockChange(lock, "UnlockRequested", event);
  change.unlockAt = event.params.unlockAt;
  change.save();
}

export function handleRootKeyChanged(event: RootKeyChanged): void {
  const operator = mustLoadOperator(event.params.identityId);
  operator.rootKey = event.params.newRootKey;
  operator.save();

  const change = new RootKeyChange(eventId(event));
  change.operator = operator.id;
  change.previousRootKey = event.params.previousRootKey;
  change.newRootKey = event.params.newRootKey;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  change.save();
}

export function handleRegistryStakingBound(event: StakingBound): void {
  const network = loadNetwork();
  network.stakingContract = event.params.staking;
  network.save();
}

export function handleCertificatesBound(event: CertificatesBound): void {
  const network = loadNetwork();
  network.certificateRegistry = event.params.certificates;
  network.save();
}

export function handleNodeBarred(event: NodeBarred): void {
  const node = mustLoadNode(event.params.nodeIndex);
  node.certificateBarFrom = event.params.untilEpoch;
  if (node.activeFrom !== null && node.activeUntil === null) endInterval(node, event.params.untilEpoch);
  else node.save();
}

export function handleNodeUnbarred(event: NodeUnbarred): void {
  const node = mustLoadNode(event.params.nodeIndex);
  node.certificateBarFrom = null;
  node.save();
}

function newLockChange(lock: QuantumLock, kind: string, event: ethereum.Event): QuantumLockChange {
  const change = new QuantumLockChange(eventId(event));
  change.lock = lock.id;
  change.kind = kind;
  change.timestamp = event.block.timestamp;
  change.transaction = event.transaction.hash;
  return change;
}

function mustLoadLock(identityId: BigInt): QuantumLock {
  return QuantumLock.load(identityId.toString())!;
}

/** Name of INodeRegistry.RootOperation by number. */
function operationName(operation: i32): string {
  const wallets = ["ProposeOwner", "ProposeBeneficiary", "CancelChanges", "ChangeRootKey"];
  const names = ["Lock", "Unlock", "Unbond", "Withdraw", "ExitNode"].concat(wallets);
  return names[operation];
}

/** The delegation pool of a new node. */
function openPool(node: Node): DelegationPool {
  const pool = new DelegationPool(node.id);
  pool.node = node.id;
  pool.assets = BigInt.zero();
  pool.shares = BigInt.zero();
  pool.generation = 0;
  pool.unbondingAssets = BigInt.zero();
  pool.unbondingShares = BigInt.zero();
  pool.unbondingGeneration = 0;
  pool.commissionBp = 0;
  pool.nextCommissionBp = 0;
  pool.commissionFrom = BigInt.zero();
  pool.totalGrown = BigInt.zero();
  pool.totalSlashed = BigInt.zero();
  pool.totalRestored = BigInt.zero();
  pool.save();
  return pool;
}
