import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import type { Address } from "viem";
import { exitNodePlan } from "../flows/exit-node.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { StandingNode } from "../hooks/use-standings.ts";
import { formatMesh } from "../lib/format.ts";
import type { OperatorAccount, OwnNode, WalletBalances } from "../lib/operator-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { CertificateBarNotice } from "./certificate-bar-notice.tsx";
import { StakeForm } from "./stake-form.tsx";
import { StandingBadge } from "./standing-badge.tsx";
import { type StakeTerms, UnbondForm } from "./unbond-form.tsx";

type Task = "stake" | "unbond";

/** A node of the connected operator and what can be done with it. */
export function OwnNodeCard({
  node,
  seen,
  operator,
  wallet,
  balances,
  terms,
  onPlan,
  onOrder,
}: {
  node: OwnNode;
  /** The node as everybody sees it; undefined until it is read. */
  seen: StandingNode | undefined;
  operator: OperatorAccount;
  wallet: Address;
  balances: WalletBalances;
  terms: StakeTerms;
  onPlan: (plan: TransactionPlan) => void;
  /** Set while the operator is quantum-locked: asks for an order of the root key instead. */
  onOrder: ((operation: "Unbond" | "ExitNode") => void) | undefined;
}): ReactNode {
  const { config } = useNetwork();
  const needsStake = !node.exited && node.stake < terms.minimum;
  const [task, setTask] = useState<Task | undefined>(needsStake ? "stake" : undefined);
  const shown = onOrder && task === "unbond" ? undefined : task;
  const choose = (next: Task): void => setTask(task === next ? undefined : next);
  const unbonding = node.unbondings.reduce((sum, { amount }) => sum + amount, 0n);
  return (
    <article className="border-line border-t px-4 py-4 first:border-t-0 sm:px-5" data-own-node={node.nodeIndex}>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h3 className="flex flex-wrap items-center gap-x-3">
            <Link className="link font-semibold" to={`/nodes/${node.nodeIndex}`}>
              Node {node.nodeIndex}
            </Link>
            {seen && <StandingBadge standing={seen.standing} />}
          </h3>
          <p className="text-sm">
            <span className="font-medium" data-testid="bonded">
              {formatMesh(node.stake)} MESH
            </span>{" "}
            bonded
            {unbonding > 0n && <span className="text-muted"> · {formatMesh(unbonding)} unbonding</span>}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {!node.exited && (
            <TaskButton current={task} task="stake" onChoose={choose}>
              {needsStake ? "Stake" : "Top up"}
            </TaskButton>
          )}
          {node.stake > 0n && onOrder && (
            <button type="button" className="button button-small" onClick={() => onOrder("Unbond")}>
              Order an unbonding
            </button>
          )}
          {node.stake > 0n && !onOrder && (
            <TaskButton current={task} task="unbond" onChoose={choose}>
              Unbond
            </TaskButton>
          )}
          {!node.exited && (
            <button
              type="button"
              className="button button-small button-danger"
              onClick={() =>
                onOrder ? onOrder("ExitNode") : onPlan(exitNodePlan(config.contracts.NodeRegistry, node))
              }
            >
              {onOrder ? "Order the exit" : "Exit"}
            </button>
          )}
        </div>
      </div>
      <div className="mt-3 empty:hidden">{seen && <CertificateBarNotice node={seen} />}</div>
      {shown && (
        <div className="bg-well mt-3 rounded-lg p-4">
          {shown === "stake" ? (
            <StakeForm {...{ node, wallet, balances, onPlan }} minimum={terms.minimum} />
          ) : (
            <UnbondForm {...{ node, terms, onPlan }} beneficiary={operator.beneficiary} />
          )}
        </div>
      )}
    </article>
  );
}

function TaskButton({
  current,
  task,
  onChoose,
  children,
}: {
  current: Task | undefined;
  task: Task;
  onChoose: (task: Task) => void;
  children: ReactNode;
}): ReactNode {
  return (
    <button
      type="button"
      className="button button-small"
      aria-expanded={current === task}
      onClick={() => onChoose(task)}
    >
      {children}
    </button>
  );
}
