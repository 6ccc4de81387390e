import type { ReactNode } from "react";
import { useSearchParams } from "react-router";
import { CsvButton } from "../components/csv-button.tsx";
import { EmptyState } from "../components/empty-state.tsx";
import { NodeFilters } from "../components/node-filters.tsx";
import { NodeTable } from "../components/node-table.tsx";
import { Notice } from "../components/notice.tsx";
import { Pager } from "../components/pager.tsx";
import { Panel } from "../components/panel.tsx";
import { useSource } from "../hooks/use-network-queries.ts";
import { usePageTitle } from "../hooks/use-page-title.ts";
import { type StandingNode, useStandings } from "../hooks/use-standings.ts";
import { CHAIN_NODE_LIMIT } from "../lib/chain-source.ts";
import { explainError } from "../lib/error-sentences.ts";
import { formatCount } from "../lib/format.ts";
import { listNodes, readListing } from "../lib/node-listing.ts";

const PER_PAGE = 25;
const CSV_HEADER = ["node", "operator", "owner", "status", "trustScoreBp", "stakeWei", "lastEpoch", "lastStatus"];

/** The table of all nodes. Search, filter, order and page are in the address, so that a view can be shared. */
export function NodesPage(): ReactNode {
  usePageTitle("Nodes");
  const { nodes, loading, error, retry } = useStandings();
  const source = useSource();
  const [params, setParams] = useSearchParams();
  const listing = readListing(params);
  const found = listNodes(nodes, listing);
  const pages = Math.max(1, Math.ceil(found.length / PER_PAGE));
  const page = Math.min(listing.page, pages);
  const change = (changes: Record<string, string>): void => {
    const next = new URLSearchParams(params);
    if (!("page" in changes)) next.delete("page");
    for (const [name, value] of Object.entries(changes)) {
      if (value) next.set(name, value);
      else next.delete(name);
    }
    setParams(next, { replace: true });
  };
  return (
    <div className="grid gap-4">
      <header className="flex flex-wrap items-end justify-between gap-3">
        <div>
          <h1>Nodes</h1>
          <p className="text-muted" role="status">
            {loading ? "Reading …" : `${formatCount(found.length)} of ${formatCount(nodes.length)} nodes`}
          </p>
        </div>
        <CsvButton file="pqmesh-nodes.csv" header={CSV_HEADER} rows={() => found.map(csvRow)} />
      </header>
      {source === "chain" && nodes.length >= CHAIN_NODE_LIMIT && (
        <Notice tone="warn">Without the indexer only the first {CHAIN_NODE_LIMIT} nodes are shown.</Notice>
      )}
      <Panel flush>
        <NodeFilters listing={listing} nodes={nodes} onChange={change} />
        {error && (
          <div className="p-4">
            <Notice
              tone="bad"
              action={
                <button type="button" className="button button-small" onClick={retry}>
                  Try again
                </button>
              }
            >
              {explainError(error).sentence}
            </Notice>
          </div>
        )}
        {loading && <div className="skeleton m-4 h-72" />}
        {!loading && !error && found.length === 0 && (
          <EmptyState title="No node fits">
            <button type="button" className="link" onClick={() => setParams({}, { replace: true })}>
              Clear search and filter
            </button>
          </EmptyState>
        )}
        {found.length > 0 && (
          <NodeTable
            nodes={found.slice((page - 1) * PER_PAGE, page * PER_PAGE)}
            listing={listing}
            onSort={(sort, descending) => change({ sort, order: descending ? "desc" : "asc" })}
          />
        )}
        {pages > 1 && <Pager page={page} pages={pages} onPage={(to) => change({ page: to > 1 ? String(to) : "" })} />}
      </Panel>
    </div>
  );
}

function csvRow(node: StandingNode): (string | number | bigint | undefined)[] {
  const { nodeIndex, identityId, owner, standing, trustScore, stake, last } = node;
  return [nodeIndex, identityId, owner, standing.standing, trustScore, stake, last?.epoch, last?.status];
}
