import type { ReactNode } from "react";
import { Link, useSearchParams } from "react-router";
import { useConnection } from "wagmi";
import { CsvButton } from "../components/csv-button.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { GovernTabs } from "../components/govern-tabs.tsx";
import { Pager } from "../components/pager.tsx";
import { Panel } from "../components/panel.tsx";
import { ProposalCard } from "../components/proposal-card.tsx";
import { QueryView } from "../components/query-view.tsx";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { useOwnBallots, useProposals } from "../hooks/use-governance-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { proposalState } from "../lib/proposal-state.ts";
import {
  filteredProposals,
  PROPOSAL_FILTERS,
  PROPOSALS_PER_PAGE,
  type ProposalFilter,
  proposalRow,
  PROPOSAL_HEADER,
  readFilter,
} from "../lib/proposal-list.ts";
import type { ProposalSummary } from "../lib/proposal-view.ts";
import { natural } from "../lib/report-listing.ts";

/** What the DAO decides, decided and declined. */
export function ProposalsPage(): ReactNode {
  usePageTitle("Proposals");
  const proposals = useProposals();
  return (
    <div className="grid gap-4">
      <GovernTabs title="Proposals">
        Every change of the network passes here: operators and voters decide by the root of what they have at stake,
        holders of MESH can reject.
      </GovernTabs>
      <QueryView query={proposals} height="20rem">
        {(found) => <Listed proposals={found} />}
      </QueryView>
    </div>
  );
}

function Listed({ proposals }: { proposals: readonly ProposalSummary[] }): ReactNode {
  const [params, setParams] = useSearchParams();
  const { address } = useConnection();
  const { seconds = 0 } = useChainTime();
  const ballots = new Map(useOwnBallots(address).data?.map((ballot) => [ballot.proposalId, ballot]));
  const filter = readFilter(params.get("show"));
  const fitting = filteredProposals(proposals, filter, { now: seconds, voted: new Set(ballots.keys()) });
  const pages = Math.max(1, Math.ceil(fitting.length / PROPOSALS_PER_PAGE));
  const page = Math.min(pages, Math.max(1, natural(params.get("page")) ?? 1));
  const show = (wanted: ProposalFilter): void => {
    setParams(wanted === "all" ? {} : { show: wanted }, { replace: true });
  };
  const turn = (to: number): void => {
    setParams({ ...(filter !== "all" && { show: filter }), page: String(to) }, { replace: true });
  };
  return (
    <Panel
      title={PROPOSAL_FILTERS[filter]}
      actions={
        <CsvButton
          file="pqmesh-proposals.csv"
          header={PROPOSAL_HEADER}
          rows={() => fitting.map((one) => proposalRow(one, proposalState(one.standing, seconds)))}
        />
      }
      flush
    >
      <search aria-label="Find proposals" className="flex flex-wrap justify-between gap-2 p-3 sm:px-4">
        <label>
          <span className="sr-only">Which proposals</span>
          <select className="field" value={filter} onChange={(event) => show(readFilter(event.target.value))}>
            {Object.entries(PROPOSAL_FILTERS).map(([option, words]) => (
              <option key={option} value={option}>
                {words}
              </option>
            ))}
          </select>
        </label>
        <Link className="button button-primary" to="/proposals/new">
          New proposal
        </Link>
      </search>
      {fitting.slice((page - 1) * PROPOSALS_PER_PAGE, page * PROPOSALS_PER_PAGE).map((proposal) => (
        <ProposalCard key={String(proposal.id)} proposal={proposal} ballot={ballots.get(proposal.id)} now={seconds} />
      ))}
      {fitting.length === 0 && (
        <EmptyState title={proposals.length === 0 ? "Nothing was proposed yet" : "No proposal fits"}>
          {proposals.length === 0
            ? "Whoever has enough votes and the bond can make the first proposal."
            : "Choose other proposals above."}
        </EmptyState>
      )}
      {pages > 1 && <Pager page={page} pages={pages} onPage={turn} />}
    </Panel>
  );
}
