import { type ReactNode, useState } from "react";
import type { Address } from "viem";
import { unbondPlan } from "../flows/unbond-node.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatDuration, formatMesh, formatTime } from "../lib/format.ts";
import { readMeshAmount } from "../lib/mesh-amount.ts";
import type { OwnNode } from "../lib/operator-view.ts";
import { unbondProblem } from "../lib/stake-rules.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { AmountField } from "./amount-field.tsx";

/** What the chain's parameters say about stake. */
export interface StakeTerms {
  /** MESH wei. */
  minimum: bigint;
  /** Seconds. */
  unbondingPeriod: number;
  maxUnbondings: number;
}

/** Asks how much to unbond and says when it unlocks. */
export function UnbondForm({
  node,
  terms,
  beneficiary,
  onPlan,
}: {
  node: OwnNode;
  terms: StakeTerms;
  beneficiary: Address;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { seconds } = useChainTime();
  const [text, setText] = useState("");
  const reading = readMeshAmount(text);
  const limits = { stake: node.stake, unbondings: node.unbondings.length, ...terms };
  const found = "problem" in reading ? reading.problem : unbondProblem(reading.wei, limits);
  const problem = text === "" ? undefined : found;
  const submit = (): void => {
    if ("problem" in reading || problem || seconds === undefined) return;
    onPlan(
      unbondPlan({
        staking: config.contracts.NodeStaking,
        nodeIndex: node.nodeIndex,
        amount: reading.wei,
        stakeBefore: node.stake,
        unbondingPeriod: terms.unbondingPeriod,
        now: Math.floor(seconds),
        beneficiary,
      }),
    );
  };
  const unlocks = seconds === undefined ? "" : ` (${formatTime(Math.floor(seconds) + terms.unbondingPeriod)})`;
  return (
    <form
      className="grid gap-3"
      onSubmit={(event) => {
        event.preventDefault();
        submit();
      }}
    >
      <AmountField
        label="Unbond"
        value={text}
        most={node.stake}
        mostLabel="Everything"
        problem={problem}
        hint={`${formatMesh(node.stake)} MESH are bonded. What you unbond now unlocks in ${formatDuration(terms.unbondingPeriod)}${unlocks}.`}
        onChange={setText}
      />
      <div>
        <button
          type="submit"
          className="button"
          disabled={text === "" || problem !== undefined || seconds === undefined}
        >
          Preview unbonding
        </button>
      </div>
    </form>
  );
}
