import { type ReactNode, useState } from "react";
import { useConnection } from "wagmi";
import { withdrawCreditPlan } from "../flows/withdraw-bond-credit.ts";
import { useBondCredit } from "../hooks/use-dispute-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatEther } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Notice } from "./notice.tsx";
import { TransactionDialog } from "./transaction-dialog.tsx";

/** Says that challenges left wei for the connected wallet, and offers to take them. */
export function BondCredit(): ReactNode {
  const { config } = useNetwork();
  const { address } = useConnection();
  const credit = useBondCredit(address).data ?? 0n;
  const [plan, setPlan] = useState<TransactionPlan>();
  const take = (): void => {
    if (address) setPlan(withdrawCreditPlan(config.contracts.AttestationDisputes, address, credit));
  };
  return (
    <>
      {address && credit > 0n && (
        <Notice
          action={
            <button type="button" className="button button-small" onClick={take}>
              Withdraw
            </button>
          }
        >
          <span data-testid="bond-credit">Challenges left {formatEther(credit)} ETH for your wallet.</span>
        </Notice>
      )}
      <TransactionDialog plan={plan} onClose={() => setPlan(undefined)} />
    </>
  );
}
