import { type ReactNode, useState } from "react";
import { useSearchParams } from "react-router";
import type { Address } from "viem";
import { useConnection } from "wagmi";
import { ConnectDialog } from "../components/connect-dialog.tsx";
import { DelegateForm, type DelegationTerms } from "../components/delegate-form.tsx";
import { DelegationTable } from "../components/delegation-table.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { EntryPauseNotice } from "../components/entry-pause-notice.tsx";
import { OwnDelegationsPanel } from "../components/own-delegations-panel.tsx";
import { Pager } from "../components/pager.tsx";
import { Panel } from "../components/panel.tsx";
import { QueryView } from "../components/query-view.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { useOwnDelegations, usePools, useRewardPace } from "../hooks/use-delegation-queries.ts";
import { useParameters } from "../hooks/use-network-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { useStandings } from "../hooks/use-standings.ts";
import { type DelegableNode, delegableNodes, DELEGATION_SORTS, sortDelegable } from "../lib/delegable-nodes.ts";
import { formatCount, formatDuration } from "../lib/format.ts";
import { type NetworkParameterTable, parameterValue } from "../lib/network-parameters.ts";
import { natural } from "../lib/report-listing.ts";
import type { RewardPace } from "../lib/reward-pace.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

const PER_PAGE = 12;

/** Where holders of MESH delegate to nodes. */
export function DelegatePage(): ReactNode {
  usePageTitle("Delegate");
  const { address } = useConnection();
  const parameters = useParameters();
  const [plan, setPlan] = useState<TransactionPlan>();
  const [finished, setFinished] = useState(0);
  return (
    <div className="grid gap-4">
      <header>
        <h1>Delegate</h1>
        <p className="text-muted">
          Your MESH adds to the weight of a node that you choose. You share what it earns, less its commission, and what
          it is slashed.
        </p>
      </header>
      <EntryPauseNotice area="Delegation" />
      <QueryView query={parameters} height="20rem">
        {(table) => (
          <>
            {address ? (
              <OwnDelegations key={address} wallet={address} terms={termsOf(table)} onPlan={setPlan} />
            ) : (
              <Panel>
                <EmptyState title="Connect a wallet to delegate">
                  <ConnectDialog />
                </EmptyState>
              </Panel>
            )}
            <NodeChoice wallet={address} terms={termsOf(table)} onPlan={setPlan} finished={finished} />
          </>
        )}
      </QueryView>
      <TransactionDialog
        plan={plan}
        onClose={() => setPlan(undefined)}
        onDone={() => setFinished((count) => count + 1)}
      />
    </div>
  );
}

interface PartProps {
  terms: DelegationTerms;
  onPlan: (plan: TransactionPlan) => void;
}

function OwnDelegations({ wallet, terms, onPlan }: PartProps & { wallet: Address }): ReactNode {
  const delegations = useOwnDelegations(wallet);
  return (
    <QueryView query={delegations}>
      {(own) => (
        <OwnDelegationsPanel {...{ wallet, onPlan }} delegations={own} unbondingPeriod={terms.unbondingPeriod} />
      )}
    </QueryView>
  );
}

function NodeChoice({
  wallet,
  terms,
  finished,
  onPlan,
}: PartProps & {
  wallet: Address | undefined;
  /** Transactions finished so far: what was typed is thrown away with each. */
  finished: number;
}): ReactNode {
  const [params, setParams] = useSearchParams();
  const { nodes } = useStandings();
  const pools = usePools();
  const pace = useRewardPace().data ?? undefined;
  const sort = DELEGATION_SORTS.find((known) => known === params.get("sort")) ?? "rate";
  const descending = (params.get("order") ?? "desc") === "desc";
  const chosen = natural(params.get("node"));
  const set = (changes: Record<string, string>): void => {
    setParams({ ...Object.fromEntries(params), ...changes }, { replace: true });
  };
  return (
    <Panel title="Nodes" hint={paceSentence(pace)} flush>
      <QueryView query={pools} height="20rem">
        {(known) => {
          const found = sortDelegable(delegableNodes(nodes, known, pace), sort, descending);
          const pages = Math.max(1, Math.ceil(found.length / PER_PAGE));
          const page = Math.min(Math.max(1, natural(params.get("page")) ?? 1), pages);
          const node = found.find(({ nodeIndex }) => nodeIndex === chosen);
          return (
            <>
              {node && wallet && (
                <div className="px-4 py-3 sm:px-5">
                  <DelegateForm key={`${node.nodeIndex}-${finished}`} {...{ node, wallet, terms, onPlan }} />
                </div>
              )}
              <NodesFound
                nodes={found.slice((page - 1) * PER_PAGE, page * PER_PAGE)}
                {...{ sort, descending, chosen }}
                set={set}
              />
              {pages > 1 && <Pager page={page} pages={pages} onPage={(to) => set({ page: String(to) })} />}
            </>
          );
        }}
      </QueryView>
    </Panel>
  );
}

function NodesFound({
  nodes,
  set,
  ...listing
}: {
  nodes: readonly DelegableNode[];
  sort: (typeof DELEGATION_SORTS)[number];
  descending: boolean;
  chosen: number | undefined;
  set: (changes: Record<string, string>) => void;
}): ReactNode {
  if (nodes.length === 0) {
    return <EmptyState title="No node takes delegations now">Nodes appear here once they are registered.</EmptyState>;
  }
  return (
    <DelegationTable
      {...{ nodes, ...listing }}
      onSort={(sort, descending) => set({ sort, order: descending ? "desc" : "asc", page: "1" })}
      onChoose={(node) => set({ node: String(node) })}
    />
  );
}

function termsOf(table: NetworkParameterTable): DelegationTerms {
  return {
    unbondingPeriod: Number(parameterValue(table, "unbondingPeriod")),
    maxSlashBp: Number(parameterValue(table, "slashProposedMaxBp")),
  };
}

function paceSentence(pace: RewardPace | undefined): string {
  if (!pace) return "Rewards per day are known once the first 256 epochs are paid.";
  const words = `${pace.words === 1 ? "word" : `${pace.words} words`} of 256 epochs`;
  return `Earns per day: what the chain paid per weight in the last ${words} (${formatDuration(pace.seconds)}, to epoch ${formatCount(pace.untilEpoch)}), times the share that the node attested, less its commission. Past figures promise nothing.`;
}
