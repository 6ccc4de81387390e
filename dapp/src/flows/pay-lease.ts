import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import type { Address, Hex } from "viem";
import { formatCount } from "../lib/format.ts";
import type { LeaseView } from "../lib/lease-view.ts";
import { permitBytes, spendSteps, type TokenSpending } from "../lib/spend-steps.ts";
import { formatTokenExact } from "../lib/token-amount.ts";
import { callStep, type ContractCall, type TransactionPlan } from "../lib/transaction-plan.ts";

/** What paying in needs; the spender is the escrow. */
export interface TopUpInput extends TokenSpending {
  lease: LeaseView;
  /** A length of time in epochs, in words. */
  time: (epochs: number) => string;
}

/** Pays rent into a lease. Anyone may, for anyone. */
export function topUpPlan(input: TopUpInput): TransactionPlan {
  const { lease, amount, wallet, spender, time } = input;
  const { unit, rate, id } = lease;
  const epochs = Number(amount / rate);
  const call = (permit: Hex): ContractCall => {
    return { address: spender, abi: leaseEscrowAbi, functionName: "topUp", args: [BigInt(id), amount, permit] };
  };
  const isOwn = wallet.toLowerCase() === lease.client.toLowerCase();
  return {
    title: `Top up lease ${id}`,
    summary: `Exactly ${formatTokenExact(amount, unit)} move from your wallet into lease ${id}: rent for ${formatCount(epochs)} more epochs (${time(epochs)}).`,
    facts: [
      { label: "From", value: wallet },
      { label: "Rent", value: `${formatTokenExact(rate, unit)} an epoch` },
      { label: "In the lease before", value: formatTokenExact(lease.balance, unit) },
    ],
    ...(!isOwn && { warning: "You are not the client of this lease: what is not used returns to the client." }),
    steps: spendSteps(
      { ...input, unit },
      { label: "Top up", plain: call("0x"), permitted: (permit) => call(permitBytes(permit)) },
    ),
    outcome: () => `Lease ${id} is paid for ${time(epochs)} longer.`,
  };
}

/** Prolongs the agreed term of a lease; rent for it is paid in separately. */
export function extendPlan(escrow: Address, lease: LeaseView, epochs: number, words: string): TransactionPlan {
  const { id } = lease;
  return {
    title: `Extend lease ${id}`,
    summary: `The term of lease ${id} becomes ${formatCount(epochs)} epochs (${words}) longer. Nothing is paid now: top up before the runway ends.`,
    facts: [
      { label: "Ends before epoch", value: formatCount(lease.end + epochs) },
      { label: "Rent of the extension", value: formatTokenExact(lease.rate * BigInt(epochs), lease.unit) },
    ],
    steps: [
      callStep("Extend", {
        ...{ address: escrow, abi: leaseEscrowAbi, functionName: "extend", args: [BigInt(id), epochs] },
      }),
    ],
    outcome: () => `Lease ${id} now ends before epoch ${formatCount(lease.end + epochs)}.`,
  };
}
