import { type ReactNode, useState } from "react";
import { Link } from "react-router";
import type { Address } from "viem";
import { cancelUndelegationPlan } from "../flows/cancel-undelegation.ts";
import { claimPlan } from "../flows/claim-rewards.ts";
import { withdrawDelegationPlan } from "../flows/withdraw-delegation.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useClaimable } from "../hooks/use-delegation-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import type { ClaimableRewards } from "../lib/claimable-rewards.ts";
import { joinProblem } from "../lib/delegation-rules.ts";
import { formatMesh, formatRelative, formatTime } from "../lib/format.ts";
import { isHeldBack } from "../lib/held-back.ts";
import type { OwnDelegation, UndelegationView } from "../lib/own-delegations.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { CsvButton } from "./csv-button.tsx";
import { EmptyState } from "./empty-state.tsx";
import { Panel } from "./panel.tsx";
import { UndelegateForm } from "./undelegate-form.tsx";

/** What the connected wallet delegates and what of it is on its way back. */
export function OwnDelegationsPanel({
  wallet,
  delegations,
  unbondingPeriod,
  onPlan,
}: {
  wallet: Address;
  delegations: readonly OwnDelegation[];
  /** Seconds. */
  unbondingPeriod: number;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const claimable = useClaimable(delegations.map(({ nodeIndex }) => nodeIndex));
  const total = delegations.reduce((sum, { amount }) => sum + amount, 0n);
  const rows = () => delegations.map((own) => [own.nodeIndex, own.amount, own.shares, own.earned]);
  if (delegations.length === 0) {
    return (
      <Panel title="Your delegations">
        <EmptyState title="You delegate nothing yet">
          Choose a node below; you see everything before you sign.
        </EmptyState>
      </Panel>
    );
  }
  return (
    <Panel
      title="Your delegations"
      hint={`${formatMesh(total)} MESH in ${delegations.length} pool${delegations.length === 1 ? "" : "s"}`}
      actions={
        <CsvButton file="pqmesh-delegations.csv" header={["node", "worthWei", "shares", "earnedWei"]} rows={rows} />
      }
      flush
    >
      <div className="mt-2">
        {delegations.map((own) => (
          <DelegationCard
            key={`${own.nodeIndex}-${own.shares}`}
            {...{ own, wallet, unbondingPeriod, onPlan }}
            claim={claimable.data?.find(({ nodeIndex }) => nodeIndex === own.nodeIndex)}
          />
        ))}
      </div>
    </Panel>
  );
}

function DelegationCard({
  own,
  wallet,
  unbondingPeriod,
  claim,
  onPlan,
}: {
  own: OwnDelegation;
  wallet: Address;
  unbondingPeriod: number;
  claim: ClaimableRewards | undefined;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const [isOpen, setOpen] = useState(false);
  const { nodeIndex, amount, earned, shares, unbondings } = own;
  const rewards = config.contracts.NodeRewards;
  return (
    <article className="border-line border-t px-4 py-4 first:border-t-0 sm:px-5" data-own-delegation={nodeIndex}>
      <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
        <div className="min-w-0">
          <h3>
            <Link className="link font-semibold" to={`/nodes/${nodeIndex}`}>
              Node {nodeIndex}
            </Link>
          </h3>
          <p className="text-sm">
            <span className="font-medium" data-testid="delegated">
              {formatMesh(amount, 6)} MESH
            </span>{" "}
            <span className="text-muted">
              · {earned < 0n ? `${formatMesh(-earned, 6)} lost` : `${formatMesh(earned, 6)} earned`}
              {claim && claim.payable > 0n && ` · ${formatMesh(claim.payable, 4)} of the node wait to be claimed`}
            </span>
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          {claim && claim.payable > 0n && (
            <button
              type="button"
              className="button button-small"
              onClick={() => onPlan(claimPlan({ rewards, claims: [claim] }))}
            >
              Claim for the pool
            </button>
          )}
          {shares > 0n && (
            <button
              type="button"
              className="button button-small"
              aria-expanded={isOpen}
              onClick={() => setOpen(!isOpen)}
            >
              Undelegate
            </button>
          )}
        </div>
      </div>
      {isOpen && <UndelegateForm {...{ own, unbondingPeriod, onPlan }} />}
      {unbondings.length > 0 && (
        <ul className="mt-3 grid gap-2" aria-label={`Unbonding from node ${nodeIndex}`}>
          {unbondings.map((unbonding) => (
            <Undelegation key={unbonding.id} {...{ unbonding, own, wallet, onPlan }} />
          ))}
        </ul>
      )}
    </article>
  );
}

function Undelegation({
  unbonding,
  own,
  wallet,
  onPlan,
}: {
  unbonding: UndelegationView;
  own: OwnDelegation;
  wallet: Address;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { seconds = 0 } = useChainTime();
  const { nodeIndex, amount, maturesAt, id } = unbonding;
  const delegation = config.contracts.NodeDelegation;
  const isMature = maturesAt <= seconds;
  const isHeld = isHeldBack(maturesAt, own.withdrawableUntil, seconds);
  const matured = own.unbondings.filter((one) => one.maturesAt <= seconds);
  const { pardonableUntil } = own.pool;
  const refusal = joinProblem(own.pool);
  return (
    <li className="bg-well flex flex-wrap items-center justify-between gap-2 rounded-lg p-3" data-undelegation={id}>
      <span className="min-w-0">
        <span className="font-medium">{formatMesh(amount, 6)} MESH</span> unbonding
        <span className="text-muted block text-sm">
          {formatTime(maturesAt)} ·{" "}
          {isHeld ? (
            <span className="text-warn">held back by a proposed slash</span>
          ) : isMature ? (
            "unlocked"
          ) : (
            formatRelative(maturesAt, seconds)
          )}
        </span>
        {refusal && <span className="text-muted block text-sm">{refusal}</span>}
      </span>
      <span className="flex gap-2">
        {isMature && !isHeld && (
          <button
            type="button"
            className="button button-small button-primary"
            onClick={() => onPlan(withdrawDelegationPlan({ delegation, nodeIndex, wallet, matured, pardonableUntil }))}
          >
            Withdraw
          </button>
        )}
        <button
          type="button"
          className="button button-small"
          disabled={refusal !== undefined}
          onClick={() => onPlan(cancelUndelegationPlan(delegation, unbonding, own.pool))}
        >
          Delegate again
        </button>
      </span>
    </li>
  );
}
