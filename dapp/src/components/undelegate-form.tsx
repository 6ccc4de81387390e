import type { ReactNode } from "react";
import { undelegatePlan } from "../flows/undelegate.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { undelegationProblem } from "../lib/delegation-rules.ts";
import { formatMesh } from "../lib/format.ts";
import type { OwnDelegation } from "../lib/own-delegations.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { UnbondingForm } from "./unbonding-form.tsx";

/** Asks how much to undelegate. */
export function UndelegateForm({
  own,
  unbondingPeriod,
  onPlan,
}: {
  own: OwnDelegation;
  /** Seconds. */
  unbondingPeriod: number;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { NodeDelegation: delegation } = useNetwork().config.contracts;
  return (
    <div className="bg-well mt-3 rounded-lg p-4">
      <UnbondingForm
        label="Undelegate"
        button="Preview undelegation"
        holds={`Your delegation is worth ${formatMesh(own.amount)} MESH.`}
        most={own.amount}
        period={unbondingPeriod}
        problemOf={(amount) => undelegationProblem(amount, own.amount, own.unbondings.length)}
        onSubmit={(amount, now) => onPlan(undelegatePlan({ delegation, own, unbondingPeriod, amount, now }))}
      />
    </div>
  );
}
