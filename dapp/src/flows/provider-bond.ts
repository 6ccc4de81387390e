import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import type { Address, Hex } from "viem";
import { permitBytes, spendSteps, type TokenSpending } from "../lib/spend-steps.ts";
import { formatTokenExact, type TokenUnit } from "../lib/token-amount.ts";
import { callStep, type ContractCall, type TransactionPlan } from "../lib/transaction-plan.ts";

/** Adds to the free bond of an operator; the spender is the escrow. */
export function depositBondPlan(input: TokenSpending & { identityId: number; unit: TokenUnit }): TransactionPlan {
  const { identityId, amount, unit, token, spender, wallet } = input;
  const call = (permit: Hex): ContractCall => ({
    ...{ address: spender, abi: leaseEscrowAbi, functionName: "depositBond" },
    args: [identityId, token, amount, permit],
  });
  return {
    title: "Deposit provider bond",
    summary: `Exactly ${formatTokenExact(amount, unit)} move from your wallet into the free bond of operator ${identityId}. Leases that you accept lock a part of it.`,
    facts: [
      { label: "From", value: wallet },
      { label: "Amount", value: formatTokenExact(amount, unit) },
    ],
    warning: "When a node breaches a lease, the bond of that lease goes to its client.",
    steps: spendSteps(input, {
      ...{ label: "Deposit", plain: call("0x") },
      permitted: (permit) => call(permitBytes(permit)),
    }),
    outcome: () => `${formatTokenExact(amount, unit)} were added to the free bond.`,
  };
}

/** Credits free bond to the operator's payout address. */
export function withdrawBondPlan(
  escrow: Address,
  {
    identityId,
    unit,
    amount,
    beneficiary,
  }: { identityId: number; unit: TokenUnit; amount: bigint; beneficiary: Address },
): TransactionPlan {
  return {
    title: "Withdraw provider bond",
    summary: `${formatTokenExact(amount, unit)} of the free bond are credited to your payout address, which withdraws them from the escrow.`,
    facts: [{ label: "Credited to", value: beneficiary }],
    steps: [
      callStep("Withdraw bond", {
        ...{ address: escrow, abi: leaseEscrowAbi, functionName: "withdrawBond" },
        args: [identityId, unit.address, amount],
      }),
    ],
    outcome: () => `${formatTokenExact(amount, unit)} are credited to the payout address.`,
  };
}
