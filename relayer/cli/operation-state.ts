import type { GovernanceCall } from "@pqmesh/contracts/protocol/inner-calls";
import { OPERATION_KINDS } from "@pqmesh/contracts/protocol/privileges";
import { timelockSalt } from "@pqmesh/contracts/protocol/timelock-salt";
import { governorArguments } from "@pqmesh/contracts/protocol/proposal-id";
import { type Address, type Hex, keccak256, size, slice, stringToHex, toFunctionSelector, zeroHash } from "viem";
import { findEvents } from "./chain-history.ts";
import type { Session } from "./chain-session.ts";
import { contractOf } from "./contracts.ts";
import { momentText, timeFigure } from "./figures.ts";
import { CliError } from "./output.ts";
import type { MadeProposal } from "./proposal-state.ts";

/** An operation of the timelock: calls that it makes together, or not at all. Times are Unix seconds. */
export interface Operation {
  operationId: Hex;
  calls: GovernanceCall[];
  /** What each call is by the timelock's table; what is not in it is critical. */
  privileges: { kind: (typeof OPERATION_KINDS)[number]; isCritical: boolean }[];
  isApproved: boolean;
  /** When it can be executed; 0 when it is not scheduled, 1 when it was executed. */
  readyAt: bigint;
  /** When it can be executed without approval, because it only replaces approvers; 0 when that is never or not known yet. */
  unapprovedFrom: bigint;
}

/** What tells whether the timelock waits for its approver. */
export type Approval = "not needed" | "given" | "waiting";

interface CallScheduled {
  id: Hex;
  index: bigint;
  target: Address;
  value: bigint;
  data: Hex;
}

/** Roles and calls that replace an approver, as the timelock knows them. */
const APPROVER_ROLE = keccak256(stringToHex("APPROVER_ROLE"));
const REPLACING = ["grantRole", "revokeRole"].map((name) => toFunctionSelector(`${name}(bytes32,address)`));

/** Reads what an operation needs. */
export async function readOperation(session: Session, operationId: Hex, calls: GovernanceCall[]): Promise<Operation> {
  const timelock = contractOf(session, "MeshTimelock");
  const read = { ...timelock, args: [operationId] } as const;
  const [privileges, isApproved, readyAt, replacementDelay] = await Promise.all([
    Promise.all(calls.map((call) => readPrivilege(session, call))),
    session.client.readContract({ ...read, functionName: "isApproved" }),
    session.client.readContract({ ...read, functionName: "getTimestamp" }),
    session.client.readContract({ ...timelock, functionName: "replacementDelay" }),
  ]);
  const isReplacement = calls.every((call) => replacesApprover(call, timelock.address));
  const unapprovedFrom = isReplacement && readyAt > 1n ? readyAt + replacementDelay : 0n;
  return { operationId, calls, privileges, isApproved, readyAt, unapprovedFrom };
}

async function readPrivilege(session: Session, { target, data }: GovernanceCall): Promise<Operation["privileges"][0]> {
  if (size(data) < 4) return { kind: "Unlisted", isCritical: true };
  const request = { functionName: "privilegeOf", args: [target, slice(data, 0, 4)] } as const;
  const [kind, isCritical] = await session.client.readContract({ ...contractOf(session, "MeshTimelock"), ...request });
  return { kind: OPERATION_KINDS[kind] ?? "Unlisted", isCritical };
}

function replacesApprover({ target, data }: GovernanceCall, timelock: Address): boolean {
  if (target.toLowerCase() !== timelock.toLowerCase() || size(data) < 36) return false;
  return REPLACING.includes(slice(data, 0, 4)) && slice(data, 4, 36) === APPROVER_ROLE;
}

/** The operation of a proposal, queued or not. */
export async function operationOf(session: Session, made: MadeProposal): Promise<Operation> {
  const governor = contractOf(session, "MeshGovernor").address;
  const [targets, values, payloads, description] = governorArguments(made);
  const batch = [targets, values, payloads, zeroHash, timelockSalt(governor, description)] as const;
  const request = { functionName: "hashOperationBatch", args: batch } as const;
  const operationId = await session.client.readContract({ ...contractOf(session, "MeshTimelock"), ...request });
  return readOperation(session, operationId, made.calls);
}

/** An operation that was scheduled, by its id. @throws CliError when there is none. */
export async function scheduledOperation(session: Session, operationId: Hex): Promise<Operation> {
  const args = { id: operationId };
  const events = await findEvents<CallScheduled>(session, {
    contract: "MeshTimelock",
    eventName: "CallScheduled",
    args,
  });
  const calls = new Map(events.map(({ index, target, value, data }) => [index, { target, value, data }]));
  if (calls.size === 0) throw new CliError(`the timelock has scheduled no operation ${operationId}`);
  return readOperation(session, operationId, [...calls.values()]);
}

/** Operations that are scheduled and not executed yet, oldest first. */
export async function pendingOperations(session: Session): Promise<Operation[]> {
  const events = await findEvents<CallScheduled>(session, { contract: "MeshTimelock", eventName: "CallScheduled" });
  const byId = Map.groupBy(events, ({ id }) => id);
  const operations = await Promise.all(
    [...byId].map(([id, calls]) => {
      const known = new Map(calls.map(({ index, target, value, data }) => [index, { target, value, data }]));
      return readOperation(session, id, [...known.values()]);
    }),
  );
  return operations.filter(({ readyAt }) => readyAt > 1n);
}

/** Whether an operation waits for the approver. @param now Time of the chain. */
export function approvalOf({ privileges, isApproved, readyAt, unapprovedFrom }: Operation, now: bigint): Approval {
  if (readyAt === 1n || !privileges.some(({ isCritical }) => isCritical)) return "not needed";
  if (isApproved) return "given";
  return unapprovedFrom > 0n && unapprovedFrom <= now ? "not needed" : "waiting";
}

/** Why an operation needs approval, and whether it has it, in one sentence. */
export function approvalText(operation: Operation, now: bigint): string {
  const { privileges, isApproved, readyAt, unapprovedFrom } = operation;
  if (readyAt === 1n) return "was executed";
  const critical = privileges.flatMap(({ kind, isCritical }, i) => {
    return isCritical
      ? [`call ${i + 1} is critical (${kind === "Unlisted" ? "not in the timelock's table" : kind})`]
      : [];
  });
  if (critical.length === 0) return "needs no approval: no call is critical";
  if (isApproved) return `is approved; ${critical.join(", ")}`;
  const otherwise = unapprovedFrom > 0n ? `; from ${momentText(unapprovedFrom, now)} on it needs none` : "";
  return `needs the approver (proposal approve), because ${critical.join(", ")}${otherwise}`;
}

/** An operation for `--json`. */
export function approvalFigures(operation: Operation, now: bigint) {
  const { operationId, privileges, readyAt, unapprovedFrom } = operation;
  return {
    ...{ operationId, calls: operation.calls, privileges, approval: approvalOf(operation, now) },
    readyAt: readyAt > 1n ? timeFigure(readyAt, now) : null,
    unapprovedFrom: unapprovedFrom > 0n ? timeFigure(unapprovedFrom, now) : null,
  };
}
