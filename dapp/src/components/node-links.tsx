import { type ReactNode, useState } from "react";
import { Link } from "react-router";

/** Nodes shown before somebody asks for all of them. */
const FEW = 24;

/** A list of nodes as links, the first few at once. */
export function NodeLinks({ nodes, none }: { nodes: readonly number[]; none: string }): ReactNode {
  const [all, setAll] = useState(false);
  if (nodes.length === 0) return <p className="text-muted">{none}</p>;
  const shown = all ? nodes : nodes.slice(0, FEW);
  return (
    <ul className="flex flex-wrap items-center gap-x-3 gap-y-1">
      {shown.map((index) => (
        <li key={index}>
          <Link className="link" to={`/nodes/${index}`}>
            Node {index}
          </Link>
        </li>
      ))}
      {shown.length < nodes.length && (
        <li>
          <button type="button" className="button button-small" onClick={() => setAll(true)}>
            and {nodes.length - shown.length} more
          </button>
        </li>
      )}
    </ul>
  );
}
