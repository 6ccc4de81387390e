import type { ReactNode } from "react";
import { Link } from "react-router";
import type { DelegableNode, DelegationSort } from "../lib/delegable-nodes.ts";
import { formatBp, formatMesh, formatShare, formatTime } from "../lib/format.ts";
import { SortHeader } from "./sort-header.tsx";
import { StandingBadge } from "./standing-badge.tsx";

const COLUMNS: { sort: DelegationSort; title: string; className?: string }[] = [
  { sort: "node", title: "Node" },
  { sort: "rate", title: "Earns per day", className: "num" },
  { sort: "commission", title: "Commission", className: "num max-sm:hidden" },
  { sort: "pool", title: "Pool, MESH", className: "num max-sm:hidden" },
  { sort: "stake", title: "Own stake, MESH", className: "num max-md:hidden" },
  { sort: "trust", title: "Trust Score", className: "num max-md:hidden" },
];

/** Nodes that take delegations. */
export function DelegationTable({
  nodes,
  sort,
  descending,
  chosen,
  onSort,
  onChoose,
}: {
  nodes: readonly DelegableNode[];
  sort: DelegationSort;
  descending: boolean;
  chosen: number | undefined;
  onSort: (sort: DelegationSort, descending: boolean) => void;
  onChoose: (nodeIndex: number) => void;
}): ReactNode {
  return (
    <div className="overflow-x-auto">
      <table className="table">
        <thead>
          <tr>
            {COLUMNS.map(({ sort: by, title, className = "" }) => (
              <SortHeader
                key={by}
                {...{ title, className }}
                order={by === sort ? (descending ? "descending" : "ascending") : undefined}
                onSort={() => onSort(by, by === sort ? !descending : by !== "node" && by !== "commission")}
              />
            ))}
            <th>
              <span className="sr-only">Choose</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {nodes.map((node) => (
            <Row key={node.nodeIndex} {...{ node, onChoose }} isChosen={node.nodeIndex === chosen} />
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Row({
  node,
  isChosen,
  onChoose,
}: {
  node: DelegableNode;
  isChosen: boolean;
  onChoose: (nodeIndex: number) => void;
}): ReactNode {
  const { nodeIndex, standing, pool, stake, trustScore, perDay } = node;
  const { commission } = pool;
  const percent = formatBp(commission.bp, 2);
  return (
    <tr data-delegable={nodeIndex} className={isChosen ? "bg-accent-soft" : ""}>
      <td>
        <Link className="link font-semibold" to={`/nodes/${nodeIndex}`}>
          Node {nodeIndex}
        </Link>
        <span className="block">
          <StandingBadge standing={standing} />
        </span>
      </td>
      <td className="num">
        {perDay === undefined ? <span className="text-muted">not known yet</span> : formatShare(perDay)}
        <span className="text-muted block text-xs sm:hidden">{percent} commission</span>
      </td>
      <td className="num max-sm:hidden">
        {percent}
        {commission.raise && (
          <span className="text-warn block text-xs">
            {formatBp(commission.raise.bp, 2)} from {formatTime(commission.raise.at)}
          </span>
        )}
      </td>
      <td className="num max-sm:hidden">{formatMesh(pool.assets)}</td>
      <td className="num max-md:hidden">{formatMesh(stake)}</td>
      <td className="num max-md:hidden">{trustScore === undefined ? "–" : formatBp(trustScore)}</td>
      <td className="text-right">
        <button
          type="button"
          className="button button-small"
          aria-pressed={isChosen}
          aria-label={`Choose node ${nodeIndex}`}
          onClick={() => onChoose(nodeIndex)}
        >
          {isChosen ? "Chosen" : "Choose"}
        </button>
      </td>
    </tr>
  );
}
