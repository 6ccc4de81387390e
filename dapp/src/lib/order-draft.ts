import { type RootOperation, type RootOrder, rootOrder } from "@pqmesh/contracts/protocol/root-order";
import { type Address, isAddress, maxUint256, zeroAddress } from "viem";
import { readMeshAmount } from "./mesh-amount.ts";
import type { OperatorAccount } from "./operator-view.ts";
import { readRootKey } from "./root-key.ts";

/** An order as somebody fills it in. */
export interface OrderDraft {
  operation: RootOperation;
  nodeIndex: number | undefined;
  /** Amount of MESH as text; empty means all that is possible. */
  amount: string;
  /** Address as text, of a new owner or beneficiary. */
  recipient: string;
  /** New root key as text. */
  newRootKey: string;
  /** Days for which the signature is valid. */
  days: number;
}

/** An order that somebody asked for elsewhere on the page. */
export interface OrderWish {
  operation: RootOperation;
  nodeIndex: number;
  /** Number of the next order when it was asked for; the wish is forgotten once that is executed. */
  nonce: number;
  /** Grows with each wish. */
  serial: number;
}

/** What an order is made from besides the draft. */
export interface OrderGround {
  operator: OperatorAccount;
  /** Chain time, Unix seconds. */
  now: number;
}

/** A complete order, or the sentence that says what is missing. */
export type DraftReading = { order: RootOrder } | { problem: string };

const DAY = 86_400;

/** Makes an order out of a draft. */
export function readOrderDraft(draft: OrderDraft, { operator, now }: OrderGround): DraftReading {
  const { operation } = draft;
  const base = { identityId: operator.identityId, deadline: BigInt(Math.floor(now) + draft.days * DAY) };
  switch (operation) {
    case "Lock":
    case "Unlock":
    case "CancelChanges":
      return { order: rootOrder(operation, base) };
    case "ProposeOwner":
    case "ProposeBeneficiary": {
      const recipient = draft.recipient.trim();
      if (!isAddress(recipient) || recipient === zeroAddress)
        return { problem: "Enter an address; its checksum must be right." };
      return { order: rootOrder(operation, { ...base, recipient: recipient.toLowerCase() as Address }) };
    }
    case "ChangeRootKey": {
      const reading = readRootKey(draft.newRootKey);
      if ("problem" in reading) return reading;
      if (reading.rootKey === operator.rootKey.toLowerCase()) return { problem: "This root key is already in force." };
      return { order: rootOrder(operation, { ...base, newRootKey: reading.rootKey }) };
    }
    case "Unbond":
    case "Withdraw":
    case "ExitNode":
      return readNodeDraft(draft, { operator, now }, base);
  }
}

/** MESH wei of a node that have matured. */
export function maturedAmount(node: OperatorAccount["nodes"][number], now: number): bigint {
  return node.unbondings.filter((one) => one.maturesAt <= now).reduce((sum, { amount }) => sum + amount, 0n);
}

function readNodeDraft(
  { operation, nodeIndex, amount }: OrderDraft,
  { operator, now }: OrderGround,
  base: Pick<RootOrder, "identityId" | "deadline">,
): DraftReading {
  const node = operator.nodes.find((own) => own.nodeIndex === nodeIndex);
  if (!node) return { problem: "Choose a node." };
  const fields = { ...base, nodeIndex: node.nodeIndex };
  if (operation === "ExitNode") return { order: rootOrder(operation, fields) };
  const most = operation === "Unbond" ? node.stake : maturedAmount(node, now);
  const recipient = operator.beneficiary.toLowerCase() as Address;
  if (amount.trim() === "") {
    if (most === 0n) return { problem: nothingWords(operation) };
    if (operation === "Unbond") return { order: rootOrder(operation, { ...fields, amount: maxUint256 }) };
    return { order: rootOrder(operation, { ...fields, recipient, amount: most }) };
  }
  const reading = readMeshAmount(amount);
  if ("problem" in reading) return reading;
  if (operation === "Unbond" && reading.wei > most) return { problem: "The node has less bonded than this." };
  const order = { ...fields, amount: reading.wei };
  return { order: rootOrder(operation, operation === "Unbond" ? order : { ...order, recipient }) };
}

function nothingWords(operation: RootOperation): string {
  return operation === "Unbond"
    ? "Nothing is bonded for this node."
    : "Nothing of this node has matured yet; enter the amount that will have when the order is sent.";
}
