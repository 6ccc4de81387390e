import type { ReactNode } from "react";
import { unjailPlan } from "../flows/settle-node-slash.ts";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useNodePools } from "../hooks/use-delegation-queries.ts";
import { useNetwork } from "../hooks/use-network.ts";
import { useNodeSlashes, useSlashProposals } from "../hooks/use-slash-queries.ts";
import { formatRelative, formatTime } from "../lib/format.ts";
import { JAILED_FOR_EVER, type PoolView } from "../lib/pool-view.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";
import { NodeSlashList } from "./node-slash-list.tsx";
import { Panel } from "./panel.tsx";
import { QueryView } from "./query-view.tsx";
import { SlashProposalCard } from "./slash-proposal-card.tsx";

/** What the operator's nodes are accused of and punished for. */
export function SlashingPanel({
  nodes,
  onPlan,
}: {
  nodes: readonly number[];
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const proposals = useSlashProposals({ nodes, skip: 0, count: 10 });
  const slashes = useNodeSlashes({ nodes, skip: 0, count: 5 });
  const pools = useNodePools(nodes);
  const jailed = (pools.data ?? []).filter(({ jailedUntil }) => jailedUntil !== undefined);
  const isQuiet = proposals.data?.length === 0 && slashes.data?.length === 0 && jailed.length === 0;
  return (
    <Panel
      title="Slashing"
      hint="Proposals against your nodes, jail, and what was taken. Dispute in time what is wrong: silence lets it happen."
      flush
    >
      <div className="mt-2">
        {jailed.map((pool) => (
          <Jail key={pool.nodeIndex} {...{ pool, onPlan }} />
        ))}
        <QueryView query={proposals} height="4rem">
          {(found) => found.map((proposal) => <SlashProposalCard key={proposal.id} {...{ proposal, onPlan }} />)}
        </QueryView>
        <QueryView query={slashes} height="4rem">
          {(found) => <NodeSlashList slashes={found} onPlan={onPlan} />}
        </QueryView>
        {isQuiet && (
          <p className="text-muted px-4 pb-3 sm:px-5">
            Your nodes are neither accused nor jailed, and were never slashed.
          </p>
        )}
      </div>
    </Panel>
  );
}

function Jail({
  pool: { nodeIndex, jailedUntil = 0 },
  onPlan,
}: {
  pool: Omit<PoolView, "earned">;
  onPlan: (plan: TransactionPlan) => void;
}): ReactNode {
  const { config } = useNetwork();
  const { seconds } = useChainTime();
  const isBarred = jailedUntil >= JAILED_FOR_EVER;
  const isOver = seconds !== undefined && jailedUntil <= seconds;
  return (
    <div
      className="border-line flex flex-wrap items-center justify-between gap-2 border-b px-4 py-3 sm:px-5"
      data-jailed={nodeIndex}
    >
      <p>
        <span className="font-medium">Node {nodeIndex}</span>{" "}
        <span className="text-bad">
          {isBarred
            ? "is barred for ever"
            : isOver
              ? "has served its time"
              : `is jailed until ${formatTime(jailedUntil)}`}
        </span>
        {!isBarred && !isOver && seconds !== undefined && (
          <span className="text-muted"> ({formatRelative(jailedUntil, seconds)})</span>
        )}
      </p>
      {isOver && (
        <button
          type="button"
          className="button button-small button-primary"
          onClick={() => onPlan(unjailPlan(config.contracts.NodeSlashing, nodeIndex))}
        >
          Unjail
        </button>
      )}
    </div>
  );
}
