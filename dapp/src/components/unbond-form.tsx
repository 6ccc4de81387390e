import type { ReactNode } from "react";
import type { Address } from "viem";
import { unbondPlan } from "../flows/unbond-node.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatMesh } from "../lib/format.ts";
import type { OwnNode } from "../lib/operator-view.ts";
import { unbondProblem } from "../lib/stake-rules.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { UnbondingForm } from "./unbonding-form.tsx";

/** What the chain's parameters say about stake. */
export interface StakeTerms {
  /** MESH wei. */
  minimum: bigint;
  /** Seconds. */
  unbondingPeriod: number;
  maxUnbondings: number;
}

/** Asks how much to unbond. */
export function UnbondForm({
  node: { nodeIndex, stake, unbondings },
  terms,
  beneficiary,
  onPlan,
}: {
  node: OwnNode;
  terms: StakeTerms;
  beneficiary: Address;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { NodeStaking: staking } = useNetwork().config.contracts;
  const { unbondingPeriod } = terms;
  return (
    <UnbondingForm
      label="Unbond"
      button="Preview unbonding"
      holds={`${formatMesh(stake)} MESH are bonded.`}
      most={stake}
      period={unbondingPeriod}
      problemOf={(amount) => unbondProblem(amount, { stake, unbondings: unbondings.length, ...terms })}
      onSubmit={(amount, now) =>
        onPlan(unbondPlan({ staking, nodeIndex, amount, stakeBefore: stake, unbondingPeriod, now, beneficiary }))
      }
    />
  );
}
