import { nodeRegistryAbi } from "@pqmesh/contracts/generated/node-registry-abi";
import { type Address, parseEventLogs } from "viem";
import { formatTime } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

/** How long an owner without the root key waits, seconds; see OperatorIdentities.UNLOCK_DELAY. */
const UNLOCK_DELAY = 365 * 86_400;

/** Asks for an unlock without the root key, possible after one year. */
export function requestUnlockPlan(registry: Address, identityId: number, now: number): TransactionPlan {
  const when = formatTime(now + UNLOCK_DELAY);
  return {
    title: "Request an unlock without the root key",
    summary: `Operator ${identityId} can be unlocked by its owner wallet from about ${when} on, one year from now.`,
    facts: [
      { label: "Operator", value: String(identityId) },
      { label: "Possible from", value: when },
    ],
    warning: "Until then everything stays locked, and the root key can cancel the request by locking again.",
    steps: [
      {
        kind: "call",
        label: "Request unlock",
        call: () => ({ address: registry, abi: nodeRegistryAbi, functionName: "requestUnlock", args: [identityId] }),
      },
    ],
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: nodeRegistryAbi, eventName: "UnlockRequested", logs: receipt.logs });
      return `The owner wallet can unlock from ${log ? formatTime(log.args.unlockAt) : when} on.`;
    },
  };
}

/** Completes an unlock that was asked for a year ago. */
export function completeUnlockPlan(registry: Address, identityId: number): TransactionPlan {
  return {
    title: "Unlock without the root key",
    summary: `Operator ${identityId} is unlocked: its wallets can unbond, withdraw, exit and change owner again.`,
    facts: [{ label: "Operator", value: String(identityId) }],
    steps: [
      {
        kind: "call",
        label: "Unlock",
        call: () => ({ address: registry, abi: nodeRegistryAbi, functionName: "completeUnlock", args: [identityId] }),
      },
    ],
    outcome: () => `Operator ${identityId} is unlocked.`,
  };
}
