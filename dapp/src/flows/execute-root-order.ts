import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { rootOrderArgument, type RootOperation, type SignedRootOrder } from "@pqmesh/contracts/protocol/root-order";
import { rootOrderSentence } from "@pqmesh/contracts/protocol/root-order-sentence";
import { formatTime } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

const WARNINGS: Partial<Record<RootOperation, string>> = {
  Lock: "From then on only the root key can unbond, withdraw, exit, change owner or payout address, and unlock. Without it an unlock takes one year.",
  ExitNode: "This cannot be undone: an exited node is never active again, and its index is never reused.",
  ChangeRootKey:
    "The present root key is void at once. Make sure that the new one's secret half exists and is backed up.",
};

const OUTCOMES: Record<RootOperation, string> = {
  Lock: "The operator is quantum-locked. Pending changes and a requested unlock were cancelled.",
  Unlock: "The operator is unlocked: its wallets can do everything again.",
  Unbond: "The unbonding has begun.",
  Withdraw: "The matured stake was paid to the payout address.",
  ExitNode: "The node has exited. Next: order the unbonding of its stake.",
  ProposeOwner: "The new owner can accept after the delay.",
  ProposeBeneficiary: "The new payout address can be completed after the delay.",
  CancelChanges: "Pending changes are cancelled.",
  ChangeRootKey: "The new root key is in force.",
};

/** Sends an order that the root key signed offline. Any wallet can. */
export function executeRootOrderPlan(signed: SignedRootOrder): TransactionPlan {
  const { registry, order, nonce, digest, signature, rootKey } = signed;
  const warning = WARNINGS[order.operation];
  return {
    title: "Send an order of the root key",
    summary: rootOrderSentence(order),
    facts: [
      { label: "Operator", value: String(order.identityId) },
      { label: "Order number", value: String(nonce) },
      { label: "Valid until", value: formatTime(order.deadline) },
      { label: "Root key", value: rootKey },
      { label: "Digest signed", value: digest },
    ],
    ...(warning && { warning }),
    steps: [
      {
        kind: "call",
        label: "Execute the order",
        call: () => ({
          address: registry,
          abi: nodeRegistryAbi,
          functionName: "executeRootOrder",
          args: [rootOrderArgument(order), signature],
        }),
      },
    ],
    outcome: () => OUTCOMES[order.operation],
  };
}
