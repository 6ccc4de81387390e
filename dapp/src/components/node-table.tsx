import type { ReactNode } from "react";
import { Link } from "react-router";
import { useChainTime } from "../hooks/use-chain-time.ts";
import { formatCount, formatLatency, formatMesh, formatRelative, shorten } from "../lib/format.ts";
import type { ListedNode, Listing, Sort } from "../lib/node-listing.ts";
import { SortHeader } from "./sort-header.tsx";
import { StandingBadge } from "./standing-badge.tsx";
import { TrustBar } from "./trust-bar.tsx";

const COLUMNS: { sort: Sort; title: string; className?: string }[] = [
  { sort: "node", title: "Node" },
  { sort: "status", title: "Status" },
  { sort: "trust", title: "Trust Score", className: "num" },
  { sort: "stake", title: "Stake, MESH", className: "num max-sm:hidden" },
  { sort: "operator", title: "Operator", className: "max-md:hidden" },
  { sort: "seen", title: "Heartbeat", className: "max-md:hidden" },
];

/** One page of the table of nodes. */
export function NodeTable({
  nodes,
  listing,
  onSort,
}: {
  nodes: readonly ListedNode[];
  listing: Listing;
  onSort: (sort: Sort, descending: boolean) => void;
}): ReactNode {
  const { seconds } = useChainTime();
  return (
    <div className="overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            {COLUMNS.map(({ sort, title, className = "" }) => {
              const isSorted = listing.sort === sort;
              const first = sort === "trust" || sort === "stake";
              return (
                <SortHeader
                  key={sort}
                  {...{ title, className }}
                  order={isSorted ? (listing.descending ? "descending" : "ascending") : undefined}
                  onSort={() => onSort(sort, isSorted ? !listing.descending : first)}
                />
              );
            })}
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <NodeRow key={node.nodeIndex} node={node} seconds={seconds} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function NodeRow({ node, seconds }: { node: ListedNode; seconds: number | undefined }): ReactNode {
  const { nodeIndex, standing, trustScore, stake, identityId, owner, presence, last } = node;
  const isHeard = presence !== undefined && presence.lastSeenMs > 0 && seconds !== undefined;
  return (
    <tr data-node={nodeIndex}>
      <td>
        <Link className="link font-semibold" to={`/nodes/${nodeIndex}`}>
          Node {formatCount(nodeIndex)}
        </Link>
      </td>
      <td>
        <StandingBadge standing={standing} />
        {last && last.status !== "Attested" && (
          <span className="text-muted block text-xs">
            {last.status.toLowerCase()} in epoch {formatCount(last.epoch)}
          </span>
        )}
      </td>
      <td className="num">
        <TrustBar bp={trustScore} />
      </td>
      <td className="num max-sm:hidden">{formatMesh(stake)}</td>
      <td className="max-md:hidden">
        <span className="font-medium">{identityId}</span>{" "}
        <span className="text-muted font-mono text-[0.9em]" title={owner}>
          {shorten(owner)}
        </span>
      </td>
      <td className="text-muted whitespace-nowrap max-md:hidden">
        {isHeard ? formatRelative(Math.min(seconds, presence.lastSeenMs / 1_000), seconds) : "–"}
        {isHeard && presence.latencyMicros ? ` · ${formatLatency(presence.latencyMicros)}` : ""}
      </td>
    </tr>
  );
}
