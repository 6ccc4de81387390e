import { type ReactNode, useState } from "react";
import { useSearchParams } from "react-router";
import { useConnection } from "wagmi";
import { ConnectDialog } from "../components/connect-dialog.tsx";
import { DisputeTabs } from "../components/dispute-tabs.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { NodeSlashList } from "../components/node-slash-list.tsx";
import { Pager } from "../components/pager.tsx";
import { Panel } from "../components/panel.tsx";
import { ProposeSlashForm } from "../components/propose-slash-form.tsx";
import { QueryView } from "../components/query-view.tsx";
import { SlashProposalCard } from "../components/slash-proposal-card.tsx";
import { TransactionDialog } from "../components/transaction-dialog.tsx";
import { useParameters } from "../hooks/use-network-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { useNodeSlashes, useSlashProposals } from "../hooks/use-slash-queries.ts";
import { formatDuration } from "../lib/format.ts";
import { type NetworkParameterTable, parameterValue } from "../lib/network-parameters.ts";
import { natural } from "../lib/report-listing.ts";
import type { TransactionPlan } from "../lib/transaction-plan.ts";

const PER_PAGE = 10;

/** Slashes of nodes, proposed and done. */
export function SlashesPage(): ReactNode {
  usePageTitle("Slashes");
  const { address } = useConnection();
  const parameters = useParameters();
  const [plan, setPlan] = useState<TransactionPlan>();
  const [finished, setFinished] = useState(0);
  return (
    <div className="grid gap-4">
      <DisputeTabs title="Slashes">
        What nodes lost, and who wants them to lose more. A proposal is disputed, vetoed or executed; what it takes is
        frozen first or paid when its time is over.
      </DisputeTabs>
      <Proposals onPlan={setPlan} />
      <Panel
        title="Propose a slash"
        hint={parameters.data ? processSentence(parameters.data) : "For what no contract can judge."}
      >
        {address ? (
          <QueryView query={parameters}>
            {(table) => <ProposeSlashForm key={finished} wallet={address} table={table} onPlan={setPlan} />}
          </QueryView>
        ) : (
          <EmptyState title="Connect a wallet that holds the bond">
            <ConnectDialog />
          </EmptyState>
        )}
      </Panel>
      <Slashes onPlan={setPlan} />
      <TransactionDialog
        plan={plan}
        onClose={() => setPlan(undefined)}
        onDone={() => setFinished((count) => count + 1)}
      />
    </div>
  );
}

function Proposals({ onPlan }: { onPlan: (plan: TransactionPlan) => void }): ReactNode {
  const { page, onPage } = usePageOf("proposals");
  const proposals = useSlashProposals({ skip: (page - 1) * PER_PAGE, count: PER_PAGE + 1 });
  return (
    <Panel title="Proposals" flush>
      <QueryView query={proposals} height="12rem">
        {(found) => (
          <>
            {found.slice(0, PER_PAGE).map((proposal) => (
              <SlashProposalCard key={proposal.id} {...{ proposal, onPlan }} />
            ))}
            {found.length === 0 && (
              <EmptyState title="No slash was ever proposed">Anyone can propose one, with a bond.</EmptyState>
            )}
            <MorePages {...{ page, onPage }} more={found.length > PER_PAGE} />
          </>
        )}
      </QueryView>
    </Panel>
  );
}

function Slashes({ onPlan }: { onPlan: (plan: TransactionPlan) => void }): ReactNode {
  const { page, onPage } = usePageOf("slashes");
  const slashes = useNodeSlashes({ skip: (page - 1) * PER_PAGE, count: PER_PAGE + 1 });
  return (
    <Panel title="Slashed nodes" flush>
      <QueryView query={slashes} height="12rem">
        {(found) => (
          <>
            <NodeSlashList slashes={found.slice(0, PER_PAGE)} onPlan={onPlan} />
            {found.length === 0 && <EmptyState title="No node was ever slashed" />}
            <MorePages {...{ page, onPage }} more={found.length > PER_PAGE} />
          </>
        )}
      </QueryView>
    </Panel>
  );
}

function MorePages({ page, more, onPage }: { page: number; more: boolean; onPage: (page: number) => void }): ReactNode {
  return page > 1 || more ? <Pager page={page} pages={{ more }} onPage={onPage} /> : null;
}

function usePageOf(name: string): { page: number; onPage: (page: number) => void } {
  const [params, setParams] = useSearchParams();
  const page = Math.max(1, natural(params.get(name)) ?? 1);
  const onPage = (to: number): void => {
    setParams({ ...Object.fromEntries(params), [name]: String(to) }, { replace: true });
  };
  return { page, onPage };
}

function processSentence(table: NetworkParameterTable): string {
  const time = (name: string): string => formatDuration(Number(parameterValue(table, name)));
  return `For what no contract can judge. It can be disputed for ${time("disputePeriod")}, then vetoed by the DAO for ${time("vetoPeriod")}, then executed by anyone.`;
}
