import type { ReactNode } from "react";
import type { ListedNode, Listing } from "../lib/node-listing.ts";
import { STANDINGS } from "../lib/node-standing.ts";
import { Icon } from "./icon.tsx";
import { standingWord } from "./standing-badge.tsx";

/** Search and filter above the table of nodes. */
export function NodeFilters({
  listing,
  nodes,
  onChange,
}: {
  listing: Listing;
  nodes: readonly ListedNode[];
  onChange: (changes: Record<string, string>) => void;
}): ReactNode {
  const present = STANDINGS.filter(
    (standing) => standing === listing.status || nodes.some((node) => node.standing.standing === standing),
  );
  const count = (standing: string): number => nodes.filter((node) => node.standing.standing === standing).length;
  return (
    <div className="flex flex-wrap gap-2 p-3 sm:px-4">
      <label className="relative min-w-0 flex-1 basis-56">
        <span className="sr-only">Search nodes</span>
        <span className="text-muted pointer-events-none absolute top-1/2 left-3 -translate-y-1/2">
          <Icon name="search" size={16} />
        </span>
        <input
          type="search"
          className="field pl-9"
          placeholder="Node, operator, owner or DID"
          value={listing.search}
          onChange={(event) => onChange({ q: event.target.value })}
        />
      </label>
      <label className="flex-none max-sm:flex-1">
        <span className="sr-only">Filter by status</span>
        <select
          className="field w-full sm:w-auto"
          value={listing.status}
          onChange={(event) => onChange({ status: event.target.value === "all" ? "" : event.target.value })}
        >
          <option value="all">All statuses ({nodes.length})</option>
          {present.map((standing) => (
            <option key={standing} value={standing}>
              {standingWord(standing)} ({count(standing)})
            </option>
          ))}
        </select>
      </label>
    </div>
  );
}
