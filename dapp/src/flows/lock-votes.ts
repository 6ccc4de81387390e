import { quadraticVotesAbi } from "@pqmesh/contracts/generated/quadratic-votes-abi";
import { type Address, parseEventLogs } from "viem";
import { formatDuration, formatMeshExact, formatTime } from "../lib/format.ts";
import { type TokenSpending, spendSteps } from "../lib/spend-steps.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

/** What locking needs; amounts are MESH wei, the spender is the votes contract. */
export interface LockInput extends TokenSpending {
  lockedBefore: bigint;
  /** Seconds after which new MESH counts: one to two of them. */
  voteAgeRamp: number;
  /** Seconds between a request to unlock and the withdrawal. */
  voteUnlockDelay: number;
}

/** Locks MESH for votes, with a permit in one transaction or with an approval. */
export function lockVotesPlan(input: LockInput): TransactionPlan {
  const { amount, wallet, spender, lockedBefore, voteAgeRamp, voteUnlockDelay } = input;
  const votes = { address: spender, abi: quadraticVotesAbi };
  return {
    title: "Lock MESH for votes",
    summary: `Exactly ${formatMeshExact(amount)} MESH move from your wallet into the voting lock, which then has ${formatMeshExact(lockedBefore + amount)} MESH.`,
    facts: [
      { label: "From", value: wallet },
      { label: "Amount", value: `${formatMeshExact(amount)} MESH` },
      { label: "Locked after", value: `${formatMeshExact(lockedBefore + amount)} MESH` },
      {
        label: "Counts after",
        value: `${formatDuration(voteAgeRamp)} to ${formatDuration(2 * voteAgeRamp)}, and a sync`,
      },
      { label: "Can leave", value: `${formatDuration(voteUnlockDelay)} after you ask for it` },
    ],
    warning: "Locked MESH earns nothing and does not vote in the token house.",
    steps: spendSteps(input, {
      label: "Lock",
      plain: { ...votes, functionName: "lock", args: [amount] },
      permitted: ({ deadline, v, r, s }) => {
        return { ...votes, functionName: "lockWithPermit", args: [amount, deadline, v, r, s] };
      },
    }),
    outcome: () => `${formatMeshExact(amount)} MESH are locked. Sync when they are old enough to count.`,
  };
}

/** MESH that leaves the lock; amounts are MESH wei. */
export interface UnlockInput {
  votes: Address;
  wallet: Address;
  amount: bigint;
  lockedBefore: bigint;
  /** What is unlocking already, and starts to wait anew. */
  unlocking: bigint;
  /** Seconds. */
  voteUnlockDelay: number;
}

/** Stops locked MESH from counting, so that it can be withdrawn later. */
export function requestVotesUnlockPlan(input: UnlockInput): TransactionPlan {
  const { votes, wallet, amount, lockedBefore, unlocking, voteUnlockDelay } = input;
  const again =
    unlocking > 0n ? ` The ${formatMeshExact(unlocking)} MESH that are unlocking already wait from now on, too.` : "";
  return {
    title: "Unlock MESH",
    summary: `${formatMeshExact(amount)} of ${formatMeshExact(lockedBefore)} locked MESH stop counting at once. They can be withdrawn ${formatDuration(voteUnlockDelay)} later.`,
    facts: [
      { label: "Wallet", value: wallet },
      { label: "Amount", value: `${formatMeshExact(amount)} MESH` },
      { label: "Locked after", value: `${formatMeshExact(lockedBefore - amount)} MESH` },
    ],
    warning: `Your units fall at once, and cannot be restored without locking anew.${again}`,
    steps: [
      callStep("Unlock", { address: votes, abi: quadraticVotesAbi, functionName: "requestUnlock", args: [amount] }),
    ],
    outcome(receipt) {
      const [log] = parseEventLogs({ abi: quadraticVotesAbi, eventName: "UnlockRequested", logs: receipt.logs });
      return log ? `It can be withdrawn from ${formatTime(log.args.maturesAt)} on.` : "It is unlocking.";
    },
  };
}

/** Pays out MESH that was unlocked and has matured. */
export function withdrawVotesPlan(votes: Address, wallet: Address, amount: bigint): TransactionPlan {
  return {
    title: "Withdraw unlocked MESH",
    summary: `${formatMeshExact(amount)} MESH return to your wallet.`,
    facts: [
      { label: "To", value: wallet },
      { label: "Amount", value: `${formatMeshExact(amount)} MESH` },
    ],
    steps: [callStep("Withdraw", { address: votes, abi: quadraticVotesAbi, functionName: "withdraw", args: [] })],
    outcome: () => `${formatMeshExact(amount)} MESH are back in your wallet.`,
  };
}
