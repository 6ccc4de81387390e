import { leaseDisputesAbi } from "@pqmesh/contracts/generated/lease-disputes-abi";
import type { Address, Hex } from "viem";
import { formatBp, formatDuration } from "../lib/format.ts";
import type { LeaseView } from "../lib/lease-view.ts";
import { permitBytes, spendSteps, type TokenSpending } from "../lib/spend-steps.ts";
import { formatTokenExact } from "../lib/token-amount.ts";
import { callStep, type ContractCall, type TransactionPlan } from "../lib/transaction-plan.ts";

/** What opening a dispute needs; the amount is the bond, the spender the contract of disputes. */
export interface OpenDisputeInput extends TokenSpending {
  lease: LeaseView;
  /** SHA-256 of what the client shows to the arbitrator. */
  evidence: Hex;
  /** Seconds. */
  period: number;
}

/** Opens a dispute about the epochs of a lease that are not settled. */
export function openDisputePlan(input: OpenDisputeInput): TransactionPlan {
  const { lease, amount, spender, evidence, period } = input;
  const { id, unit } = lease;
  const call = (permit: Hex): ContractCall => ({
    ...{ address: spender, abi: leaseDisputesAbi, functionName: "open" },
    args: [BigInt(id), evidence, amount, permit],
  });
  return {
    title: `Dispute lease ${id}`,
    summary: `You bond ${formatTokenExact(amount, unit)}. Settlement of lease ${id} is held for ${formatDuration(period)} at most, in which both sides can agree on a share, or the arbitrator decides.`,
    facts: [
      { label: "Bond", value: formatTokenExact(amount, unit) },
      { label: "SHA-256 of the evidence", value: evidence },
    ],
    warning:
      "Silence means that the objective settlement stands, and your bond goes to the provider. It returns when you agree, or when the arbitrator gives you a share.",
    steps: spendSteps(
      { ...input, unit },
      { label: "Open dispute", plain: call("0x"), permitted: (permit) => call(permitBytes(permit)) },
    ),
    outcome: () =>
      `The dispute of lease ${id} is open. Offer the provider a share, or show the arbitrator your evidence.`,
  };
}

/** Who acts in a dispute. */
export interface DisputeStep {
  disputes: Address;
  leaseId: number;
}

/** Offers the other side a share for the client. */
export function offerSharePlan({ disputes, leaseId }: DisputeStep, shareBp: number): TransactionPlan {
  const share = formatBp(shareBp, 2);
  return {
    title: `Offer in the dispute of lease ${leaseId}`,
    summary: `You offer that ${share} of what the provider earned before the dispute goes to the client. The other side can take it while the offer stands.`,
    facts: [{ label: "For the client", value: share }],
    steps: [disputeCall("Offer", disputes, "offerSettlement", [BigInt(leaseId), shareBp])],
    outcome: () => `The offer of ${share} stands until it is taken or replaced.`,
  };
}

/** Takes the share that the other side offered. */
export function takeSharePlan({ disputes, leaseId }: DisputeStep, shareBp: number): TransactionPlan {
  const share = formatBp(shareBp, 2);
  return {
    title: `Settle the dispute of lease ${leaseId}`,
    summary: `You agree: ${share} of what the provider earned before the dispute goes to the client, and the bond returns to the client.`,
    facts: [{ label: "For the client", value: share }],
    steps: [disputeCall("Agree", disputes, "acceptSettlement", [BigInt(leaseId), shareBp])],
    outcome: () => "The dispute is over: both sides agreed.",
  };
}

/** Gives a dispute up. */
export function withdrawDisputePlan({ disputes, leaseId }: DisputeStep): TransactionPlan {
  return {
    title: `Give up the dispute of lease ${leaseId}`,
    summary: "You give the dispute up: the objective settlement stands, and your bond goes to the provider.",
    facts: [],
    warning: "This cannot be undone.",
    steps: [disputeCall("Give up", disputes, "withdrawDispute", [BigInt(leaseId)])],
    outcome: () => "The dispute is over. The lease is settled as the committee reported it.",
  };
}

/** Decides a dispute as the arbitrator. */
export function rulePlan({ disputes, leaseId }: DisputeStep, shareBp: number): TransactionPlan {
  const share = formatBp(shareBp, 2);
  const bond = shareBp === 0 ? "the provider gets the bond" : "the bond returns to the client";
  return {
    title: `Decide the dispute of lease ${leaseId}`,
    summary: `As the arbitrator you decide that ${share} of what the provider earned before the dispute goes to the client; ${bond}.`,
    facts: [{ label: "For the client", value: share }],
    warning: "A decision is final.",
    steps: [disputeCall("Decide", disputes, "rule", [BigInt(leaseId), shareBp])],
    outcome: () => `The dispute is decided: ${share} for the client.`,
  };
}

/** Ends a dispute that nobody decided in time. */
export function expirePlan({ disputes, leaseId }: DisputeStep): TransactionPlan {
  return {
    title: `End the dispute of lease ${leaseId}`,
    summary: "Nobody decided in time: the objective settlement stands, and the bond goes to the provider.",
    facts: [{ label: "Who may do this", value: "anyone" }],
    steps: [disputeCall("End", disputes, "expire", [BigInt(leaseId)])],
    outcome: () => "The dispute is over. The lease can be settled.",
  };
}

function disputeCall(label: string, address: Address, functionName: string, args: readonly unknown[]) {
  return callStep(label, { address, abi: leaseDisputesAbi, functionName, args });
}
