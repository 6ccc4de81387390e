import { type ReactNode, useState } from "react";
import { commissionPlan } from "../flows/set-commission.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNodePools } from "../hooks/use-delegation-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { formatBp, formatDuration, formatMesh, formatRelative, formatTime } from "../lib/format.ts";
import { type NetworkParameterTable, parameterValue } from "../lib/network-parameters.ts";
import type { OwnNode } from "../lib/operator-view.ts";
import type { PoolView } from "../lib/pool-view.ts";
import { readBp } from "../lib/proposal-draft.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Field } from "./field.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

/** What the operator keeps of its delegators' earnings, node by node. */
export function CommissionPanel({
  nodes,
  table,
  onPlan,
}: {
  nodes: readonly OwnNode[];
  table: NetworkParameterTable;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const pools = useNodePools(nodes.filter(({ exited }) => !exited).map(({ nodeIndex }) => nodeIndex));
  const raiseDelay = Number(parameterValue(table, "commissionRaiseDelay"));
  const maxBp = Number(parameterValue(table, "maxCommissionBp"));
  return (
    <Panel
      title="Commission"
      hint={`What you keep of your delegators' earnings, at most ${formatBp(maxBp, 2)}. A cut holds at once, a raise ${formatDuration(raiseDelay)} later, so that they can leave before.`}
    >
      <QueryView query={pools}>
        {(found) => (
          <ul className="grid gap-3">
            {found.map((pool) => (
              <NodeCommission
                key={`${pool.nodeIndex}-${pool.commission.bp}-${pool.commission.raise?.at ?? 0}`}
                {...{ pool, raiseDelay, maxBp, onPlan }}
              />
            ))}
          </ul>
        )}
      </QueryView>
    </Panel>
  );
}

function NodeCommission({
  pool,
  raiseDelay,
  maxBp,
  onPlan,
}: {
  pool: Omit<PoolView, "earned">;
  raiseDelay: number;
  maxBp: number;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { seconds } = useChainTime();
  const [text, setText] = useState("");
  const { nodeIndex, commission, assets } = pool;
  const bp = readBp(text);
  const problem = text === "" ? undefined : commissionProblem(bp, maxBp, commission.bp);
  const submit = (): void => {
    if (bp === undefined || problem || seconds === undefined) return;
    const delegation = config.contracts.NodeDelegation;
    onPlan(
      commissionPlan({ ...{ delegation, nodeIndex, bp, raiseDelay }, before: commission, now: Math.floor(seconds) }),
    );
  };
  return (
    <li className="bg-well grid items-start gap-3 rounded-lg p-3 sm:grid-cols-2" data-commission-of={nodeIndex}>
      <p>
        <span className="font-medium">Node {nodeIndex}</span> · {formatBp(commission.bp, 2)}
        <span className="text-muted block text-sm">{formatMesh(assets)} MESH delegated</span>
        {commission.raise && (
          <span className="text-warn block text-sm">
            {formatBp(commission.raise.bp, 2)} from {formatTime(commission.raise.at)}
            {seconds !== undefined && ` (${formatRelative(commission.raise.at, seconds)})`}
          </span>
        )}
      </p>
      <form
        className="grid gap-2"
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <Field label={`New commission of node ${nodeIndex}, %`} problem={problem}>
          {(props) => (
            <div className="flex gap-2">
              <input
                {...props}
                className="field"
                inputMode="decimal"
                autoComplete="off"
                placeholder={String(commission.bp / 100)}
                value={text}
                onChange={(event) => setText(event.target.value)}
              />
              <button type="submit" className="button" disabled={text === "" || problem !== undefined}>
                Preview
              </button>
            </div>
          )}
        </Field>
      </form>
    </li>
  );
}

function commissionProblem(bp: number | undefined, maxBp: number, now: number): string | undefined {
  if (bp === undefined) return "Enter a percentage with at most two decimals, for example 5 or 2.5.";
  if (bp > maxBp) return `At most ${formatBp(maxBp, 2)} are allowed.`;
  return bp === now ? "This is the commission already." : undefined;
}
