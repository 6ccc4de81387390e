import type { ReactNode } from "react";
import type { Address } from "viem";
import { type CreditOwner, withdrawTokenPlan } from "../flows/withdraw-credit.ts";
import { useCredits } from "../hooks/use-market-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatTokenExact } from "../lib/token-amount.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Notice } from "./notice.tsx";

const HOLDERS = { LeaseEscrow: "The escrow of leases", LeaseDisputes: "The contract of disputes" } as const;

/** Says what escrow and disputes hold for a wallet, and offers to take it. */
export function TokenCredits({
  wallet,
  owner = "your wallet",
  onPlan,
}: {
  wallet: Address;
  /** Whose account it is, in words. */
  owner?: CreditOwner["owner"];
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const credits = useCredits(wallet).data ?? [];
  return (
    <div className="grid gap-2 empty:hidden">
      {credits.map((credit) => (
        <Notice
          key={`${credit.holder}-${credit.unit.address}`}
          action={
            <button
              type="button"
              className="button button-small button-primary"
              onClick={() => onPlan(withdrawTokenPlan({ config }, { account: wallet, owner }, credit))}
            >
              Withdraw
            </button>
          }
        >
          <span data-testid="token-credit">
            {HOLDERS[credit.holder]} holds {formatTokenExact(credit.amount, credit.unit)} for {owner}.
          </span>
        </Notice>
      ))}
    </div>
  );
}
