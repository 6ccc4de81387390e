import { type ReactNode, useState } from "react";
import { undelegatePlan } from "../flows/undelegate.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { undelegationProblem } from "../lib/delegation-rules.ts";
import { formatDuration, formatMesh } from "../lib/format.ts";
import { readMeshAmount } from "../lib/mesh-amount.ts";
import type { OwnDelegation } from "../lib/own-delegations.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { AmountField } from "./amount-field.tsx";

/** Asks how much to undelegate and says when it unlocks. */
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
  const { config } = useNetwork();
  const { seconds } = useChainTime();
  const [text, setText] = useState("");
  const reading = readMeshAmount(text);
  const found =
    "problem" in reading ? reading.problem : undelegationProblem(reading.wei, own.amount, own.unbondings.length);
  const problem = text === "" ? undefined : found;
  const isReady = text !== "" && problem === undefined && seconds !== undefined;
  const submit = (): void => {
    if ("problem" in reading || !isReady) return;
    const delegation = config.contracts.NodeDelegation;
    onPlan(undelegatePlan({ ...{ delegation, own, unbondingPeriod }, amount: reading.wei, now: Math.floor(seconds) }));
  };
  return (
    <form
      className="bg-well mt-3 grid gap-3 rounded-lg p-4"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <AmountField
        label="Undelegate"
        value={text}
        most={own.amount}
        mostLabel="Everything"
        problem={problem}
        hint={`Your delegation is worth ${formatMesh(own.amount)} MESH. What you undelegate now unlocks in ${formatDuration(unbondingPeriod)}.`}
        onChange={setText}
      />
      <div>
        <button type="submit" className="button" disabled={!isReady}>
          Preview undelegation
        </button>
      </div>
    </form>
  );
}
