import { leaseDisputesAbi } from "@pqmesh/contracts/generated/lease-disputes-abi";
import { leaseEscrowAbi } from "@pqmesh/contracts/generated/lease-escrow-abi";
import type { Address } from "viem";
import type { ChainAccess } from "../lib/chain-source.ts";
import { formatTokenExact } from "../lib/token-amount.ts";
import type { TokenCredit } from "../lib/token-credits.ts";
import { callStep, type TransactionPlan } from "../lib/transaction-plan.ts";

const HOLDERS = {
  LeaseEscrow: { words: "the escrow of leases", abi: leaseEscrowAbi },
  LeaseDisputes: { words: "the contract of lease disputes", abi: leaseDisputesAbi },
} as const;

/** Whose credit it is. */
export interface CreditOwner {
  account: Address;
  /** In words. */
  owner: "your wallet" | "your payout address";
}

/** Pays an account what a contract of the marketplace holds for it. */
export function withdrawTokenPlan(
  { config }: Pick<ChainAccess, "config">,
  { account, owner }: CreditOwner,
  { holder, unit, amount }: TokenCredit,
): TransactionPlan {
  const { words, abi } = HOLDERS[holder];
  const sum = formatTokenExact(amount, unit);
  return {
    title: `Withdraw ${unit.symbol}`,
    summary: `${sum} that ${words} holds are paid to ${owner}.`,
    facts: [
      { label: "To", value: account },
      { label: "Amount", value: sum },
    ],
    steps: [
      callStep("Withdraw", {
        ...{ address: config.contracts[holder], abi, functionName: "withdraw", args: [unit.address, account] },
      }),
    ],
    outcome: () => `${sum} were paid to ${owner}.`,
  };
}
