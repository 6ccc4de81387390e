import type { ReactNode } from "react";
import { cancelUnbondPlan } from "../flows/cancel-unbond.ts";
import { withdrawPlan } from "../flows/withdraw-unbonded.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatMesh, formatRelative, LOCALE } from "../lib/format.ts";
import { isHeldBack } from "../lib/held-back.ts";
import type { OperatorAccount, UnbondingView } from "../lib/operator-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { unlockDays } from "../lib/unlock-days.ts";
import { CsvButton } from "./csv-button.tsx";
import { Panel } from "./panel.tsx";

/** When unbonding stake unlocks, day by day, with what can be done about it. */
export function UnlockCalendar({
  operator,
  onPlan,
  onOrder,
}: {
  operator: OperatorAccount;
  onPlan: (plan: TransactionPlan) => void;
  /** Set while the operator is quantum-locked: asks for an order of the root key instead. */
  onOrder: ((operation: "Withdraw", nodeIndex: number) => void) | undefined;
}): ReactNode {
  const unbondings = operator.nodes.flatMap((node) => node.unbondings);
  if (unbondings.length === 0) return null;
  const rows = () => unbondings.map((u) => [u.nodeIndex, u.id, u.amount, new Date(u.maturesAt * 1_000).toISOString()]);
  const total = unbondings.reduce((sum, { amount }) => sum + amount, 0n);
  return (
    <Panel
      title="Unlock calendar"
      hint={`${formatMesh(total)} MESH are unbonding; they stay slashable until they are withdrawn`}
      actions={
        <CsvButton file="pqmesh-unlocks.csv" header={["node", "unbonding", "amountWei", "unlocksAt"]} rows={rows} />
      }
    >
      <ol className="grid gap-4">
        {unlockDays(unbondings).map(({ day, date, unbondings: ofDay }) => (
          <li key={day} className="grid gap-2 sm:grid-cols-[4.5rem_1fr]">
            <div className="bg-well h-fit rounded-lg px-3 py-1.5 text-center max-sm:flex max-sm:gap-2">
              <p className="eyebrow">{date.toLocaleDateString(LOCALE, { month: "short" })}</p>
              <p className="text-xl leading-tight font-semibold max-sm:text-base">{date.getDate()}</p>
            </div>
            <ul className="grid gap-2">
              {ofDay.map((unbonding) => (
                <Unlock key={`${unbonding.nodeIndex}-${unbonding.id}`} {...{ unbonding, operator, onPlan, onOrder }} />
              ))}
            </ul>
          </li>
        ))}
      </ol>
    </Panel>
  );
}

function Unlock({
  unbonding,
  operator,
  onPlan,
  onOrder,
}: {
  unbonding: UnbondingView;
  operator: OperatorAccount;
  onPlan: (plan: TransactionPlan) => void;
  onOrder: ((operation: "Withdraw", nodeIndex: number) => void) | undefined;
}): ReactNode {
  const { config } = useNetwork();
  const { seconds = 0 } = useChainTime();
  const { nodeIndex, amount, maturesAt } = unbonding;
  const staking = config.contracts.NodeStaking;
  const node = operator.nodes.find((own) => own.nodeIndex === nodeIndex);
  const isMature = maturesAt <= seconds;
  const isHeld = isHeldBack(maturesAt, node?.withdrawableUntil ?? seconds, seconds);
  const withdraw = (): void => {
    const matured = (node?.unbondings ?? []).filter((one) => one.maturesAt <= seconds);
    const sum = matured.reduce((total, one) => total + one.amount, 0n);
    onPlan(withdrawPlan({ staking, nodeIndex, amount: sum, count: matured.length, beneficiary: operator.beneficiary }));
  };
  return (
    <li className="flex flex-wrap items-center justify-between gap-2" data-unbonding={unbonding.id}>
      <span className="min-w-0">
        <span className="font-medium">{formatMesh(amount)} MESH</span> of node {nodeIndex}
        <span className="text-muted block text-sm">
          {new Date(maturesAt * 1_000).toLocaleTimeString(LOCALE, { timeStyle: "short" })} ·{" "}
          {isHeld ? (
            <span className="text-warn">held back by a proposed slash</span>
          ) : isMature ? (
            "unlocked"
          ) : (
            formatRelative(maturesAt, seconds)
          )}
        </span>
      </span>
      <span className="flex gap-2">
        {isMature && !isHeld && (
          <button
            type="button"
            className="button button-small button-primary"
            onClick={() => (onOrder ? onOrder("Withdraw", nodeIndex) : withdraw())}
          >
            {onOrder ? "Order the withdrawal" : "Withdraw"}
          </button>
        )}
        {node && !node.exited && !onOrder && (
          <button
            type="button"
            className="button button-small"
            onClick={() => onPlan(cancelUnbondPlan(staking, unbonding))}
          >
            Cancel unbonding
          </button>
        )}
      </span>
    </li>
  );
}
