import type { ReactNode } from "react";
import type { Address } from "viem";
import { acceptOwnerPlan } from "../flows/change-wallets.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useOfferedOperators } from "../hooks/use-operator.ts";
import { formatTime } from "../lib/format.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Notice } from "./notice.tsx";

/** Operators that were handed over to the wallet. */
export function OfferedOperators({
  wallet,
  onPlan,
}: {
  wallet: Address;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { seconds } = useChainTime();
  const offered = useOfferedOperators(wallet).data ?? [];
  const registry = config.contracts.NodeRegistry;
  return offered.map(({ identityId, readyAt }) => (
    <Notice
      key={identityId}
      action={
        seconds !== undefined &&
        readyAt <= seconds && (
          <button
            type="button"
            className="button button-small button-primary"
            onClick={() => onPlan(acceptOwnerPlan({ registry, identityId }))}
          >
            Accept
          </button>
        )
      }
    >
      Operator {identityId} was handed over to this wallet. It can accept from {formatTime(readyAt)} on.
    </Notice>
  ));
}
