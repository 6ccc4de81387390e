import type { ReactNode } from "react";
import { claimAndStakePlan, claimPlan } from "../flows/claim-rewards.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useClaimable, useRewardClaims } from "../hooks/use-delegation-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { type ClaimableRewards, payableFromEpoch } from "../lib/claimable-rewards.ts";
import { epochStart } from "../lib/epoch-schedule.ts";
import { formatCount, formatMesh, formatMeshShort, formatRelative } from "../lib/format.ts";
import type { OperatorAccount } from "../lib/operator-view.ts";
import { type RewardClaim, rewardDays } from "../lib/reward-history.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { Chart } from "./chart.tsx";
import { CsvButton } from "./csv-button.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";

/** What the operator's nodes earned: what can be claimed now, and what was claimed. */
export function RewardsPanel({
  operator,
  horizon,
  onPlan,
}: {
  operator: OperatorAccount;
  /** Finality horizon, seconds. */
  horizon: number;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const nodes = operator.nodes.map(({ nodeIndex }) => nodeIndex);
  const claimable = useClaimable(nodes);
  const history = useRewardClaims(nodes);
  const ready = (claimable.data ?? []).filter(({ payable }) => payable > 0n);
  const rewards = config.contracts.NodeRewards;
  return (
    <Panel
      title="Rewards"
      hint="Paid by words of 256 epochs, once they are beyond every dispute. Anyone may claim for you; it always goes to your payout address."
      actions={
        <CsvButton file="pqmesh-rewards.csv" header={CSV_HEADER} rows={() => (history.data ?? []).map(csvRow)} />
      }
    >
      <div className="grid gap-5">
        <QueryView query={claimable} height="6rem">
          {(claims) => (
            <div className="grid gap-3">
              <div className="flex flex-wrap items-center justify-between gap-3">
                <p>
                  <span className="text-2xl font-semibold tracking-tight" data-testid="claimable">
                    {formatMesh(
                      claims.reduce((sum, { payable }) => sum + payable, 0n),
                      6,
                    )}{" "}
                    MESH
                  </span>{" "}
                  <span className="text-muted">can be claimed now, delegators' part included</span>
                </p>
                <button
                  type="button"
                  className="button button-primary"
                  disabled={ready.length === 0}
                  onClick={() => onPlan(claimPlan({ rewards, claims: ready, beneficiary: operator.beneficiary }))}
                >
                  Claim all
                </button>
              </div>
              <ul className="grid gap-2">
                {claims.map((claim) => (
                  <NodeRewardLine key={claim.nodeIndex} {...{ claim, horizon, onPlan }} />
                ))}
              </ul>
            </div>
          )}
        </QueryView>
        <QueryView query={history} height="12rem">
          {(claims) => <History claims={claims} />}
        </QueryView>
      </div>
    </Panel>
  );
}

function NodeRewardLine({
  claim,
  horizon,
  onPlan,
}: {
  claim: ClaimableRewards;
  horizon: number;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { seconds } = useChainTime(5_000);
  const { nodeIndex, payable, returned, untilWord } = claim;
  const nextAt = epochStart(config.epoch, payableFromEpoch(untilWord, horizon, config.epoch.lengthSeconds));
  return (
    <li
      className="bg-well flex flex-wrap items-center justify-between gap-2 rounded-lg p-3"
      data-rewards-of={nodeIndex}
    >
      <span className="min-w-0">
        <span className="font-medium">Node {nodeIndex}</span> · {formatMesh(payable, 6)} MESH
        <span className="text-muted block text-sm">
          {returned > 0n && `${formatMesh(returned, 4)} not earned and returned · `}
          {seconds !== undefined && nextAt > seconds
            ? `word ${formatCount(untilWord)} can be claimed ${formatRelative(nextAt, seconds)}`
            : `claimed up to word ${formatCount(claim.fromWord)}`}
        </span>
      </span>
      {payable > 0n && (
        <button
          type="button"
          className="button button-small"
          onClick={() => onPlan(claimAndStakePlan(config.contracts.NodeRewards, claim))}
        >
          Claim and stake
        </button>
      )}
    </li>
  );
}

function History({ claims }: { claims: readonly RewardClaim[] }): ReactNode {
  if (claims.length === 0)
    return <p className="text-muted text-sm">Nothing was claimed yet; the history begins then.</p>;
  const days = rewardDays(claims);
  const mesh = (wei: bigint): number => Number(wei) / 1e18;
  const total = claims.reduce((sum, { toOperator }) => sum + toOperator, 0n);
  return (
    <Chart
      label={`Rewards by day, ${days.length} day${days.length === 1 ? "" : "s"}: ${formatMeshShort(total)} MESH went to the operator.`}
      times={days.map(({ noon }) => noon)}
      series={[
        {
          name: "into pools of delegators",
          color: "--warn-fill",
          values: days.map(({ toOperator, toPool }) => mesh(toOperator + toPool)),
          kind: "bars",
        },
        { name: "to you", color: "--ok-fill", values: days.map(({ toOperator }) => mesh(toOperator)), kind: "bars" },
      ]}
    />
  );
}

const CSV_HEADER = [
  "unixSeconds",
  "node",
  "toOperatorWei",
  "toPoolWei",
  "returnedWei",
  "fromWord",
  "untilWord",
  "staked",
  "transaction",
];

function csvRow(claim: RewardClaim): (string | number | bigint)[] {
  const { timestamp, nodeIndex, toOperator, toPool, returned, fromWord, untilWord, isStaked, transaction } = claim;
  return [timestamp, nodeIndex, toOperator, toPool, returned, fromWord, untilWord, String(isStaked), transaction];
}
