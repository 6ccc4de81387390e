import { Address, BigInt, Bytes, ethereum } from "@graphprotocol/graph-ts";
import {
  CallExecuted,
  CallSalt,
  CallScheduled,
  Cancelled,
  MinDelayChange,
  OperationApproved,
  PrivilegeSet,
  RoleGranted,
  RoleRevoked,
} from "../generated/MeshTimelock/MeshTimelock";
import {
  OperationApproval,
  ParameterChange,
  Privilege,
  Proposal,
  TimelockCall,
  TimelockOperation,
  TimelockRole,
} from "../generated/schema";
import { eventId, zeroBytes } from "./entities";
import { loadGovernance } from "./governance";
import { endCancelled, endExecuted } from "./proposals";

const OPERATION_KINDS = ["Unlisted", "AuthorizationOp", "ExecutionOp", "RollbackOp", "GovernanceOp"];

/** Roles by the hash of their name. */
const ADMIN_ROLE = "0x0000000000000000000000000000000000000000000000000000000000000000";
const PROPOSER_ROLE = "0xb09aa5aeb3702cfd50b6b62bc4532604938f21248a27a1d5ca736082b6819cc1";
const EXECUTOR_ROLE = "0xd8aa0f3194971a2a116679f7c2090f6939c8d4e01a2a8d7e41d55e5351469e63";
const CANCELLER_ROLE = "0xfd643c72710c63c0180259aba6b2d05451e3591a24e58b62239378085726f783";
const APPROVER_ROLE = "0x408a36151f841709116a4e8aca4e0202874f7f54687dcb863b1ea4672dc9d8cf";

export function handleCallScheduled(event: CallScheduled): void {
  const operation = event.params.index.isZero() ? beginOperation(event) : mustLoadOperation(event.params.id);
  const call = new TimelockCall(operation.id + "-" + event.params.index.toString());
  call.operation = operation.id;
  call.index = event.params.index.toI32();
  call.target = event.params.target;
  call.value = event.params.value;
  call.calldata = event.params.data;
  const privilege = privilegeOf(event.params.target, event.params.data);
  call.kind = privilege == null ? "Unlisted" : privilege.kind;
  call.isCritical = privilege == null || privilege.isCritical;
  call.save();
  operation.isCritical = operation.isCritical || call.isCritical;
  operation.save();
}

export function handleCallSalt(event: CallSalt): void {
  const operation = TimelockOperation.load(event.params.id.toHexString());
  if (operation == null) return;
  operation.salt = event.params.salt;
  operation.save();
}

export function handleOperationApproved(event: OperationApproved): void {
  const operation = TimelockOperation.load(event.params.id.toHexString());
  if (operation == null) return;
  operation.approvedAt = event.block.timestamp;
  operation.save();
  const approval = new OperationApproval(eventId(event));
  approval.operation = operation.id;
  approval.approver = event.params.approver;
  approval.timestamp = event.block.timestamp;
  approval.transaction = event.transaction.hash;
  approval.save();
}

export function handleCallExecuted(event: CallExecuted): void {
  const operation = mustLoadOperation(event.params.id);
  operation.executedAt = event.block.timestamp;
  operation.executedTransaction = event.transaction.hash;
  operation.save();
  claimParameterChanges(operation, event);
  const proposal = operation.proposal;
  if (proposal !== null) endExecuted(Proposal.load(proposal)!, event);
}

export function handleCancelled(event: Cancelled): void {
  const operation = TimelockOperation.load(event.params.id.toHexString());
  if (operation == null) return;
  operation.cancelledAt = event.block.timestamp;
  operation.cancelledTransaction = event.transaction.hash;
  operation.approvedAt = null;
  operation.save();
  const proposal = operation.proposal;
  if (proposal !== null) endCancelled(Proposal.load(proposal)!, event);
}

export function handleMinDelayChange(event: MinDelayChange): void {
  const governance = loadGovernance();
  governance.timelockDelay = event.params.newDuration;
  governance.save();
}

export function handlePrivilegeSet(event: PrivilegeSet): void {
  const privilege = new Privilege(privilegeKey(event.params.target, event.params.selector));
  privilege.target = event.params.target;
  privilege.selector = event.params.selector;
  privilege.kind = OPERATION_KINDS[event.params.kind];
  privilege.isCritical = event.params.isCritical;
  privilege.save();
}

export function handleRoleGranted(event: RoleGranted): void {
  setRole(event.params.role, event.params.account, true, event);
}

export function handleRoleRevoked(event: RoleRevoked): void {
  setRole(event.params.role, event.params.account, false, event);
}

/** An operation as it is scheduled, for the first time or after it was cancelled. */
function beginOperation(event: CallScheduled): TimelockOperation {
  const id = event.params.id.toHexString();
  let operation = TimelockOperation.load(id);
  if (operation == null) operation = new TimelockOperation(id);
  operation.predecessor = event.params.predecessor;
  operation.salt = zeroBytes(32);
  operation.scheduledAt = event.block.timestamp;
  operation.scheduledTransaction = event.transaction.hash;
  operation.readyAt = event.block.timestamp.plus(event.params.delay);
  operation.isCritical = false;
  operation.cancelledAt = null;
  operation.cancelledTransaction = null;
  const governance = loadGovernance();
  governance.newestOperation = id;
  governance.save();
  return operation;
}

function mustLoadOperation(id: Bytes): TimelockOperation {
  return TimelockOperation.load(id.toHexString())!;
}

/** Changes of governed numbers that a call made: the events right before the one that says that it was executed. */
function claimParameterChanges(operation: TimelockOperation, event: CallExecuted): void {
  const transaction = event.transaction.hash.toHexString();
  for (let i = event.logIndex.toI32() - 1; i >= 0; i--) {
    const change = ParameterChange.load(transaction + "-" + i.toString());
    if (change == null) return;
    change.operation = operation.id;
    change.save();
  }
}

function privilegeOf(target: Address, data: Bytes): Privilege | null {
  if (data.length < 4) return null;
  return Privilege.load(privilegeKey(target, Bytes.fromUint8Array(data.subarray(0, 4))));
}

function privilegeKey(target: Address, selector: Bytes): string {
  return target.toHexString() + "-" + selector.toHexString();
}

function setRole(role: Bytes, account: Address, isHeld: boolean, event: ethereum.Event): void {
  const entity = new TimelockRole(role.toHexString() + "-" + account.toHexString());
  entity.role = role;
  entity.name = roleName(role.toHexString());
  entity.account = account;
  entity.isHeld = isHeld;
  entity.changedAt = event.block.timestamp;
  entity.save();
}

function roleName(role: string): string | null {
  if (role == ADMIN_ROLE) return "Admin";
  if (role == PROPOSER_ROLE) return "Proposer";
  if (role == EXECUTOR_ROLE) return "Executor";
  if (role == CANCELLER_ROLE) return "Canceller";
  return role == APPROVER_ROLE ? "Approver" : null;
}
